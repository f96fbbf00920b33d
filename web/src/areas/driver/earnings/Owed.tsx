import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { Earnings } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { earningTexts } from './texts';
import { WithdrawForm } from './WithdrawForm';

/** What can be withdrawn. */
export function Owed({ earnings }: { earnings: Earnings }) {
  const t = useTexts(earningTexts);
  const [open, setOpen] = useState(false);
  const nothing = BigInt(earnings.balance) === 0n;
  return (
    <section className="d-panel" aria-labelledby="d-owed">
      <h2 id="d-owed" className="d-quiet d-plain">
        {t('owed')}
      </h2>
      <p className="d-total">
        <Amount value={earnings.balance} />
      </p>
      {earnings.active ? null : <Alert type="info" showIcon title={t('seatClosed')} />}
      <p className="d-quiet">{t(nothing ? 'nothingOwed' : 'owedHint')}</p>
      <Button className="d-big" type="primary" block disabled={nothing} onClick={() => setOpen(true)}>
        {t('withdraw')}
      </Button>
      {open ? <WithdrawForm earnings={earnings} close={() => setOpen(false)} /> : null}
    </section>
  );
}
