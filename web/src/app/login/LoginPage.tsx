import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { Alert, Button, Card } from 'antd';
import { useState } from 'react';
import { ApiError } from '../../api/errors';
import { explain } from '../../api/explain';
import { useSession } from '../../api/hooks';
import { type Ended, session } from '../../api/session';
import { shorten } from '../../format/ids';
import { useTexts } from '../../i18n/useTexts';
import { Loading } from '../../ui/answers';
import { Page } from '../../ui/Page';
import type { WalletAccount } from '../../wallet/account';
import { problemOf } from '../../wallet/problem';
import { chooseAccount, loginSigner } from '../../wallet/requests';
import { useWallet } from '../../wallet/shared';
import { rolesInWords } from '../roleNames';
import { appTexts } from '../texts';
import { loginTexts } from './texts';
import './login.css';

const route = getRouteApi('/login');

/** Logs in with a wallet, and leads back to where one was. */
export function LoginPage() {
  const t = useTexts(loginTexts);
  const who = useSession();
  const [ended] = useState(() => session.ended());
  return (
    <Page title={t('title')} lead={t('lead')} narrow>
      {who === null && ended !== null ? <WhyHere ended={ended} /> : null}
      <Card>{who === null ? <WithWallet /> : <AlreadyIn />}</Card>
    </Page>
  );
}

function WhyHere(props: { ended: Ended }) {
  const t = useTexts(loginTexts);
  if (props.ended === 'logged_out') return <Alert type="info" showIcon title={t('loggedOut')} />;
  return <Alert type="warning" showIcon title={t(props.ended)} />;
}

function useGoBack(): () => void {
  const router = useRouter();
  const { from } = route.useSearch();
  return () => router.history.push(from ?? '/');
}

function AlreadyIn() {
  const t = useTexts(loginTexts);
  const app = useTexts(appTexts);
  const who = useSession();
  const goBack = useGoBack();
  const navigate = useNavigate();
  if (who === null) return null;
  const leave = async () => {
    await navigate({ to: '/login', search: {} });
    await session.logout();
  };
  return (
    <div className="login">
      <p>{t('in', { account: shorten(who.wallet, 8, 6), roles: rolesInWords(app, who.roles) })}</p>
      <div className="login-actions">
        <Button type="primary" onClick={goBack}>
          {t('goOn')}
        </Button>
        <Button onClick={() => void leave()}>{app('logOut')}</Button>
      </div>
    </div>
  );
}

type Step = 'choosing' | 'signing' | null;

function WithWallet() {
  const t = useTexts(loginTexts);
  const wallet = useWallet();
  const goBack = useGoBack();
  const [step, setStep] = useState<Step>(null);
  const [failure, setFailure] = useState<unknown>(null);

  const logIn = async (account: WalletAccount) => {
    setStep('signing');
    setFailure(null);
    try {
      await session.login(loginSigner(account));
      goBack();
    } catch (error) {
      setFailure(error);
    } finally {
      setStep(null);
    }
  };
  const choose = async () => {
    setStep('choosing');
    const account = await chooseAccount();
    setStep(null);
    if (account !== undefined) await logIn(account);
  };

  if (wallet === undefined || !wallet.ready) return <Loading rows={3} />;
  const account = wallet.selected;
  const none = wallet.installed.length === 0 && wallet.accounts.length === 0;
  return (
    <div className="login">
      {failure === null ? null : <WhyNot error={failure} />}
      {account === undefined ? (
        <p>{none ? t('noWallet') : t('choose')}</p>
      ) : (
        <div className="login-account">
          <strong>{account.name}</strong>
          <span className="code" title={account.address}>
            {shorten(account.address, 10, 8)}
          </span>
        </div>
      )}
      <div className="login-actions">
        {account === undefined ? null : (
          <Button
            type="primary"
            size="large"
            loading={step === 'signing'}
            onClick={() => void logIn(account)}
          >
            {t('with', { name: account.name })}
          </Button>
        )}
        <Button
          size="large"
          type={account === undefined ? 'primary' : 'default'}
          disabled={step === 'signing'}
          onClick={() => void choose()}
        >
          {account !== undefined ? t('other') : none ? t('makeKey') : t('chooseButton')}
        </Button>
      </div>
      {step === 'signing' ? <p role="status">{t('signing')}</p> : null}
      {none ? (
        <p className="login-hint">
          {t('installed')}{' '}
          {wallets.map(([name, address], i) => (
            <span key={name}>
              {i === 0 ? '' : ' · '}
              <a href={address} target="_blank" rel="noreferrer">
                {name}
              </a>
            </span>
          ))}
        </p>
      ) : null}
    </div>
  );
}

/** Where the extensions are that people of this kind of chain use. */
const wallets = [
  ['Polkadot.js', 'https://polkadot.js.org/extension/'],
  ['Talisman', 'https://talisman.xyz/'],
  ['SubWallet', 'https://www.subwallet.app/'],
] as const;

function WhyNot(props: { error: unknown }) {
  const { title, remedy } = props.error instanceof ApiError ? explain(props.error) : problemOf(props.error);
  return <Alert type="error" showIcon role="alert" title={title} description={remedy} />;
}
