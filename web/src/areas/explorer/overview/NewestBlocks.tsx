import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { StateTag } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { Section } from '../detail/Section';
import { BlockLink, Count, Nothing } from '../detail/values';
import type { NewestQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { type ChainRow, type Followed, newestBlocks } from './chain';
import { texts } from './texts';

const most = 8;

/** The newest blocks, those that are not final yet among them. */
export function NewestBlocks(props: {
  view: Followed | undefined;
  newest: UseQueryResult<NewestQuery, Error>;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Section title={t('newestBlocks')} extra={<Link to="/explorer/blocks">{t('seeAll')}</Link>}>
      <Answered query={props.newest} rows={8}>
        {(answer) => (
          <Table<ChainRow>
            size="small"
            aria-label={t('newestBlocks')}
            rowKey="hash"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={[...newestBlocks(props.view, answer.blocks, most)]}
            columns={[
              { title: w('block'), render: (_, row) => <BlockLink number={row.number} /> },
              {
                title: w('time'),
                render: (_, row) => (row.time === null ? <Nothing /> : <Ago at={row.time} />),
              },
              {
                title: w('extrinsics'),
                align: 'right',
                responsive: ['sm'],
                render: (_, row) => <Count of={row.extrinsics} />,
              },
              { title: w('events'), align: 'right', render: (_, row) => <Count of={row.events} /> },
              {
                title: w('status'),
                render: (_, row) => (
                  <StateTag
                    tone={row.isFinal ? 'good' : 'busy'}
                    text={w(row.isFinal ? 'final' : 'notFinal')}
                  />
                ),
              },
            ]}
          />
        )}
      </Answered>
    </Section>
  );
}
