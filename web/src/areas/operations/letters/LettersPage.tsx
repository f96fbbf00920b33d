import { getRouteApi } from '@tanstack/react-router';
import { App, Button, Card, Table } from 'antd';
import { explain } from '../../../api/explain';
import { useCall, useChange, useMay } from '../../../api/hooks';
import type { DeadLetter } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { CursorPager } from '../list/CursorPager';
import '../operations.css';
import { OrderName } from '../parts/names';
import { texts } from './texts';

const route = getRouteApi('/operations/letters');

/** Deliveries of messages that were given up, and another try. */
export function LettersPage() {
  const t = useTexts(texts);
  const { cursor } = route.useSearch();
  const query = useCall(
    'ops_dead_letters',
    { limit: 50, ...(cursor === undefined ? {} : { before: cursor }) },
    { refetchInterval: 15_000 },
  );
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card size="small">
        <Answered
          query={query}
          isEmpty={({ letters }) => letters.length === 0 && cursor === undefined}
          empty={<Empty text={t('none')} />}
          rows={8}
        >
          {({ letters, next }) => (
            <>
              <Letters of={letters} />
              <CursorPager cursor={cursor} next={next} byTime />
            </>
          )}
        </Answered>
      </Card>
    </Page>
  );
}

const channels = ['email', 'webhook'] as const;
const topics = ['order', 'money', 'papers', 'system'] as const;

/** One of these by its name; what a later service calls otherwise is shown as it is. */
function known<K extends string>(of: readonly K[], name: string): K | undefined {
  return of.find((one) => one === name);
}

function Letters({ of }: { of: readonly DeadLetter[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const may = useMay('ops_redeliver');
  return (
    <Table<DeadLetter>
      size="small"
      aria-label={t('title')}
      rowKey="id"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      expandable={{
        expandedRowRender: (letter) => <Whole of={letter} />,
        columnTitle: <span hidden>+</span>,
      }}
      columns={[
        { title: t('givenUp'), render: (_, { given_up_at_ms }) => <Time at={given_up_at_ms} /> },
        {
          title: t('channel'),
          render: (_, { channel }) => {
            const name = known(channels, channel);
            return name === undefined ? channel : t(name);
          },
        },
        { title: t('to'), render: (_, { account }) => <Receiver account={account} /> },
        {
          title: t('message'),
          render: (_, { message }) => message?.title ?? <span className="o-quiet">{t('noMessage')}</span>,
        },
        { title: t('why'), render: (_, { last_error }) => <div className="o-told">{last_error}</div> },
        {
          title: t('attempts'),
          align: 'right',
          render: (_, { attempts }) => t('times', { count: f.count(attempts) }),
        },
        ...(may ? [{ key: 'again', render: (_: unknown, { id }: DeadLetter) => <Again id={id} /> }] : []),
      ]}
    />
  );
}

function Receiver({ account }: { account: string | undefined }) {
  const may = useMay('ops_audit');
  if (account === undefined) return null;
  if (!may) return <span className="code">{account}</span>;
  return (
    <PathLink to={`/operations/audit?account=${account}`} className="code">
      {account}
    </PathLink>
  );
}

function Again({ id }: { id: string }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const redeliver = useChange('ops_redeliver', ['ops_dead_letters']);
  const send = () =>
    redeliver.mutate(
      { id },
      {
        onSuccess: () => void message.success(t('againDone')),
        onError: (error) => {
          const { title, remedy } = explain(error);
          void message.error(`${title} ${remedy}`);
        },
      },
    );
  return (
    <Button size="small" loading={redeliver.isPending} onClick={send}>
      {t('again')}
    </Button>
  );
}

function Whole({ of }: { of: DeadLetter }) {
  const t = useTexts(texts);
  const { id, message, last_error } = of;
  const topic = message === undefined ? undefined : known(topics, message.topic);
  return (
    <Facts
      facts={[
        [t('number'), id],
        [t('message'), message === undefined ? t('noMessage') : `${message.title}. ${message.body}`],
        [t('topic'), topic === undefined ? (message?.topic ?? null) : t(topic)],
        [t('ofOrder'), message?.order === undefined ? null : <OrderName key="order" id={message.order} />],
        [t('came'), message === undefined ? null : <Time key="came" at={message.at_ms} />],
        [t('why'), last_error],
      ]}
    />
  );
}
