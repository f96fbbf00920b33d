import { Collapse, Space } from 'antd';
import type { Description } from '../../chain/calls/describe';
import { hex } from '../../chain/calls/words';
import { shorten } from '../../format/ids';
import { formatMoney } from '../../format/money';
import { formatDuration } from '../../format/times';
import { useLanguage, useTexts } from '../../i18n/useTexts';
import { Copy } from '../../ui/Copy';
import { CallArguments, CallView } from '../CallView';
import { type Blocker, bearerOf, blockerOf, blocksUntil, percentLeft } from '../fee';
import type { Problem } from '../problem';
import { walletTexts } from '../texts';
import { type Draft, MORTAL_FOR } from '../transaction';
import { OtherPayer } from './OtherPayer';
import { ProblemAlert } from './ProblemAlert';

/** Milliseconds from one block to the next. */
const BLOCK_MS = 2_000;

/** All that a person should know before signing. */
export function Review(props: {
  draft: Draft;
  description: Description;
  /** Has another company bear the account's fees. Missing: that cannot be chosen now. */
  drawOn?: (company: number) => void;
}) {
  const t = useTexts(walletTexts);
  const { draft, description } = props;
  const { account, balance } = draft;
  const problem = useProblem(draft);
  return (
    <Space orientation="vertical" size="middle" className="wallet-stack">
      <CallView description={description} />
      {problem ? <ProblemAlert problem={problem} /> : null}
      <dl className="wallet-args">
        <dt>{t('account')}</dt>
        <dd>
          <strong>{account.name}</strong>{' '}
          <span className="code" title={account.address}>
            {shorten(account.address)}
          </span>
        </dd>
        <dt>{t('network')}</dt>
        <dd>
          SmartLinkDrive{' '}
          <span className="code wallet-row-note" title={draft.genesis}>
            {shorten(draft.genesis)}
          </span>
        </dd>
        <dt>{t('fee')}</dt>
        <dd>
          <Fee draft={draft} />
          {props.drawOn === undefined || isDrawing(draft) ? null : (
            <OtherPayer key={account.address} draft={draft} drawOn={props.drawOn} />
          )}
        </dd>
        <dt>{t('balance')}</dt>
        <dd className="numbers">{formatMoney(balance.spendable)}</dd>
        <dt title={t('nonceTitle')}>{t('nonce')}</dt>
        <dd className="numbers">{draft.nonce}</dd>
      </dl>
      <Collapse
        size="small"
        ghost
        items={[{ key: 'all', label: t('details'), children: <Everything {...props} /> }]}
      />
    </Space>
  );
}

/** Who chooses another company already needs no second choice. */
const isDrawing = ({ call }: Draft) => call.type === 'Allowance' && call.value.type === 'draw_on';

/** What the account pays, or whose allowance saves it that. */
function Fee({ draft }: { draft: Draft }) {
  const t = useTexts(walletTexts);
  const company = useCompany(draft);
  const { fee, payer } = draft;
  switch (bearerOf(draft)) {
    case 'none':
      return t('noFee');
    case 'allowance':
      return t('spared', { company, percent: String(payer === undefined ? 0 : percentLeft(payer)) });
    case 'account':
      return (
        <>
          <span className="numbers">{`${formatMoney(fee)} (${t('feeEstimated')})`}</span>
          {payer !== undefined && blocksUntil(payer, fee) !== undefined ? (
            <div className="wallet-row-note">{t('noRoom', { company })}</div>
          ) : null}
        </>
      );
  }
}

/** What the company is called that spares the account fees. */
function useCompany({ payer }: Draft): string {
  const t = useTexts(walletTexts);
  return payer?.name ?? t('companyNumber', { id: String(payer?.company ?? 0) });
}

/** Why it cannot be signed, and what helps. */
function useProblem(draft: Draft): Problem | undefined {
  const t = useTexts(walletTexts);
  const language = useLanguage();
  const company = useCompany(draft);
  const blocker = blockerOf(draft);
  if (blocker === undefined) return undefined;
  const fee = formatMoney(draft.fee);
  const balance = formatMoney(draft.balance.payable);
  const blocks = draft.payer === undefined ? 0 : (blocksUntil(draft.payer, draft.fee) ?? 0);
  const time = formatDuration(blocks * BLOCK_MS, language);
  const problems: Record<Blocker, Problem> = {
    otherNetwork: { title: t('otherNetwork'), remedy: t('otherNetwork.do') },
    absent: { title: t('absent'), remedy: t('absent.do') },
    usedUp: { title: t('usedUp', { company }), remedy: t('usedUp.do', { time, fee, balance }) },
    poor: { title: t('poor'), remedy: t('poor.do', { fee, balance }) },
  };
  return problems[blocker];
}

function Everything(props: Pick<Parameters<typeof Review>[0], 'draft' | 'description'>) {
  const t = useTexts(walletTexts);
  const { draft, description } = props;
  const raw = hex(draft.bytes);
  const validity = { count: String(MORTAL_FOR), minutes: String(Math.floor((MORTAL_FOR * 2) / 60)) };
  return (
    <>
      <CallArguments description={description} />
      <dl className="wallet-args wallet-danger">
        <dt>{t('runtime')}</dt>
        <dd>{draft.specVersion}</dd>
        <dt>{t('validFor')}</dt>
        <dd>{t('validBlocks', validity)}</dd>
        <dt>
          {t('rawCall')} <Copy text={raw} />
        </dt>
        <dd>
          <pre className="wallet-raw code">{raw}</pre>
        </dd>
      </dl>
    </>
  );
}
