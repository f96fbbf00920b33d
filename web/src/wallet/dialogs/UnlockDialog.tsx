import { Modal } from 'antd';
import { useTexts } from '../../i18n/useTexts';
import { endRequest, type WalletRequest } from '../requests';
import { walletTexts } from '../texts';
import { Unlock } from './Unlock';
import './wallet.css';

/** Opens a key for a signature that a page asked for. */
export default function UnlockDialog(props: { request: Extract<WalletRequest, { kind: 'unlock' }> }) {
  const t = useTexts(walletTexts);
  const { request } = props;
  const end = (opened: boolean) => {
    endRequest(request);
    request.resolve(opened);
  };
  return (
    <Modal
      open
      title={t('unlockTitle', { name: request.account.name })}
      footer={null}
      onCancel={() => end(false)}
      width={440}
    >
      <Unlock account={request.account} done={() => end(true)} cancel={() => end(false)} />
    </Modal>
  );
}
