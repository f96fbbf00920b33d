import type { ConstantOfChain, Metadata } from '../../../chain/metadata';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { useBlockMs } from '../council/useCouncil';
import { DataTable } from '../list/DataTable';
import { Section } from '../parts/Section';
import { fileOf, forever, type ToldName, told, type Unit } from './constants';
import { constantTexts } from './constantTexts';
import { texts } from './texts';

interface Row {
  readonly of: ToldName;
  readonly unit: Unit;
  readonly value: bigint;
  readonly file: string | undefined;
}

/** What the runtime was built with, as far as it is told in words. */
export function Constants({ metadata }: { metadata: Metadata }) {
  const t = useTexts(texts);
  const words = useTexts(constantTexts);
  const rows = rowsOf(metadata.constants());
  return (
    <Section title={t('built')}>
      <div className="o-stack o-tight">
        <p className="o-none">{t('builtLead')}</p>
        <DataTable<Row>
          size="small"
          aria-label={t('built')}
          rowKey="of"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={[...rows]}
          columns={[
            { title: t('parameter'), render: (_, { of }) => words(of) },
            { title: t('value'), render: (_, row) => <Value unit={row.unit} of={row.value} /> },
            {
              title: t('who'),
              render: (_, { of }) => (forever.has(of) ? t('never') : t('upgrade')),
            },
            {
              title: t('where'),
              render: (_, { file, of }) => (
                <span className="code o-note">
                  {file} · {of}
                </span>
              ),
              responsive: ['lg'],
            },
          ]}
        />
      </div>
    </Section>
  );
}

/** Those that this runtime has. */
function rowsOf(constants: readonly ConstantOfChain[]): readonly Row[] {
  return told.flatMap(({ of, unit }) => {
    const found = constants.find(({ pallet, name }) => `${pallet}.${name}` === of);
    const value = found?.value;
    if (found === undefined || (typeof value !== 'number' && typeof value !== 'bigint')) return [];
    return [{ of, unit, value: BigInt(value), file: fileOf(found.pallet) }];
  });
}

function Value({ unit, of }: { unit: Unit; of: bigint }) {
  const t = useTexts(texts);
  const f = useFormat();
  const blockMs = useBlockMs();
  switch (unit) {
    case 'money':
      return <Amount value={of} />;
    case 'milliseconds':
      return <span className="numbers">{t('ms', { count: f.count(of) })}</span>;
    case 'seconds':
      return <span className="numbers">{f.duration(Number(of) * 1000)}</span>;
    case 'blocks':
      return (
        <span className="numbers">
          {t('blocks', { count: f.count(of), time: f.duration(Number(of) * blockMs) })}
        </span>
      );
    default:
      return <span className="numbers">{f.count(of)}</span>;
  }
}
