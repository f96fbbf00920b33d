import { Alert, Button, Select } from 'antd';
import { shorten } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import type { WalletAccount } from '../../../wallet/account';
import { chooseAccount } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import { texts } from './texts';

/** As whom somebody votes, or who may vote where she may not. */
export function OwnSeat(props: {
  seats: readonly WalletAccount[];
  seat: WalletAccount | undefined;
  choose: (address: string) => void;
  nameOf: (account: string) => string | undefined;
  /** What it is chosen for. */
  to: 'vote' | 'propose';
}) {
  const t = useTexts(texts);
  const wallet = useWallet();
  const { seats, seat, nameOf } = props;
  if (seat === undefined) {
    const hasAccounts = (wallet?.accounts.length ?? 0) > 0;
    return (
      <Alert
        type="info"
        showIcon
        title={t(hasAccounts ? 'noSeat' : 'noWallet')}
        action={
          <Button onClick={() => void chooseAccount()}>{t(hasAccounts ? 'otherWallet' : 'connect')}</Button>
        }
      />
    );
  }
  const label = (account: WalletAccount) => {
    const company = nameOf(account.address);
    return `${account.name}${company === undefined ? '' : ` · ${company}`} (${shorten(account.address, 6, 6)})`;
  };
  return (
    <div className="o-row">
      <span className="o-quiet">{t(props.to === 'vote' ? 'youAre' : 'youPropose')}</span>
      {seats.length === 1 ? (
        <strong>{label(seat)}</strong>
      ) : (
        <Select
          aria-label={t('youSignAs')}
          style={{ minWidth: 260, maxWidth: '100%' }}
          value={seat.address}
          options={seats.map((account) => ({ value: account.address, label: label(account) }))}
          onChange={(address: string) => props.choose(address)}
        />
      )}
      <Button type="link" size="small" onClick={() => void chooseAccount()}>
        {t('otherWallet')}
      </Button>
    </div>
  );
}
