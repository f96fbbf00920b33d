import { Modal } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../i18n/useTexts';
import type { WalletAccount } from '../account';
import { endRequest, type WalletRequest } from '../requests';
import { openWallet } from '../shared';
import { walletTexts } from '../texts';
import { Accounts } from './Accounts';
import { ExportKey } from './ExportKey';
import { ImportKey } from './ImportKey';
import { NewKey } from './NewKey';
import { Unlock } from './Unlock';
import './wallet.css';

/** What the dialog shows. */
export type View =
  | { name: 'accounts' }
  | { name: 'new' }
  | { name: 'import' }
  | { name: 'export'; account: WalletAccount }
  | { name: 'unlock'; account: WalletAccount };

/** Connects wallets, makes and brings in keys, and chooses the account. */
export default function ConnectDialog(props: { request: Extract<WalletRequest, { kind: 'connect' }> }) {
  const t = useTexts(walletTexts);
  const [view, setView] = useState<View>({ name: 'accounts' });
  const { request } = props;
  const end = (account: WalletAccount | undefined) => {
    endRequest(request);
    request.resolve(account);
  };
  const choose = async (account: WalletAccount) => {
    (await openWallet()).select(account);
    end(account);
  };
  const back = () => setView({ name: 'accounts' });
  const added = async (address: string) => {
    const account = await (await openWallet()).selectKey(address);
    if (account) end(account);
    else back();
  };
  const titles: Record<View['name'], string> = {
    accounts: t('chooseAccount'),
    new: t('newKey'),
    import: t('importTitle'),
    export: t('exportTitle'),
    unlock: view.name === 'unlock' ? t('unlockTitle', { name: view.account.name }) : '',
  };
  return (
    <Modal open title={titles[view.name]} footer={null} onCancel={() => end(undefined)} width={560}>
      {view.name === 'accounts' ? (
        <Accounts show={setView} choose={(account) => void choose(account)} />
      ) : null}
      {view.name === 'new' ? <NewKey back={back} done={(file) => void added(file.address)} /> : null}
      {view.name === 'import' ? <ImportKey back={back} done={(file) => void added(file.address)} /> : null}
      {view.name === 'export' ? <ExportKey account={view.account} back={back} /> : null}
      {view.name === 'unlock' ? <Unlock account={view.account} done={back} cancel={back} /> : null}
    </Modal>
  );
}
