import { Alert, Card, Table } from 'antd';
import { useEffect } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import { Fields } from '../detail/Decoded';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { AccountLink, Count, Hash, Named, Result, When } from '../detail/values';
import type { LiveNowQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { fieldsOf } from '../values/shown';
import { liveQuery } from './queries';
import { texts } from './texts';

type Found = LiveNowQuery['live']['blocks'][number];

/** A block that the index does not have: one that is not final yet, or none. */
export function LiveBlock(props: { id: string; newest: number | undefined; again: () => void }) {
  const t = useTexts(texts);
  const query = useAsk(liveQuery, {}, { refetchInterval: 2_000, staleTime: 0 });
  const { again } = props;
  const found = query.data?.live.blocks.find(
    (block) => block.hash === props.id || String(block.number) === props.id,
  );
  const isFound = found !== undefined;
  // What was not final and is not there any more became final, or was taken back: the index knows.
  useEffect(() => {
    if (query.data !== undefined && !isFound) again();
  }, [query.data, isFound, again]);
  return (
    <Answered query={query} rows={8}>
      {() =>
        found === undefined ? (
          <NotThere what={t('one', { number: props.id })} newest={props.newest} />
        ) : (
          <Unfinalised block={found} />
        )
      }
    </Answered>
  );
}

function Unfinalised({ block }: { block: Found }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const none = { accounts: new Set<string>() };
  return (
    <Page
      title={t('one', { number: f.count(block.number) })}
      tags={<StateTag tone="busy" text={w('notFinal')} />}
    >
      <Alert type="warning" showIcon title={t('live')} />
      <Card size="small">
        <Facts
          facts={[
            [w('time'), <When key="time" at={block.time} />],
            [w('hash'), <Hash key="hash" of={block.hash} whole />],
            [t('parent'), <Hash key="parent" of={block.parentHash} whole />],
            [t('slot'), block.slot === null ? null : <Count key="slot" of={block.slot} />],
            [t('spec'), block.spec],
          ]}
        />
      </Card>
      {block.leftOut === null ? null : <Alert type="info" title={t('leftOut', { why: block.leftOut })} />}
      <Section title={w('extrinsics')}>
        <Table
          size="small"
          aria-label={w('extrinsics')}
          rowKey="hash"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={block.extrinsics}
          columns={[
            { title: w('call'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
            { title: w('result'), render: (_, row) => <Result success={row.success} error={row.error} /> },
            { title: w('signer'), render: (_, row) => <AccountLink account={row.signer} /> },
            { title: w('hash'), render: (_, row) => <Hash of={row.hash} /> },
          ]}
        />
      </Section>
      <Section title={w('events')}>
        <Table
          size="small"
          aria-label={w('events')}
          rowKey={(row) => block.events.indexOf(row)}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          scroll={{ x: 'max-content' }}
          dataSource={block.events}
          columns={[
            { title: w('event'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
            {
              title: w('decoded'),
              render: (_, row) => (
                <Fields of={fieldsOf(row.fields, { pallet: row.pallet, ...none })} open={false} isTight />
              ),
            },
          ]}
        />
      </Section>
    </Page>
  );
}
