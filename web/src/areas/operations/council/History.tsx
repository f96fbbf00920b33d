import { Table } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { Description } from '../../../chain/calls/describe';
import type { Metadata } from '../../../chain/metadata';
import { useFormat } from '../../../format/useFormat';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { eventPath } from '../../../route/paths';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { AccountName, Hash } from '../../../ui/links';
import { PathLink } from '../../../ui/PathLink';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { CallView } from '../../../wallet/CallView';
import { Section } from '../parts/Section';
import { type Ending, motionsOf, type PastMotion } from './history';
import { indexedRefusal, proposed, proposedName } from './indexedCall';
import { historyQuery } from './queries';
import { texts } from './texts';
import { useDescription, useMetadata } from './useCouncil';
import { useSeats } from './useSeats';

/** Events of the council that are read: some hundred motions. */
const mostEvents = 1_000;

const tones: Readonly<Record<Ending, Tone>> = {
  open: 'busy',
  carried: 'good',
  failed: 'bad',
  dropped: 'plain',
};

/** What was proposed so far, and what became of it, as the index has it. */
export function History({ members }: { members: readonly string[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const query = useAsk(historyQuery, { first: mostEvents }, { refetchInterval: 10_000, keepPrevious: true });
  const { nameOf } = useSeats(members);
  const metadata = useMetadata();
  return (
    <Section title={t('history')}>
      <Answered
        query={query}
        isEmpty={({ events }) => events.length === 0}
        empty={<Empty text={t('noHistory')} />}
        rows={6}
      >
        {({ events, calls }) => (
          <>
            <Motions of={motionsOf(events, calls)} metadata={metadata} nameOf={nameOf} />
            {events.length < mostEvents ? null : (
              <p className="o-note">{t('ofNewest', { count: f.count(mostEvents) })}</p>
            )}
          </>
        )}
      </Answered>
    </Section>
  );
}

interface Naming {
  readonly metadata: Metadata | undefined;
  readonly nameOf: (account: string) => string | undefined;
}

function Motions({ of, metadata, nameOf }: Naming & { of: readonly PastMotion[] }) {
  const t = useTexts(texts);
  const outcome = (ending: Ending) => t(ending === 'carried' ? 'done' : ending);
  return (
    <Table<PastMotion>
      size="small"
      aria-label={t('history')}
      rowKey="index"
      pagination={of.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      expandable={{
        expandedRowRender: (motion) => <Whole motion={motion} metadata={metadata} nameOf={nameOf} />,
        columnTitle: <span hidden>+</span>,
      }}
      columns={[
        {
          title: t('number'),
          align: 'right',
          render: (_, { index }) => <span className="numbers">{index}</span>,
        },
        {
          title: t('what'),
          render: (_, motion) => (
            <div className="o-told">
              <Said motion={motion} metadata={metadata} />
            </div>
          ),
        },
        {
          title: t('outcome'),
          render: (_, { ending }) => <StateTag tone={tones[ending]} text={outcome(ending)} />,
        },
        {
          title: t('tally'),
          align: 'right',
          render: (_, { votes }) => (
            <span className="numbers">
              {t('ayesNays', {
                ayes: votes.filter(({ aye }) => aye).length,
                nays: votes.filter(({ aye }) => !aye).length,
              })}
            </span>
          ),
        },
        {
          title: t('by'),
          render: (_, { proposedBy }) => <AccountName account={proposedBy} name={nameOf(proposedBy)} />,
        },
        { title: t('proposed'), render: (_, { time }) => <Time at={time} /> },
      ]}
    />
  );
}

/** What was proposed: checked by its hash, and said in words. */
function useSaid(motion: PastMotion, metadata: Metadata | undefined): Description | null | undefined {
  const { proposal, hash } = motion;
  const call = useMemo(
    () => (metadata === undefined ? undefined : proposed(metadata, proposal, hash)),
    [metadata, proposal, hash],
  );
  const description = useDescription(call);
  return metadata !== undefined && call === undefined ? null : description;
}

function Said({ motion, metadata }: { motion: PastMotion; metadata: Metadata | undefined }) {
  const t = useTexts(texts);
  const description = useSaid(motion, metadata);
  const name = proposedName(motion.proposal);
  // A sentence that ends with a colon is said on by the calls within.
  if (description)
    return <>{[description, ...description.nested].map(({ sentence }) => sentence).join(' ')}</>;
  if (description === undefined) return <span className="o-quiet">{name ?? '…'}</span>;
  return <span className="o-quiet">{name === undefined ? t('notKept') : t('onlyName', { name })}</span>;
}

function Whole({ motion, metadata, nameOf }: Naming & { motion: PastMotion }) {
  const t = useTexts(texts);
  const f = useFormat();
  const description = useSaid(motion, metadata);
  const { votes, hash, endedAt, event } = motion;
  const voters = (aye: boolean) => votes.filter((vote) => vote.aye === aye);
  const list = (aye: boolean) =>
    voters(aye).length === 0 ? (
      <span className="o-quiet">{t('nobody')}</span>
    ) : (
      <ul className="o-plain">
        {voters(aye).map(({ account, time }) => (
          <li key={account} className="o-row">
            <AccountName account={account} name={nameOf(account)} />
            <Time at={time} />
          </li>
        ))}
      </ul>
    );
  return (
    <div className="o-stack o-tight">
      {description ? <CallView description={description} /> : null}
      <Facts
        facts={[
          [t('needed'), f.count(motion.threshold)],
          [t('inFavour'), list(true)],
          [t('against'), list(false)],
          [
            t('outcome'),
            motion.ending === 'failed' ? (
              <Refused key="why" error={motion.error} metadata={metadata} />
            ) : null,
          ],
          [t('ends'), endedAt === undefined ? null : <Time key="ended" at={endedAt} />],
          [t('hash'), <Hash key="hash" value={hash} />],
          [
            t('inExplorer'),
            <PathLink key="event" to={eventPath(event)}>
              {event}
            </PathLink>,
          ],
        ]}
      />
    </div>
  );
}

/** Why the chain refused what was agreed on. */
function Refused({ error, metadata }: { error: unknown; metadata: Metadata | undefined }) {
  const language = useLanguage();
  const t = useTexts(texts);
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (metadata === undefined) return;
    let gone = false;
    void import('../../../chain/refusals/explain').then(({ explain }) => {
      if (gone) return;
      const { name, sentence } = explain(metadata, indexedRefusal(metadata, error), language);
      setSaid(`${sentence} (${name})`);
    });
    return () => {
      gone = true;
    };
  }, [metadata, error, language]);
  return <span className="o-more">{said ?? t('failed')}</span>;
}
