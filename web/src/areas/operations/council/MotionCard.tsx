import { Alert, Card } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { AccountName, Hash } from '../../../ui/links';
import { StateTag, type Tone } from '../../../ui/StateTag';
import type { WalletAccount } from '../../../wallet/account';
import { CallArguments, CallView } from '../../../wallet/CallView';
import { AdmitWarning } from './AdmitWarning';
import { MotionActions } from './MotionActions';
import { type Motion, type Standing, type Tally, tallyOf } from './motion';
import { texts } from './texts';
import { useDescription } from './useCouncil';

/** Milliseconds from one block to the next, as `Babe.ExpectedBlockTime` says. */
interface Clock {
  readonly block: number;
  readonly blockMs: number;
}

interface Props extends Clock {
  readonly motion: Motion;
  readonly members: readonly string[];
  readonly seat: WalletAccount | undefined;
  readonly nameOf: (account: string) => string | undefined;
}

const tones: Readonly<Record<Standing, Tone>> = {
  carried: 'good',
  lost: 'bad',
  expired: 'warn',
  voting: 'busy',
};

/** A motion that is voted on: what it would do, who voted how, when it ends, and what one can do. */
export function MotionCard(props: Props) {
  const t = useTexts(texts);
  const f = useFormat();
  const { motion, members, block, blockMs, nameOf } = props;
  const tally = tallyOf(motion, members, block);
  const left = motion.end - block;
  return (
    <Card
      size="small"
      title={<h3 className="o-heading">{t('motion', { index: motion.index })}</h3>}
      extra={<StateTag tone={tones[tally.standing]} text={saidOf(tally, t)} />}
    >
      <div className="o-stack">
        <Proposal motion={motion} />
        {motion.call === undefined ? null : <AdmitWarning call={motion.call} />}
        <VoteBar motion={motion} tally={tally} />
        <Facts
          facts={[
            [t('inFavour'), <Voters key="ayes" of={motion.ayes} nameOf={nameOf} />],
            [t('against'), <Voters key="nays" of={motion.nays} nameOf={nameOf} />],
            [t('silent'), <Voters key="silent" of={tally.silent} nameOf={nameOf} />],
            [
              t('ends'),
              left > 0
                ? t('endsIn', { block: f.count(motion.end), time: f.duration(left * blockMs) })
                : t('ended', { block: f.count(motion.end) }),
            ],
            [t('hash'), <Hash key="hash" value={motion.hash} />],
          ]}
        />
        <MotionActions motion={motion} standing={tally.standing} seat={props.seat} />
      </div>
    </Card>
  );
}

function saidOf(tally: Tally, t: ReturnType<typeof useTexts<typeof texts.en>>): string {
  return tally.standing === 'voting' ? t('voting', { count: tally.missing }) : t(tally.standing);
}

/** What the council would do, in words, and its arguments for who wants to see them. */
function Proposal({ motion }: { motion: Motion }) {
  const t = useTexts(texts);
  const description = useDescription(motion.call);
  if (motion.call === undefined || description === null)
    return <Alert type="warning" showIcon title={t('unreadable')} />;
  if (description === undefined) return <Loading rows={1} />;
  return (
    <div>
      <CallView description={description} />
      <details className="o-details">
        <summary>
          {description.pallet}.{description.call}
        </summary>
        <CallArguments description={description} />
      </details>
    </div>
  );
}

/** Votes in favour and against beside what it takes. */
function VoteBar({ motion, tally }: { motion: Motion; tally: Tally }) {
  const t = useTexts(texts);
  const { ayes, nays, silent } = tally;
  const seats = Math.max(1, ayes + nays + silent.length);
  const width = (count: number) => `${(100 * count) / seats}%`;
  return (
    <div>
      <div className="o-votes" aria-hidden="true">
        <i className="o-ayes" style={{ width: width(ayes) }} />
        <i className="o-nays" style={{ width: width(nays), marginLeft: 'auto' }} />
        <b style={{ left: width(Math.min(motion.threshold, seats)) }} />
      </div>
      <p className="o-note">
        {t('votes', { ayes, nays, silent: silent.length, threshold: motion.threshold })}
      </p>
    </div>
  );
}

function Voters(props: { of: readonly string[]; nameOf: (account: string) => string | undefined }) {
  const t = useTexts(texts);
  if (props.of.length === 0) return <span className="o-quiet">{t('nobody')}</span>;
  return (
    <span className="o-row">
      {props.of.map((account) => (
        <AccountName key={account} account={account} name={props.nameOf(account)} />
      ))}
    </span>
  );
}
