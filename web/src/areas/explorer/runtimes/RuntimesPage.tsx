import { Table } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Section } from '../detail/Section';
import { BlockLink, Hash } from '../detail/values';
import type { RuntimesQuery } from '../graphql/graphql';
import { runtimesQuery } from './queries';
import { texts } from './texts';

type Runtime = RuntimesQuery['runtimes'][number];

export function RuntimesPage() {
  const t = useTexts(texts);
  const query = useAsk(runtimesQuery, {}, { staleTime: 60_000 });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Answered query={query} rows={6}>
        {({ runtimes }) => {
          const newest = [...runtimes].sort((one, other) => other.spec - one.spec);
          return newest.map((runtime, at) => (
            <One key={runtime.spec} of={runtime} isNow={at === 0} isFirst={at === newest.length - 1} />
          ));
        }}
      </Answered>
    </Page>
  );
}

function One({ of, isNow, isFirst }: { of: Runtime; isNow: boolean; isFirst: boolean }) {
  const t = useTexts(texts);
  const f = useFormat();
  return (
    <Section
      title={t('version', { spec: of.spec })}
      extra={isNow ? <StateTag tone="good" text={t('now')} /> : undefined}
    >
      <div className="x-stack">
        <Facts
          facts={[
            [t('since'), <BlockLink key="since" number={of.firstBlock} />],
            [t('metadata'), f.bytes(of.bytes)],
            [t('metadataHash'), <Hash key="hash" of={of.hash} whole />],
          ]}
        />
        {isFirst ? <p className="x-quiet">{t('first')}</p> : <Changes of={of.changes} />}
      </div>
    </Section>
  );
}

type Change = Runtime['changes'][number];

const parts = [
  'pallet',
  'call',
  'event',
  'error',
  'storage',
  'constant',
  'view_function',
  'api',
  'extension',
  'extrinsic',
] as const;
const turns = ['added', 'removed', 'renamed', 'moved', 'retyped', 'revalued'] as const;

const tones: Readonly<Record<(typeof turns)[number], Tone>> = {
  added: 'good',
  removed: 'bad',
  renamed: 'busy',
  moved: 'busy',
  retyped: 'warn',
  revalued: 'warn',
};

function Changes({ of }: { of: readonly Change[] }) {
  const t = useTexts(texts);
  if (of.length === 0) return <p className="x-quiet">{t('nothing')}</p>;
  const part = (row: Change) => {
    const known = parts.find((name) => name === row.part);
    return known === undefined ? row.part : t(known);
  };
  const turn = (row: Change) => {
    const known = turns.find((name) => name === row.turn);
    return known === undefined ? row.turn : <StateTag tone={tones[known]} text={t(known)} />;
  };
  return (
    <Table
      size="small"
      aria-label={t('changes', { count: of.length })}
      rowKey={(row) => `${row.part} ${row.name} ${row.turn} ${row.was} ${row.now}`}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      columns={[
        { title: t('part'), render: (_, row) => part(row) },
        { title: t('name'), render: (_, row) => <span className="code">{row.name}</span> },
        { title: t('turn'), render: (_, row) => turn(row) },
        { title: t('was'), render: (_, row) => <Told text={row.was} />, responsive: ['md'] },
        { title: t('is'), render: (_, row) => <Told text={row.now} />, responsive: ['md'] },
      ]}
    />
  );
}

function Told({ text }: { text: string | null }) {
  return text === null ? null : <div className="code x-told">{text}</div>;
}
