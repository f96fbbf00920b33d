import { App, Button } from 'antd';
import { useState } from 'react';
import { useChain } from '../../../chain/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { StateTag } from '../../../ui/StateTag';
import type { WalletAccount } from '../../../wallet/account';
import { callOf, submit } from '../../../wallet/requests';
import { type Motion, type Standing, voteOf } from './motion';
import { texts } from './texts';

/** Votes for who has a seat, and the end of the vote for anybody once it is decided. Both are signed by the wallet. */
export function MotionActions(props: {
  motion: Motion;
  standing: Standing;
  seat: WalletAccount | undefined;
}) {
  const { motion, standing, seat } = props;
  const [isBusy, setBusy] = useState(false);
  const shared = { motion, isBusy, setBusy };
  if (standing !== 'voting') return <Close {...shared} standing={standing} seat={seat} />;
  return seat === undefined ? null : <Votes {...shared} seat={seat} />;
}

interface Shared {
  readonly motion: Motion;
  readonly isBusy: boolean;
  readonly setBusy: (isBusy: boolean) => void;
}

function Votes({ motion, isBusy, setBusy, seat }: Shared & { seat: WalletAccount }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const own = voteOf(motion, seat.address);
  const vote = async (approve: boolean) => {
    setBusy(true);
    const { hash: proposal, index } = motion;
    const outcome = await submit(callOf('Council', 'vote', { proposal, index, approve }), seat);
    setBusy(false);
    if (outcome.result === 'done') void message.success(t('voted'));
  };
  return (
    <div className="o-row">
      <Button type="primary" disabled={isBusy || own === 'aye'} onClick={() => void vote(true)}>
        {t('aye')}
      </Button>
      <Button disabled={isBusy || own === 'nay'} onClick={() => void vote(false)}>
        {t('nay')}
      </Button>
      {own === undefined ? null : (
        <StateTag tone={own === 'aye' ? 'good' : 'bad'} text={t(own === 'aye' ? 'votedAye' : 'votedNay')} />
      )}
    </div>
  );
}

function Close(props: Shared & { standing: Standing; seat: WalletAccount | undefined }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const { chain } = useChain();
  const { motion, isBusy, setBusy } = props;
  const { call, bytes, hash, index } = motion;
  if (call === undefined) return null;
  const close = async () => {
    if (chain === undefined) return;
    setBusy(true);
    try {
      const { weightOf } = await import('../../../chain/weight');
      // The chain reads no more of the call than this, and does nothing that weighs more.
      const proposal_weight_bound = await weightOf(chain, call, bytes);
      const outcome = await submit(
        callOf('Council', 'close', {
          proposal_hash: hash,
          index,
          proposal_weight_bound,
          length_bound: bytes,
        }),
        props.seat,
      );
      if (outcome.result !== 'done') return;
      const refused = outcome.inclusion.parts.length > 0;
      void (refused ? message.warning(t('failedInside')) : message.success(t('closed')));
    } catch {
      void message.error(t('weightFailed'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="o-row">
      <Button
        type={props.standing === 'carried' ? 'primary' : 'default'}
        disabled={isBusy || chain === undefined}
        onClick={() => void close()}
      >
        {t(props.standing === 'carried' ? 'closeDo' : 'closeDrop')}
      </Button>
      <span className="o-note">{t('closeAnybody')}</span>
    </div>
  );
}
