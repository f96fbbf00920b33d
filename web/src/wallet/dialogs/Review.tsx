import { Collapse, Space } from 'antd';
import type { Description } from '../../chain/calls/describe';
import { hex } from '../../chain/calls/words';
import { shorten } from '../../format/ids';
import { formatMoney } from '../../format/money';
import { useTexts } from '../../i18n/useTexts';
import { Copy } from '../../ui/Copy';
import { CallArguments, CallView } from '../CallView';
import type { Problem } from '../problem';
import { walletTexts } from '../texts';
import { type Draft, MORTAL_FOR } from '../transaction';
import { ProblemAlert } from './ProblemAlert';

/** Why a draft cannot be signed, if it cannot. */
export function blockerOf(draft: Draft): 'otherNetwork' | 'poor' | undefined {
  const { genesis } = draft.account;
  if (genesis !== undefined && genesis !== draft.genesis) return 'otherNetwork';
  return draft.fee > draft.balance.spendable ? 'poor' : undefined;
}

/** All that a person should know before signing. */
export function Review(props: { draft: Draft; description: Description }) {
  const t = useTexts(walletTexts);
  const { draft, description } = props;
  const { account, balance } = draft;
  const blocker = blockerOf(draft);
  const problems: Record<'otherNetwork' | 'poor', Problem> = {
    otherNetwork: { title: t('otherNetwork'), remedy: t('otherNetwork.do') },
    poor: {
      title: t('poor'),
      remedy: t('poor.do', { fee: formatMoney(draft.fee), balance: formatMoney(balance.spendable) }),
    },
  };
  return (
    <Space orientation="vertical" size="middle" className="wallet-stack">
      <CallView description={description} />
      {blocker ? <ProblemAlert problem={problems[blocker]} /> : null}
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
        <dd className="numbers">
          {draft.fee === 0n ? t('noFee') : `${formatMoney(draft.fee)} (${t('feeEstimated')})`}
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

function Everything(props: { draft: Draft; description: Description }) {
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
