import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Card, Table, Tabs, Tooltip } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import {
  AccountLink,
  BlockLink,
  Count,
  ExtrinsicLink,
  Hash,
  Money,
  Named,
  Nothing,
  Result,
  When,
} from '../detail/values';
import type { BlockQuery } from '../graphql/graphql';
import { useChange } from '../list/useTurn';
import { texts as words } from '../texts';
import { BlockEvents } from './BlockEvents';
import { BlockProves } from './BlockProves';
import { LiveBlock } from './LiveBlock';
import { blockQuery } from './queries';
import { texts } from './texts';

type Found = NonNullable<BlockQuery['block']>;

const route = getRouteApi('/explorer/blocks/$block');

export function BlockPage() {
  const { block: id } = route.useParams();
  const query = useAsk(blockQuery, { id }, { staleTime: 60_000 });
  return (
    <Answered query={query} rows={8}>
      {(answer) =>
        answer.block === null ? (
          <LiveBlock id={id} newest={answer._meta?.block?.number} again={() => void query.refetch()} />
        ) : (
          <FinalBlock block={answer.block} newest={answer._meta?.block?.number} />
        )
      }
    </Answered>
  );
}

function FinalBlock({ block, newest }: { block: Found; newest: number | undefined }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const { tab } = route.useSearch();
  const change = useChange();
  return (
    <Page
      title={t('one', { number: f.count(block.number) })}
      tags={<StateTag tone="good" text={w('final')} />}
      extra={<Neighbours number={block.number} newest={newest} />}
    >
      <Card size="small">
        <BlockFacts block={block} />
      </Card>
      <Card size="small">
        <Tabs
          activeKey={tab ?? 'extrinsics'}
          onChange={(key) => change({ tab: key === 'extrinsics' ? undefined : key })}
          items={[
            {
              key: 'extrinsics',
              label: `${w('extrinsics')} (${f.count(block.extrinsicCount)})`,
              children: <Extrinsics of={block} />,
            },
            {
              key: 'events',
              label: `${w('events')} (${f.count(block.eventCount)})`,
              children: <BlockEvents number={block.number} />,
            },
            { key: 'proves', label: t('proves'), children: <BlockProves number={block.number} /> },
          ]}
        />
      </Card>
    </Page>
  );
}

function Neighbours({ number, newest }: { number: number; newest: number | undefined }) {
  const t = useTexts(texts);
  const step = (to: number, label: string, icon: React.ReactNode, isThere: boolean) =>
    isThere ? (
      <Link to="/explorer/blocks/$block" params={{ block: String(to) }} aria-label={label} title={label}>
        <Button icon={icon} tabIndex={-1} />
      </Link>
    ) : (
      <Button icon={icon} disabled aria-label={label} />
    );
  return (
    <>
      {step(number - 1, t('previous'), <Icon of={LeftOutlined} />, number > 0)}
      {step(number + 1, t('next'), <Icon of={RightOutlined} />, newest === undefined || number <= newest)}
    </>
  );
}

function BlockFacts({ block }: { block: Found }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  return (
    <Facts
      facts={[
        [w('time'), <When key="time" at={block.time} />],
        [w('hash'), <Hash key="hash" of={block.hash} whole />],
        [t('parent'), block.number === 0 ? <Nothing key="p" /> : <Parent key="parent" block={block} />],
        [
          t('producer'),
          block.authority === null ? null : t('producerNumber', { number: f.count(block.authority) }),
        ],
        [t('slot'), block.slot === null ? null : <Count key="slot" of={block.slot} />],
        [
          t('spec'),
          <Link key="spec" to="/explorer/runtimes">
            {block.spec}
          </Link>,
        ],
        [t('bytes'), f.bytes(block.bytes)],
        [t('stateRoot'), <Hash key="state" of={block.stateRoot} whole />],
        [t('extrinsicsRoot'), <Hash key="extrinsics" of={block.extrinsicsRoot} whole />],
        [
          t('digest'),
          <Tooltip key="digest" title={t('digestHint')}>
            <span>
              <Hash of={block.digest} whole />
            </span>
          </Tooltip>,
        ],
      ]}
    />
  );
}

function Parent({ block }: { block: Found }) {
  return (
    <span className="x-row">
      <BlockLink number={block.number - 1} />
      <Hash of={block.parent} />
    </span>
  );
}

function Extrinsics({ of }: { of: Found }) {
  const w = useTexts(words);
  return (
    <Table
      size="small"
      aria-label={w('extrinsics')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={of.extrinsics}
      columns={[
        { title: w('extrinsic'), render: (_, row) => <ExtrinsicLink id={row.id} /> },
        { title: w('call'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
        { title: w('result'), render: (_, row) => <Result success={row.success} error={row.error} /> },
        { title: w('signer'), render: (_, row) => <AccountLink account={row.signer} /> },
        { title: w('fee'), align: 'right', render: (_, row) => <Money units={row.fee} /> },
        { title: w('hash'), render: (_, row) => <Hash of={row.hash} /> },
      ]}
    />
  );
}
