import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { call } from '../../../api/call';
import { explain } from '../../../api/explain';
import { useChange } from '../../../api/hooks';
import type { Message } from '../../../api/methods';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { Empty, Failed, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { Time } from '../../../ui/Time';
import { messageTexts } from './texts';

/** Messages of a page. */
const pageSize = 30;

/** The driver's inbox, the newest first. */
export function MessagesPage() {
  // `explain` speaks the language of now.
  useLanguage();
  const t = useTexts(messageTexts);
  const mark = useChange('inbox_mark_read', ['inbox_list']);
  const query = useInfiniteQuery({
    queryKey: ['api', 'inbox_list', 'pages'],
    queryFn: ({ pageParam, signal }) =>
      call('inbox_list', { limit: pageSize, before: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const pages = query.data?.pages;
  const messages = pages?.flatMap((page) => page.messages);
  const unread = pages?.[0]?.unread ?? 0;
  const newest = messages?.[0];
  return (
    <Page
      title={t('messages')}
      tags={unread === 0 ? null : <Tag color="blue">{t('unread', { count: unread })}</Tag>}
      extra={
        unread === 0 || newest === undefined ? undefined : (
          <Button loading={mark.isPending} onClick={() => mark.mutate({ id: newest.id })}>
            {t('markAll')}
          </Button>
        )
      }
    >
      {mark.error === null ? null : <p role="alert">{explain(mark.error).title}</p>}
      {messages === undefined ? (
        query.error !== null ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading rows={6} />
        )
      ) : messages.length === 0 ? (
        <Empty text={t('none')} />
      ) : (
        <ul className="d-list">
          {messages.map((message) => (
            <li key={message.id} className="d-row">
              <OneMessage message={message} />
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage ? (
        <Button
          block
          size="large"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('older')}
        </Button>
      ) : null}
    </Page>
  );
}

const topics = ['order', 'money', 'papers', 'system'] as const;

/** A message, in the words in which it was sent. */
function OneMessage({ message }: { message: Message }) {
  const t = useTexts(messageTexts);
  const topic = topics.find((one) => one === message.topic);
  return (
    <>
      <span className="d-row-head">
        <strong>{message.title}</strong>
        {message.read ? null : (
          <span className="d-row-end">
            <Tag color="blue">{t('new')}</Tag>
          </span>
        )}
      </span>
      <span>{message.body}</span>
      <span className="d-quiet">
        <Time at={message.at_ms} />
        {topic === undefined ? null : ` · ${t(topic)}`}
        {message.order === undefined ? null : (
          <>
            {' · '}
            <PathLink to={`/driver/orders/${message.order}`}>{t('toOrder')}</PathLink>
          </>
        )}
      </span>
    </>
  );
}
