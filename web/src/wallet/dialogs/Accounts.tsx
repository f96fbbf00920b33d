import { Button, Popconfirm, Skeleton, Space, Tag, Typography } from 'antd';
import { shorten } from '../../format/ids';
import { useTexts } from '../../i18n/useTexts';
import { accountKey, type WalletAccount } from '../account';
import { ExtensionFault, extensionName } from '../extensions';
import { openWallet, useWallet } from '../shared';
import { walletTexts } from '../texts';
import type { WalletState } from '../wallet';
import type { View } from './ConnectDialog';
import { ProblemAlert } from './ProblemAlert';

/** All accounts, the wallets they come from, and the ways to more. */
export function Accounts(props: { show: (view: View) => void; choose: (account: WalletAccount) => void }) {
  const t = useTexts(walletTexts);
  const state = useWallet();
  if (!state) return <Skeleton active />;
  return (
    <Space orientation="vertical" size="large" className="wallet-stack">
      <section>
        <Typography.Text type="secondary">
          {state.accounts.length === 0 ? t('noAccounts') : t('chooseLead')}
        </Typography.Text>
        <ul className="wallet-list">
          {state.accounts.map((account) => (
            <AccountRow key={accountKey(account)} account={account} state={state} {...props} />
          ))}
        </ul>
      </section>
      <section>
        <Typography.Title level={3} className="wallet-title">
          {t('browserWallets')}
        </Typography.Title>
        <Extensions state={state} />
      </section>
      <section>
        <Typography.Title level={3} className="wallet-title">
          {t('thisBrowser')}
        </Typography.Title>
        {state.keystoreFault ? <ProblemAlert error={state.keystoreFault} /> : null}
        <p className="wallet-row-note">{t('browserLead')}</p>
        <Space>
          <Button onClick={() => props.show({ name: 'new' })}>{t('newKey')}</Button>
          <Button onClick={() => props.show({ name: 'import' })}>{t('importKey')}</Button>
        </Space>
      </section>
    </Space>
  );
}

function AccountRow(props: {
  account: WalletAccount;
  state: WalletState;
  show: (view: View) => void;
  choose: (account: WalletAccount) => void;
}) {
  const t = useTexts(walletTexts);
  const { account, state } = props;
  const { source } = account;
  const used = state.selected !== undefined && accountKey(state.selected) === accountKey(account);
  const open = state.open.has(account.address);
  return (
    <li className="wallet-row">
      <div className="wallet-row-text">
        <strong>{account.name}</strong> {used ? <Tag color="blue">{t('inUse')}</Tag> : null}
        <div className="wallet-row-note">
          <span className="code" title={account.address}>
            {shorten(account.address)}
          </span>{' '}
          {source.type === 'extension'
            ? t('ofExtension', { wallet: extensionName(source.id) })
            : `${t('ofBrowser')} · ${open ? t('stateOpen') : t('stateLocked')}`}
        </div>
      </div>
      {source.type === 'keystore' ? <KeyActions account={account} open={open} show={props.show} /> : null}
      <Button
        type="primary"
        size="small"
        onClick={() => props.choose(account)}
        aria-label={`${t('use')} ${account.name}`}
      >
        {t('use')}
      </Button>
    </li>
  );
}

function KeyActions(props: { account: WalletAccount; open: boolean; show: (view: View) => void }) {
  const t = useTexts(walletTexts);
  const { account } = props;
  const { address, name } = account;
  return (
    <Space size={0} wrap className="wallet-row-keys">
      {props.open ? (
        <Button
          size="small"
          type="link"
          onClick={() => void openWallet().then((w) => w.keystore.lock(address))}
        >
          {t('lockNow')}
        </Button>
      ) : (
        <Button size="small" type="link" onClick={() => props.show({ name: 'unlock', account })}>
          {t('unlock')}
        </Button>
      )}
      <Button size="small" type="link" onClick={() => props.show({ name: 'export', account })}>
        {t('exportKey')}
      </Button>
      <Popconfirm
        title={t('removeTitle')}
        description={<div className="wallet-confirm">{t('removeLead')}</div>}
        okText={t('removeKey')}
        okButtonProps={{ danger: true }}
        cancelText={t('cancel')}
        onConfirm={() => openWallet().then((w) => w.keystore.remove(address))}
      >
        <Button size="small" type="link" danger aria-label={`${t('removeKey')} ${name}`}>
          {t('removeKey')}
        </Button>
      </Popconfirm>
    </Space>
  );
}

function Extensions(props: { state: WalletState }) {
  const t = useTexts(walletTexts);
  const { installed, extensions, accounts } = props.state;
  const ids = [...new Set([...installed, ...extensions.keys()])];
  const look = () => void openWallet().then((wallet) => wallet.look());
  if (ids.length === 0) {
    return (
      <Space orientation="vertical" className="wallet-stack">
        <span className="wallet-row-note">{t('noneInstalled')}</span>
        <Button size="small" onClick={look}>
          {t('lookAgain')}
        </Button>
      </Space>
    );
  }
  return (
    <ul className="wallet-list">
      {ids.map((id) => {
        const state = extensions.get(id);
        const own = accounts.filter((a) => a.source.type === 'extension' && a.source.id === id);
        return (
          <li key={id} className="wallet-row">
            <div className="wallet-row-text">
              <strong>{extensionName(id)}</strong>
              {state === 'connecting' ? <div className="wallet-row-note">{t('connecting')}</div> : null}
              {state === 'connected' ? (
                <div className="wallet-row-note">{own.length > 0 ? t('connected') : t('noAccountsIn')}</div>
              ) : null}
            </div>
            {state === 'connected' ? (
              <Button size="small" onClick={() => void openWallet().then((wallet) => wallet.disconnect(id))}>
                {t('disconnect')}
              </Button>
            ) : (
              <Button
                size="small"
                loading={state === 'connecting'}
                aria-label={`${t('connectTo')} ${extensionName(id)}`}
                onClick={() => void openWallet().then((wallet) => wallet.connect(id))}
              >
                {t('connectTo')}
              </Button>
            )}
            {state instanceof ExtensionFault ? <ProblemAlert error={state} type="warning" /> : null}
          </li>
        );
      })}
    </ul>
  );
}
