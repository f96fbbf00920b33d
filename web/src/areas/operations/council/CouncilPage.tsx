import { Button } from 'antd';
import { useState } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { callsPath } from '../../../route/paths';
import { Empty } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import '../operations.css';
import { FromNode } from '../parts/FromNode';
import { Section } from '../parts/Section';
import type { Council } from './chainCouncil';
import { History } from './History';
import { MotionCard } from './MotionCard';
import { OwnSeat } from './OwnSeat';
import { Powers } from './Powers';
import { SeatTable } from './SeatTable';
import { texts } from './texts';
import { useBlockMs, useCouncil, useOwnSeats } from './useCouncil';
import { useSeats } from './useSeats';

/** The council: what is voted on, who sits in it, what it may do, and what it decided. */
export function CouncilPage() {
  const t = useTexts(texts);
  const council = useCouncil();
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        <>
          <PathLink to={callsPath}>
            <Button tabIndex={-1}>{t('fromFile')}</Button>
          </PathLink>
          <PathLink to="/operations/council/propose">
            <Button type="primary" tabIndex={-1}>
              {t('propose')}
            </Button>
          </PathLink>
        </>
      }
    >
      <FromNode value={council} rows={8}>
        {(answer) => <Now council={answer} />}
      </FromNode>
      <History members={council?.members ?? none} />
    </Page>
  );
}

const none: readonly string[] = [];

function Now({ council }: { council: Council }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { members, motions, block } = council;
  const blockMs = useBlockMs();
  const seats = useSeats(members);
  const own = useOwnSeats(members);
  const [chosen, choose] = useState<string>();
  const seat = own?.find(({ address }) => address === chosen) ?? own?.[0];
  return (
    <>
      {own === undefined ? null : (
        <OwnSeat to="vote" seats={own} seat={seat} choose={choose} nameOf={seats.nameOf} />
      )}
      <Section title={t('motions')}>
        <div className="o-stack">
          {motions.length === 0 ? (
            <Empty text={t('noMotions')} />
          ) : (
            motions.map((motion) => (
              <MotionCard
                key={motion.hash}
                motion={motion}
                members={members}
                seat={seat}
                block={block}
                blockMs={blockMs}
                nameOf={seats.nameOf}
              />
            ))
          )}
          <p className="o-note">{t('asOf', { block: f.count(block) })}</p>
        </div>
      </Section>
      <div className="o-columns">
        <SeatTable of={seats} own={own ?? []} />
        <Powers seats={members.length} />
      </div>
    </>
  );
}
