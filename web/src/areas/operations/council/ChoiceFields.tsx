import { Input, Select } from 'antd';
import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { Row } from '../tariffs/Fields';
import { useCompanies } from '../tariffs/useCompanies';
import type { FieldOf, Trouble } from './choices';
import { proposeTexts } from './proposeTexts';

type Typed = Readonly<Record<string, string>>;

/** What a person fills in for what is proposed. Whatever is wrong is said where something was typed. */
export function ChoiceFields(props: {
  fields: readonly FieldOf[];
  typed: Typed;
  troubles: ReadonlyMap<string, Trouble>;
  type: (typed: Typed) => void;
}) {
  const t = useTexts(proposeTexts);
  const { fields, typed, troubles, type } = props;
  return fields.map((field) => {
    const { name } = field;
    const label = t(labelOf(name));
    const value = typed[name] ?? '';
    const trouble = value === '' ? undefined : troubles.get(name);
    return (
      <Row key={name} label={label} trouble={trouble === undefined ? undefined : t(trouble)}>
        <OneField
          field={field}
          label={label}
          value={value}
          put={(text) => type({ ...typed, [name]: text })}
        />
      </Row>
    );
  });
}

type LabelKey = Extract<
  Parameters<ReturnType<typeof useTexts<typeof proposeTexts.en>>>[0],
  `field_${string}`
>;

function labelOf(name: string): LabelKey {
  const key = `field_${name}`;
  return (Object.hasOwn(proposeTexts.en, key) ? key : 'field_note') as LabelKey;
}

interface FieldProps {
  readonly field: FieldOf;
  readonly label: string;
  readonly value: string;
  readonly put: (text: string) => void;
}

function OneField({ field, label, value, put }: FieldProps) {
  switch (field.kind) {
    case 'company':
      return <CompanyField label={label} value={value} put={put} />;
    case 'companyKind':
      return <KindField label={label} value={value} put={put} />;
    case 'accounts':
    case 'encoded':
    case 'note':
      return (
        <Input.TextArea
          aria-label={label}
          autoSize={{ minRows: field.kind === 'note' ? 2 : 4, maxRows: 12 }}
          maxLength={200_000}
          className={field.kind === 'note' ? '' : 'code'}
          value={value}
          onChange={({ target }) => put(target.value)}
        />
      );
    default:
      return (
        <Input
          aria-label={label}
          maxLength={200}
          inputMode={field.kind === 'yuan' ? 'decimal' : field.kind === 'count' ? 'numeric' : 'text'}
          value={value}
          onChange={({ target }) => put(target.value)}
        />
      );
  }
}

function CompanyField({ label, value, put }: Omit<FieldProps, 'field'>) {
  const { all } = useCompanies();
  return (
    <Select
      aria-label={label}
      showSearch={{ optionFilterProp: 'label' }}
      value={value === '' ? null : value}
      options={all.map(({ id, name }) => ({ value: String(id), label: `${name} (${id})` }))}
      onChange={(chosen: string) => put(chosen)}
    />
  );
}

function KindField({ label, value, put }: Omit<FieldProps, 'field'>) {
  const language = useLanguage();
  return (
    <Select
      aria-label={label}
      value={value === '' ? null : value}
      options={Object.entries(VOCABULARY['CompanyKind'] ?? {}).map(([kind, words]) => ({
        value: kind,
        label: words[language],
      }))}
      onChange={(chosen: string) => put(chosen)}
    />
  );
}
