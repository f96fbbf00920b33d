import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Ago } from '../../../ui/Time';
import { Section } from '../detail/Section';
import { BatchLink, CompanyLink, Count, Money } from '../detail/values';
import type { NewestQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { texts } from './texts';

type Row = NewestQuery['batches'][number];

/** The newest batches of rides that were settled. */
export function NewestBatches(props: { newest: UseQueryResult<NewestQuery, Error> }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Section title={t('newestBatches')} extra={<Link to="/explorer/batches">{t('seeAll')}</Link>}>
      <Answered
        query={props.newest}
        rows={8}
        isEmpty={(answer) => answer.batches.length === 0}
        empty={<Empty />}
      >
        {(answer) => (
          <Table<Row>
            size="small"
            aria-label={t('newestBatches')}
            rowKey="id"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={answer.batches}
            columns={[
              { title: w('batch'), render: (_, row) => <BatchLink id={row.id} /> },
              { title: w('company'), render: (_, row) => <CompanyLink id={row.companyId} /> },
              { title: w('time'), responsive: ['sm'], render: (_, row) => <Ago at={row.time} /> },
              { title: w('rides'), align: 'right', render: (_, row) => <Count of={row.rideCount} /> },
              { title: w('gross'), align: 'right', render: (_, row) => <Money units={row.gross} /> },
            ]}
          />
        )}
      </Answered>
    </Section>
  );
}
