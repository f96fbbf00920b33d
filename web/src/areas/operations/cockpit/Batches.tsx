import { Table } from 'antd';
import { useCall, useMay } from '../../../api/hooks';
import type { Batch } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { batchPath } from '../../../route/paths';
import { Answered, Empty } from '../../../ui/answers';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { Section } from '../parts/Section';
import { texts } from './texts';

/** The newest batches of rides, and how far each has come. */
export function Batches() {
  const t = useTexts(texts);
  const f = useFormat();
  const isAllowed = useMay('ops_batches');
  const query = useCall('ops_batches', { limit: 6 }, { refetchInterval: 5_000, enabled: isAllowed });
  if (!isAllowed) return null;
  return (
    <Section title={t('batches')}>
      <Answered
        query={query}
        isEmpty={({ batches }) => batches.length === 0}
        empty={<Empty text={t('batchesNone')} />}
      >
        {({ batches }) => (
          <Table<Batch>
            size="small"
            aria-label={t('batches')}
            rowKey="number"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={[...batches]}
            columns={[
              {
                title: t('batch'),
                render: (_, { number, block }) =>
                  block === undefined ? (
                    number
                  ) : (
                    <PathLink to={batchPath(`${portal().company}-${number}`)}>{number}</PathLink>
                  ),
              },
              { title: t('batchRides'), align: 'right', render: (_, { rides }) => f.count(rides) },
              { title: t('closed'), render: (_, { closed_at_ms }) => <Ago at={closed_at_ms} /> },
              { title: t('progress'), render: (_, batch) => <BatchState of={batch} /> },
            ]}
          />
        )}
      </Answered>
    </Section>
  );
}

function BatchState({ of }: { of: Batch }) {
  const t = useTexts(texts);
  if (of.refusal !== undefined) return <StateTag tone="bad" text={t('refused')} title={of.refusal} />;
  if (of.block === undefined) return <StateTag tone="busy" text={t('underWay')} />;
  return <StateTag tone="good" text={t('isFinal', { block: of.block })} />;
}
