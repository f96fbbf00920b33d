import { Alert, Button } from 'antd';
import { ss58 } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { keysPath } from '../../../route/paths';
import { PathLink } from '../../../ui/PathLink';
import { callOf } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import { useAct } from '../keys/useAct';
import { texts } from './texts';

/**
 * The treasury has to agree to be the company's. Who has its key signs that at once; of one that several hold, or for which other
 * keys act, these do.
 */
export function TreasuryWord(props: { application: number; treasury: string }) {
  const t = useTexts(texts);
  const wallet = useWallet();
  const account = ss58(props.treasury);
  const { act, dialog } = useAct(account);
  const isOwn = wallet?.accounts.some(({ address }) => address === account) === true;
  return (
    <>
      <Alert
        type="warning"
        showIcon
        title={t('toAgree')}
        description={
          <div className="o-stack o-tight">
            <p className="o-none">{t(isOwn ? 'agreeOwn' : 'agreeOther')}</p>
            <div className="o-row">
              <Button
                type={isOwn ? 'primary' : 'default'}
                onClick={() =>
                  act(callOf('Consortium', 'accept_treasury', { application: props.application }))
                }
              >
                {t('agree')}
              </Button>
              {isOwn ? null : <PathLink to={keysPath(account)}>{t('whoHolds')}</PathLink>}
            </div>
          </div>
        }
      />
      {dialog}
    </>
  );
}
