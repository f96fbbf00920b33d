import { Button, Select } from 'antd';
import { useState } from 'react';
import { type Employer, employersOf } from '../../chain/employers';
import { openPortalChain } from '../../chain/shared';
import { useTexts } from '../../i18n/useTexts';
import { walletTexts } from '../texts';
import type { Draft } from '../transaction';

type Asked = Pick<Draft, 'account' | 'payer'>;

/** `failed`: the node does not tell. */
type Told = { readonly others: readonly Employer[] } | 'asking' | 'failed';

/** For who works for several companies: which of them bears the fees from now on. The chain is asked only by who wants to know. */
export function OtherPayer({ draft, drawOn }: { draft: Asked; drawOn: (company: number) => void }) {
  const t = useTexts(walletTexts);
  const [told, tell] = useState<Told>();
  const { account, payer } = draft;
  const ask = async () => {
    tell('asking');
    try {
      const chain = await openPortalChain();
      const employers = await employersOf(chain, account.address, Math.floor(Date.now() / 1000));
      tell({ others: employers.filter(({ company }) => company !== payer?.company) });
    } catch {
      tell('failed');
    }
  };
  if (told === undefined || told === 'asking')
    return (
      <div>
        <Button
          className="wallet-link"
          type="link"
          size="small"
          loading={told === 'asking'}
          onClick={() => void ask()}
        >
          {t('otherPayer')}
        </Button>
      </div>
    );
  if (told === 'failed') return <div className="wallet-row-note">{t('otherPayerFailed')}</div>;
  if (told.others.length === 0) return <div className="wallet-row-note">{t('noOtherPayer')}</div>;
  return <Choose others={told.others} drawOn={drawOn} />;
}

function Choose({ others, drawOn }: { others: readonly Employer[]; drawOn: (company: number) => void }) {
  const t = useTexts(walletTexts);
  const [chosen, choose] = useState<number>();
  const company = chosen ?? others[0]?.company;
  return (
    <div className="wallet-payer">
      <Select
        size="small"
        aria-label={t('otherPayer')}
        value={company ?? null}
        options={others.map((one) => ({
          value: one.company,
          label: one.name ?? t('companyNumber', { id: String(one.company) }),
        }))}
        onChange={(next: number | null) => choose(next ?? undefined)}
      />
      <Button
        size="small"
        onClick={() => {
          if (company !== undefined) drawOn(company);
        }}
      >
        {t('drawOn')}
      </Button>
    </div>
  );
}
