import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useSession } from '../../../../api/hooks';
import { accountHex } from '../../../../format/ids';
import { standingOf } from '../../../../format/standing';
import { useTexts } from '../../../../i18n/useTexts';
import { useAsk } from '../../../../index/hooks';
import { companyPath } from '../../../../route/paths';
import { Answered, Empty } from '../../../../ui/answers';
import { Facts } from '../../../../ui/Facts';
import { AccountName } from '../../../../ui/links';
import { PathLink } from '../../../../ui/PathLink';
import { MemberUntil, StandingTag } from '../../../../ui/Standing';
import { useNow } from '../../../../ui/useNow';
import type { FleetMembershipQuery } from '../../graphql/graphql';
import { texts as words } from '../../texts';
import { granterFault } from '../people/role';
import { useRoles } from '../people/useRoles';
import { AllowanceFigures } from './AllowanceFigures';
import { Machines } from './Machines';
import { machinesOf } from './machine';
import { membershipQuery } from './queries';
import { SeatDialog } from './SeatDialog';
import { seatFault } from './seat';
import { texts } from './texts';

/** What the company has in the consortium: its term, its seat, its allowance, its machines. */
export function MembershipTab() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const company = useSession()?.company ?? 0;
  const query = useAsk(membershipQuery, { id: String(company), company }, { refetchInterval: 30_000 });
  return (
    <div className="f-stack">
      <p className="f-none">
        {t('lead')} <PathLink to={companyPath(company)}>{w('explorer')}</PathLink>
      </p>
      <Answered
        query={query}
        isEmpty={(answer) => answer.company === null}
        empty={<Empty text={t('notThere')} />}
        rows={6}
      >
        {(answer) => <Known of={answer} company={company} />}
      </Answered>
    </div>
  );
}

function Known({ of, company: id }: { of: FleetMembershipQuery; company: number }) {
  const t = useTexts(texts);
  const me = useSession()?.wallet;
  const now = useNow(30_000);
  const { data: roles = [] } = useRoles(id);
  const [isMoving, setMoving] = useState(false);
  const { company, machines, seats } = of;
  if (company === null || me === undefined) return null;
  const standing = standingOf(company, now);
  const isStopped = standing !== undefined && standing !== 'active';
  const signer = accountHex(me);
  const mayRegister = !isStopped && granterFault({ roles, signer, nowS: Math.floor(now / 1000) }) === null;
  const fault = seatFault(company.seat, { roles, signer });
  return (
    <>
      {isStopped ? <Alert type="error" showIcon title={t(`${standing}Text`)} /> : null}
      <Facts
        facts={[
          [t('standing'), <StandingTag key="standing" of={company} />],
          [t('until'), <MemberUntil key="until" until={company.until} />],
          [
            t('seat'),
            <span key="seat" className="f-row">
              {company.seat === null ? t('noSeat') : <AccountName account={company.seat} copy />}
              {isStopped || fault !== null ? null : (
                <Button size="small" onClick={() => setMoving(true)}>
                  {t('move')}
                </Button>
              )}
            </span>,
          ],
        ]}
      />
      {fault === 'notKeeper' && !isStopped ? <p className="f-none f-quiet">{t('notKeeper')}</p> : null}
      <AllowanceFigures company={id} />
      <Machines of={machinesOf(machines)} company={id} may={mayRegister} />
      {isMoving ? (
        <SeatDialog
          company={id}
          seat={company.seat}
          seats={seats.map(({ seat }) => seat)}
          close={() => setMoving(false)}
        />
      ) : null}
    </>
  );
}
