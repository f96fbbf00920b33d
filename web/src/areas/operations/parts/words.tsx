// Words of the chain's enumerations and permission bits, in the language of now.
import { Tag } from 'antd';
import { PERMISSIONS, VOCABULARY } from '../../../chain/calls/vocabulary';
import { useLanguage } from '../../../i18n/useTexts';

/** A value of an enumeration of the chain; its own name where there are no words. */
export function Word(props: {
  of: 'CompanyKind' | 'PaperKind' | 'VehicleClass' | 'VehicleStatus' | 'DriverStatus';
  is: string | null;
}) {
  const word = useWord();
  return <>{word(props.of, props.is)}</>;
}

/** The same as a text. */
export function useWord(): (of: string, is: string | null) => string {
  const language = useLanguage();
  return (of, is) => (is === null ? '' : (VOCABULARY[of]?.[is]?.[language] ?? is));
}

/** What a role may do. */
export function Permitted(props: { bits: number }) {
  const language = useLanguage();
  return (
    <span className="o-tags">
      {PERMISSIONS.map((words, bit) =>
        props.bits & (1 << bit) ? (
          <Tag key={words.en} variant="filled">
            {words[language]}
          </Tag>
        ) : null,
      )}
    </span>
  );
}
