import { getRouteApi } from '@tanstack/react-router';
import { Alert, Card, Table } from 'antd';
import { useMemo } from 'react';
import { useCall, useMay } from '../../../api/hooks';
import { type AuditEntry, access, errorCodes } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Choice, Filters, Typed } from '../../../ui/Filters';
import { Hash } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { useSearchChange } from '../list/useSearchChange';
import '../operations.css';
import { DaysFilter } from '../parts/DaysFilter';
import { spanOf } from '../parts/days';
import { EndSessions } from './EndSessions';
import { hashOf, type Linked, linked } from './entry';
import { texts } from './texts';

const route = getRouteApi('/operations/audit');

const methods = Object.keys(access).sort();

/** Who changed what, and whether the log is whole. */
export function AuditPage() {
  const t = useTexts(texts);
  const { account, method, from, until, cursor } = route.useSearch();
  const days = { from, until };
  const change = useSearchChange();
  const mayRevoke = useMay('ops_revoke');
  const query = useCall('ops_audit', {
    limit: 50,
    ...(account === undefined ? {} : { account }),
    ...(method === undefined ? {} : { method }),
    ...spanOf(days),
    ...(cursor === undefined ? {} : { before: cursor }),
  });
  const isFiltered = [account, method, from, until].some((filter) => filter !== undefined);
  return (
    <Page title={t('title')} lead={t('lead')} extra={mayRevoke ? <EndSessions /> : null}>
      <Card size="small">
        <Filters>
          <Choice
            label={t('method')}
            value={method}
            width={240}
            options={methods.map((value) => ({ value, label: value }))}
            choose={(value) => change({ method: value })}
          />
          <DaysFilter days={days} change={change} />
          <Typed
            label={t('who')}
            value={account}
            choose={(value) =>
              change({ account: value !== undefined && /^\d{1,20}$/.test(value) ? value : undefined })
            }
          />
        </Filters>
        <Answered
          query={query}
          rows={10}
          isEmpty={({ entries }) => entries.length === 0 && cursor !== undefined}
          empty={<ListEnd byTime />}
        >
          {({ entries, next }) => (
            <>
              <Entries entries={entries} isFiltered={isFiltered} />
              <CursorPager cursor={cursor} next={next} byTime />
            </>
          )}
        </Answered>
      </Card>
    </Page>
  );
}

function Entries({ entries, isFiltered }: { entries: readonly AuditEntry[]; isFiltered: boolean }) {
  const t = useTexts(texts);
  const mayCount = useMay('ops_figures');
  const figures = useCall('ops_figures', {}, { enabled: mayCount && !isFiltered }).data;
  const links = useMemo(() => {
    const head =
      figures === undefined ? undefined : { entries: figures.audit_entries, hash: figures.audit_head };
    return isFiltered ? new Map<string, Linked>() : linked(entries, head);
  }, [entries, isFiltered, figures]);
  if (entries.length === 0) return <Empty text={t('none')} />;
  return (
    <div className="o-stack o-tight">
      <Verdict links={links} isFiltered={isFiltered} head={figures?.audit_head} />
      <EntryTable entries={entries} links={links} />
    </div>
  );
}

function Verdict(props: {
  links: ReadonlyMap<string, Linked>;
  isFiltered: boolean;
  head: string | undefined;
}) {
  const t = useTexts(texts);
  if (props.isFiltered) return <Alert type="info" title={t('filtered')} />;
  const broken = [...props.links].find(([, link]) => link === 'broken');
  if (broken !== undefined) {
    return <Alert type="error" showIcon title={t('isBroken', { sequence: broken[0] })} />;
  }
  const [first] = props.links.values();
  return (
    <Alert
      type="success"
      showIcon
      title={t('allFine')}
      {...(first === 'fine' && props.head !== undefined
        ? { description: <span className="o-told">{t('headFine', { hash: props.head })}</span> }
        : {})}
    />
  );
}

const tones: Readonly<Record<Linked, Tone>> = { fine: 'good', broken: 'bad', unknown: 'plain' };

function EntryTable(props: { entries: readonly AuditEntry[]; links: ReadonlyMap<string, Linked> }) {
  const t = useTexts(texts);
  return (
    <Table<AuditEntry>
      size="small"
      aria-label={t('title')}
      rowKey="sequence"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...props.entries]}
      expandable={{ expandedRowRender: (entry) => <Whole of={entry} />, columnTitle: <span hidden>+</span> }}
      columns={[
        {
          title: t('number'),
          align: 'right',
          render: (_, { sequence }) => <span className="numbers">{sequence}</span>,
        },
        { title: t('when'), render: (_, { at_ms }) => <Time at={at_ms} /> },
        {
          title: t('who'),
          render: (_, { account }) =>
            (account ?? '') === '' ? (
              <span className="o-quiet">{t('nobody')}</span>
            ) : (
              <span className="code">{account}</span>
            ),
        },
        { title: t('method'), render: (_, { method }) => <span className="code">{method}</span> },
        {
          title: t('about'),
          render: (_, { subject }) => <span className="code">{short(subject ?? '')}</span>,
        },
        { title: t('outcome'), render: (_, { outcome }) => <OutcomeTag outcome={outcome} /> },
        {
          title: t('link'),
          render: (_, { sequence }) => {
            const link = props.links.get(sequence) ?? 'unknown';
            return <StateTag tone={tones[link]} text={t(link)} />;
          },
        },
      ]}
    />
  );
}

function short(subject: string): string {
  return subject.length > 24 ? `${subject.slice(0, 10)}…${subject.slice(-8)}` : subject;
}

function OutcomeTag({ outcome }: { outcome: number }) {
  const t = useTexts(texts);
  if (outcome === 0) return <StateTag tone="good" text={t('done')} />;
  const name = Object.entries(errorCodes).find(([, code]) => code === outcome)?.[0] ?? String(outcome);
  return <StateTag tone="bad" text={t('refused', { name })} />;
}

function Whole({ of }: { of: AuditEntry }) {
  const t = useTexts(texts);
  return (
    <Facts
      facts={[
        [t('about'), of.subject ?? null],
        [t('from'), of.address],
        [t('roles'), of.roles.join(', ')],
        [t('request'), of.request],
        [t('key'), of.idempotency_key ?? null],
        [t('previous'), <Hash key="previous" value={of.previous} whole />],
        [t('hash'), <Hash key="hash" value={hashOf(of)} whole />],
      ]}
    />
  );
}
