import { Alert } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Facts } from '../../../ui/Facts';
import { Section } from '../detail/Section';
import { Money } from '../detail/values';
import type { MoneyQuery } from '../graphql/graphql';
import { useNodeAnswer } from '../node/useNode';
import { invariantsAt, issuanceAt } from './issuance';
import { texts } from './texts';

/** Compares what all accounts of the index add up to with what the node's state says was issued. */
export function SumCheck({ of }: { of: MoneyQuery }) {
  const hash = of._meta?.block?.hash;
  return hash == null ? null : <AtBlock of={of} hash={hash} number={of._meta?.block?.number ?? 0} />;
}

function AtBlock({ of, hash, number }: { of: MoneyQuery; hash: string; number: number }) {
  const t = useTexts(texts);
  const f = useFormat();
  const issued = useNodeAnswer(
    ['issuance', hash],
    (chain) => issuanceAt(chain, hash),
    Number.POSITIVE_INFINITY,
  );
  const [balances] = of.balances;
  const sum = BigInt(balances?.sum.free ?? '0') + BigInt(balances?.sum.held ?? '0');
  const said = {
    block: f.count(number),
    sum: f.money(sum),
    accounts: f.count(balances?.count ?? '0'),
    issuance: issued.data === undefined ? '' : f.money(issued.data),
  };
  return (
    <div className="x-columns">
      <Section title={t('check')}>
        {issued.isError ? (
          <Alert type="warning" showIcon title={t('checkSilent')} description={issued.error.message} />
        ) : issued.data === undefined ? (
          <Alert type="info" title={t('checking')} />
        ) : issued.data === sum ? (
          <Alert type="success" showIcon title={t('checkRight')} description={t('checkRightText', said)} />
        ) : (
          <Alert type="error" showIcon title={t('checkWrong')} description={t('checkWrongText', said)} />
        )}
      </Section>
      <Section title={t('invariants')}>
        <ChainCheck hash={hash} />
      </Section>
    </div>
  );
}

function ChainCheck({ hash }: { hash: string }) {
  const t = useTexts(texts);
  const query = useNodeAnswer(
    ['invariants', hash],
    (chain) => invariantsAt(chain, hash),
    Number.POSITIVE_INFINITY,
  );
  if (query.isError)
    return <Alert type="warning" showIcon title={t('checkSilent')} description={query.error.message} />;
  if (query.data === undefined) return <Alert type="info" title={t('checking')} />;
  if (query.data === null) return <Alert type="info" showIcon title={t('invariantsRefused')} />;
  const { holds, violation, ledgers, ledgerAccount } = query.data;
  return (
    <div className="x-stack">
      {holds ? (
        <Alert type="success" showIcon title={t('invariantsHold')} />
      ) : (
        <Alert type="error" showIcon title={t('invariantsBroken', { violation: violation ?? '' })} />
      )}
      <Facts
        facts={[
          [t('ledgers'), <Money key="ledgers" units={ledgers} />],
          [t('ledgerAccount'), <Money key="account" units={ledgerAccount} />],
        ]}
      />
    </div>
  );
}
