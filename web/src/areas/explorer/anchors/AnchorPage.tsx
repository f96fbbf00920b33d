import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Card } from 'antd';
import type { ReactNode } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { NotThere } from '../detail/NotThere';
import { useNames } from '../detail/useNames';
import { VerifyButton } from '../detail/VerifyButton';
import { BlockLink, CompanyLink, Count, EventLink, Hash, When } from '../detail/values';
import { texts as words } from '../texts';
import { lastOf } from './columns';
import { anchorQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/anchors/$anchor');

export function AnchorPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const names = useNames();
  const { anchor: id } = route.useParams();
  const query = useAsk(anchorQuery, { id }, { staleTime: Number.POSITIVE_INFINITY });
  return (
    <Answered query={query} rows={6}>
      {({ anchor }) => {
        if (anchor === null) return <NotThere what={`${w('anchor')} ${id}`} newest={undefined} />;
        const { companyId, number, firstSequence, count, closedAt } = anchor;
        const delay = closedAt === null ? null : Date.parse(anchor.time) - Date.parse(closedAt);
        return (
          <Page
            title={t('one', { number: number ?? '', company: names.company(companyId ?? '') })}
            extra={
              <>
                <Neighbour id={id} by={-1n} label={t('previous')} icon={<Icon of={LeftOutlined} />} />
                <Neighbour id={id} by={1n} label={t('next')} icon={<Icon of={RightOutlined} />} />
                <VerifyButton subject={{ anchor: id }} />
              </>
            }
          >
            <Card size="small">
              <Facts
                facts={[
                  [w('company'), <CompanyLink key="company" id={companyId} />],
                  [t('records'), <Count key="records" of={count} />],
                  [
                    t('range'),
                    t('rangeText', {
                      first: f.count(firstSequence ?? '0'),
                      last: f.count(lastOf(firstSequence, count)),
                    }),
                  ],
                  [t('root'), <Hash key="root" of={anchor.root} whole />],
                  [t('closed'), <When key="closed" at={closedAt} />],
                  [t('anchored'), <When key="anchored" at={anchor.time} />],
                  [t('delay'), delay === null ? null : f.duration(delay)],
                  [
                    w('block'),
                    <span key="block" className="x-row">
                      <BlockLink number={anchor.blockNumber} />
                      <EventLink id={`${anchor.blockNumber}-${anchor.fact}`}>{w('event')}</EventLink>
                    </span>,
                  ],
                ]}
              />
              <p className="x-quiet x-below">{t('checkNote')}</p>
            </Card>
          </Page>
        );
      }}
    </Answered>
  );
}

/** The company's anchor before or after; there is none before the first. */
function Neighbour(props: { id: string; by: bigint; label: string; icon: ReactNode }) {
  const [company = '', number = '0'] = props.id.split('-');
  const to = BigInt(number) + props.by;
  if (to < 1n) return <Button icon={props.icon} disabled aria-label={props.label} />;
  return (
    <Link
      to="/explorer/anchors/$anchor"
      params={{ anchor: `${company}-${to}` }}
      aria-label={props.label}
      title={props.label}
    >
      <Button icon={props.icon} tabIndex={-1} />
    </Link>
  );
}
