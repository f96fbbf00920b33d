import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { call } from '../../../../api/call';
import { useChange, useFollow, useMay } from '../../../../api/hooks';
import type { Message } from '../../../../api/methods';
import { useTexts } from '../../../../i18n/useTexts';
import { Answered, Empty, Failed } from '../../../../ui/answers';
import { PathLink } from '../../../../ui/PathLink';
import { StateTag } from '../../../../ui/StateTag';
import { Time } from '../../../../ui/Time';
import { texts } from './texts';

const pageOf = 30;
const key = ['api', 'inbox_list', 'pages'] as const;

/** The inbox of whoever is logged in, the newest first; new messages come by themselves. */
export function MessagesTab() {
  const t = useTexts(texts);
  const queries = useQueryClient();
  const mark = useChange('inbox_mark_read', ['inbox_list']);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => call('inbox_list', { limit: pageOf, before: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const failure = useFollow(
    'inbox_subscribe',
    {},
    {
      next: (change) => {
        if (change.kind === 'message') void queries.invalidateQueries({ queryKey: key });
      },
    },
  );
  return (
    <div className="f-stack">
      <p className="f-none">{t('lead')}</p>
      {failure === null ? null : <Alert type="warning" showIcon title={t('followFails')} />}
      {mark.error === null ? null : <Failed error={mark.error} compact />}
      <Answered query={query} rows={6}>
        {({ pages }) => {
          const messages = pages.flatMap((page) => page.messages);
          const unread = pages[0]?.unread ?? 0;
          const [newest] = messages;
          if (newest === undefined) return <Empty text={t('none')} />;
          return (
            <>
              <div className="f-row f-spread">
                <span role="status">{unread === 0 ? t('allRead') : t('unread', { count: unread })}</span>
                <Button
                  size="small"
                  disabled={unread === 0}
                  loading={mark.isPending}
                  onClick={() => mark.mutate({ id: newest.id })}
                >
                  {t('markAll')}
                </Button>
              </div>
              <ul className="f-plain" aria-label={t('list')}>
                {messages.map((message) => (
                  <One key={message.id} message={message} />
                ))}
              </ul>
            </>
          );
        }}
      </Answered>
      {query.hasNextPage ? (
        <div>
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('older')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

const topics = ['order', 'money', 'papers', 'system'] as const;

/** A message, in the words in which it was sent. */
function One({ message }: { message: Message }) {
  const t = useTexts(texts);
  const maySee = useMay('fleet_orders');
  const topic = topics.find((one) => one === message.topic);
  return (
    <li className="f-message">
      <div className="f-row f-spread">
        <strong>{message.title}</strong>
        {message.read ? null : <StateTag tone="busy" text={t('new')} />}
      </div>
      <div>{message.body}</div>
      <div className="f-quiet">
        <Time at={message.at_ms} />
        {topic === undefined ? null : ` · ${t(topic)}`}
        {message.order === undefined || !maySee ? null : (
          <>
            {' · '}
            <PathLink to={`/fleet/orders?order=${message.order}`}>{t('toOrder')}</PathLink>
          </>
        )}
      </div>
    </li>
  );
}
