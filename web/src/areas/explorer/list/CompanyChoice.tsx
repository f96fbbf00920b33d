import { useTexts } from '../../../i18n/useTexts';
import { Choice } from '../../../ui/Filters';
import { useNames } from '../detail/useNames';
import { texts } from '../texts';

/** A company, or all. */
export function CompanyChoice(props: {
  value: string | undefined;
  choose: (value: string | undefined) => void;
}) {
  const t = useTexts(texts);
  const { companies } = useNames();
  return (
    <Choice
      label={t('company')}
      value={props.value}
      choose={props.choose}
      options={companies.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
