import { AutoComplete, Input, Select } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Hash } from '../../../ui/links';
import { missingOf } from '../applications/admission';
import { openApplicationsQuery } from '../applications/queries';
import { Row } from '../tariffs/Fields';
import { useCompanies } from '../tariffs/useCompanies';
import { type FieldOf, reasonHash, type Trouble } from './choices';
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
    case 'admissible':
    case 'application':
      return (
        <ApplicationField label={label} value={value} put={put} admissible={field.kind === 'admissible'} />
      );
    case 'company':
      return <CompanyField label={label} value={value} put={put} />;
    case 'seat':
      return <SeatField label={label} value={value} put={put} />;
    case 'until':
      return <UntilField label={label} value={value} put={put} />;
    case 'reason':
      return <ReasonField label={label} value={value} put={put} />;
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
          inputMode={inputModes[field.kind] ?? 'text'}
          value={value}
          onChange={({ target }) => put(target.value)}
        />
      );
  }
}

const inputModes: Readonly<Partial<Record<FieldOf['kind'], 'decimal' | 'numeric'>>> = {
  count: 'numeric',
  yuan: 'decimal',
};

/** An application that is open, or the number of one that the index does not know yet. */
function ApplicationField(props: Omit<FieldProps, 'field'> & { admissible: boolean }) {
  const t = useTexts(proposeTexts);
  const { label, value, put, admissible } = props;
  const { data } = useAsk(openApplicationsQuery, {}, { refetchInterval: 15_000 });
  const open = data?.applications ?? [];
  const offered = admissible ? open.filter((application) => missingOf(application) === null) : open;
  const waiting = open.length - offered.length;
  return (
    <>
      <AutoComplete
        aria-label={label}
        style={{ width: '100%' }}
        value={value}
        options={offered.map(({ id, name }) => ({ value: id, label: `${name ?? ''} (${id})` }))}
        onChange={(typed: string) => put(typed)}
      />
      {data === undefined ? null : offered.length === 0 ? (
        <p className="o-note">{t(admissible ? 'noneAdmissible' : 'noneOpen')}</p>
      ) : null}
      {waiting === 0 ? null : <p className="o-note">{t('notYetAdmissible', { count: waiting })}</p>}
    </>
  );
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

function SeatField({ label, value, put }: Omit<FieldProps, 'field'>) {
  const t = useTexts(proposeTexts);
  return (
    <Select
      aria-label={label}
      value={value === '' ? null : value}
      options={[
        { value: 'yes', label: t('seatYes') },
        { value: 'no', label: t('seatNo') },
      ]}
      onChange={(chosen: string) => put(chosen)}
    />
  );
}

function UntilField({ label, value, put }: Omit<FieldProps, 'field'>) {
  const t = useTexts(proposeTexts);
  return (
    <>
      <Input
        type="datetime-local"
        aria-label={label}
        allowClear
        style={{ maxWidth: 260 }}
        value={value}
        onChange={({ target }) => put(target.value)}
      />
      <p className="o-note">{t('untilHint')}</p>
    </>
  );
}

/** A text that stays with who wrote it: its hash is shown, because that is what goes to the chain. */
function ReasonField({ label, value, put }: Omit<FieldProps, 'field'>) {
  const t = useTexts(proposeTexts);
  return (
    <>
      <Input.TextArea
        aria-label={label}
        autoSize={{ minRows: 4, maxRows: 16 }}
        maxLength={200_000}
        value={value}
        onChange={({ target }) => put(target.value)}
      />
      <p className="o-note">{t('reasonHint')}</p>
      {value.trim() === '' ? null : <Hash value={reasonHash(value)} />}
    </>
  );
}
