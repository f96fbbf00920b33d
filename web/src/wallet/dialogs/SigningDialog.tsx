import { Button, Modal, Skeleton, Space } from 'antd';
import { useState } from 'react';
import type { DecodedCall } from '../../chain/metadata';
import { useTexts } from '../../i18n/useTexts';
import type { WalletAccount } from '../account';
import { extensionName } from '../extensions';
import { blockerOf } from '../fee';
import { Refused } from '../refused';
import { callOf, endRequest, type Outcome, type WalletRequest } from '../requests';
import { useWallet } from '../shared';
import { walletTexts } from '../texts';
import ConnectDialog from './ConnectDialog';
import { ProblemAlert } from './ProblemAlert';
import { ProgressView } from './ProgressView';
import { Review } from './Review';
import { Unlock } from './Unlock';
import { type Stage, useSigning } from './useSigning';
import './wallet.css';

/** Shows what a call does before it is signed, and what becomes of it. */
export default function SigningDialog(props: { request: Extract<WalletRequest, { kind: 'sign' }> }) {
  const t = useTexts(walletTexts);
  const { request } = props;
  const state = useWallet();
  const [picked, setPicked] = useState<WalletAccount>();
  const account = picked ?? request.account ?? state?.selected;
  const { stage, signNow, again } = useSigning(request.call, account);
  const [unlocking, setUnlocking] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [drawing, setDrawing] = useState<DecodedCall>();

  const end = (outcome: Outcome) => {
    endRequest(request);
    request.resolve(outcome);
  };
  if (choosing || (state && !account)) {
    const chosen = (other: WalletAccount | undefined) => {
      setChoosing(false);
      if (other) setPicked(other);
      else if (!account) end({ result: 'cancelled' });
    };
    return <ConnectDialog request={{ kind: 'connect', resolve: chosen }} />;
  }
  if (drawing !== undefined && account)
    return (
      <SigningDialog
        request={{
          kind: 'sign',
          call: drawing,
          account,
          resolve: () => {
            setDrawing(undefined);
            again();
          },
        }}
      />
    );
  const choose = () => setChoosing(true);
  const locked =
    account?.source.type === 'keystore' && state !== undefined && !state.open.has(account.address);
  const start = () => {
    if (stage.name !== 'review') return;
    if (locked) setUnlocking(true);
    else void signNow(stage.draft, stage.description);
  };
  return (
    <Modal
      open
      title={t('signTitle')}
      mask={{ closable: false }}
      footer={null}
      onCancel={() => end(outcomeOf(stage))}
      width={640}
    >
      <Space orientation="vertical" size="middle" className="wallet-stack">
        {stage.name === 'preparing' ? <Preparing /> : null}
        {stage.name === 'stuck' ? <ProblemAlert error={stage.error} /> : null}
        {stage.name === 'review' || stage.name === 'signing' ? (
          <Review
            draft={stage.draft}
            description={stage.description}
            {...(stage.name === 'review' ? { drawOn: (company) => setDrawing(drawOn(company)) } : {})}
          />
        ) : null}
        {stage.name === 'review' && stage.error !== undefined ? (
          <ProblemAlert error={stage.error} type={stage.error instanceof Refused ? 'warning' : 'error'} />
        ) : null}
        {stage.name === 'following' ? <ProgressView stage={stage} /> : null}
        {unlocking && account && stage.name === 'review' ? (
          <Unlock
            account={account}
            cancel={() => setUnlocking(false)}
            done={() => {
              setUnlocking(false);
              void signNow(stage.draft, stage.description);
            }}
          />
        ) : (
          <Actions
            stage={stage}
            sign={start}
            again={again}
            choose={choose}
            close={() => end(outcomeOf(stage))}
          />
        )}
      </Space>
    </Modal>
  );
}

/** From now on another company bears the fees of who signs. */
const drawOn = (company: number) => callOf('Allowance', 'draw_on', { company });

function Preparing() {
  const t = useTexts(walletTexts);
  return (
    <div role="status" aria-busy="true">
      <p className="wallet-row-note">{t('preparing')}</p>
      <Skeleton active title={false} paragraph={{ rows: 4 }} />
    </div>
  );
}

function Actions(props: {
  stage: Stage;
  sign: () => void;
  again: () => void;
  choose: () => void;
  close: () => void;
}) {
  const t = useTexts(walletTexts);
  const { stage } = props;
  if (stage.name === 'following') {
    const retry = stage.progress.step === 'refused' || stage.progress.step === 'expired';
    return (
      <div className="wallet-actions">
        {retry ? <Button onClick={props.again}>{t('retry')}</Button> : null}
        <Button type={retry ? 'default' : 'primary'} onClick={props.close}>
          {t('close')}
        </Button>
      </div>
    );
  }
  const source = stage.name === 'signing' ? stage.draft.account.source : undefined;
  const waiting =
    source?.type === 'extension' ? t('signInWallet', { wallet: extensionName(source.id) }) : t('signing');
  const stale = stage.name === 'stuck' || (stage.name === 'review' && isUpgraded(stage.error));
  return (
    <div className="wallet-actions">
      <Button onClick={props.close} disabled={stage.name === 'signing'}>
        {t('cancel')}
      </Button>
      {stage.name === 'signing' ? null : <Button onClick={props.choose}>{t('chooseOther')}</Button>}
      {stale ? (
        <Button type="primary" onClick={props.again}>
          {t('retry')}
        </Button>
      ) : (
        <Button
          type="primary"
          danger={stage.name === 'review' && stage.description.danger?.level === 'critical'}
          loading={stage.name === 'signing'}
          disabled={stage.name !== 'review' || blockerOf(stage.draft) !== undefined}
          onClick={props.sign}
        >
          {stage.name === 'signing' ? waiting : t('sign')}
        </Button>
      )}
    </div>
  );
}

function isUpgraded(error: unknown): boolean {
  return error instanceof Error && error.name === 'Upgraded';
}

/** What the page is told when the dialog is closed now. */
function outcomeOf(stage: Stage): Outcome {
  if (stage.name !== 'following') return { result: 'cancelled' };
  const { progress } = stage;
  const { hash } = progress;
  switch (progress.step) {
    case 'final': {
      const { inclusion } = progress;
      return inclusion.refusal
        ? { result: 'failed', hash, inclusion, refusal: inclusion.refusal }
        : { result: 'done', hash, inclusion };
    }
    case 'refused':
    case 'expired':
      return { result: progress.step, hash };
    default:
      return { result: 'unknown', hash };
  }
}
