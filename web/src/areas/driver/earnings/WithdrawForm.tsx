import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useSession } from '../../../api/hooks';
import type { Earnings } from '../../../api/methods';
import { accountHex } from '../../../format/ids';
import { formatMoney } from '../../../format/money';
import { useTexts } from '../../../i18n/useTexts';
import { AccountName } from '../../../ui/links';
import { callOf, chooseAccount, submit } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import { wanted } from './amount';
import { earningTexts } from './texts';

/** How much, and then the wallet signs. It follows the transaction until it is final. */
export function WithdrawForm(props: { earnings: Earnings; close: () => void }) {
  const t = useTexts(earningTexts);
  const id = useId();
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const company = useSession()?.company;
  const wallet = useWallet();
  const { earnings, close } = props;
  const owed = BigInt(earnings.balance);
  const all = formatMoney(owed, { bare: true });
  const [typed, setTyped] = useState(all);
  const amount = wanted(typed, owed);
  const own = accountHex(earnings.account);
  const signer = wallet?.accounts.find((one) => accountHex(one.address) === own);

  const sign = async () => {
    if (!amount.ok || signer === undefined || company === undefined) return;
    close();
    // Everything is said as such: what is settled meanwhile goes along.
    const some = typed === all ? undefined : amount.value;
    const call = callOf('Settlement', 'withdraw', { company, seat: earnings.seat, amount: some });
    const { result } = await submit(call, signer);
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['api', 'driver_earnings'] }),
      queries.invalidateQueries({ queryKey: ['index'] }),
    ]);
    if (result === 'cancelled') return;
    const title = result === 'done' ? t('done', { amount: formatMoney(amount.value) }) : t(result);
    if (result === 'done') notification.success({ title });
    else notification.warning({ title, duration: 12 });
  };

  return (
    <Modal
      open
      title={t('withdraw')}
      onCancel={close}
      footer={[
        <Button key="close" onClick={close}>
          {t('cancel')}
        </Button>,
        <Button
          key="sign"
          type="primary"
          disabled={!amount.ok || signer === undefined}
          onClick={() => void sign()}
        >
          {t('sign')}
        </Button>,
      ]}
    >
      <form
        className="d-form"
        onSubmit={(event) => {
          event.preventDefault();
          void sign();
        }}
      >
        <label htmlFor={id}>{t('amount')}</label>
        <Input
          id={id}
          size="large"
          prefix="¥"
          inputMode="decimal"
          autoFocus
          value={typed}
          status={amount.ok ? '' : 'error'}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setTyped(event.target.value)}
          suffix={
            <Button type="link" size="small" onClick={() => setTyped(all)}>
              {t('withdrawAll')}
            </Button>
          }
        />
        <p id={`${id}-hint`} className="d-quiet" role={amount.ok ? undefined : 'alert'}>
          {amount.ok
            ? ' '
            : amount.trouble === 'too_much'
              ? t('too_much', { most: formatMoney(owed) })
              : t(amount.trouble)}
        </p>
        <p>
          <span className="d-quiet">{t('to')}</span>
          <br />
          <AccountName account={earnings.account} copy />
        </p>
        {wallet?.ready === true && signer === undefined ? (
          <Alert
            type="warning"
            showIcon
            title={t('otherKey')}
            action={
              <Button size="small" onClick={() => void chooseAccount()}>
                {t('chooseWallet')}
              </Button>
            }
          />
        ) : null}
      </form>
    </Modal>
  );
}
