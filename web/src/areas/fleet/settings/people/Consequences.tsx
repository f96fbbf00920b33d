import { Alert } from 'antd';
import { useSession } from '../../../../api/hooks';
import { shorten, ss58 } from '../../../../format/ids';
import { useTexts } from '../../../../i18n/useTexts';
import { useWallet } from '../../../../wallet/shared';
import type { Consequence } from './role';
import { texts } from './texts';

const grave: readonly Consequence[] = ['selfLocksOut', 'selfEnds', 'selfLesser', 'oneKeeper', 'newGranter'];

/** What follows from a change, before it is signed; and whether the wallet would sign as somebody else. */
export function Consequences({ of }: { of: readonly Consequence[] }) {
  const t = useTexts(texts);
  const me = useSession()?.wallet;
  const selected = useWallet()?.selected?.address;
  const isOther = selected !== undefined && me !== undefined && ss58(selected) !== ss58(me);
  return (
    <div className="f-stack f-tight" role="status">
      {of.map((one) => (
        <Alert key={one} type={grave.includes(one) ? 'warning' : 'info'} showIcon title={t(one)} />
      ))}
      {isOther ? (
        <Alert type="warning" showIcon title={t('otherSigner', { account: shorten(ss58(selected), 6, 6) })} />
      ) : null}
    </div>
  );
}
