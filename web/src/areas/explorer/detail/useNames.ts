import { useMemo } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { namesQuery } from '../companies/queries';
import { texts } from '../texts';
import { purseOf } from './purse';

export interface KnownNames {
  /** The company's name, or `Company 7`. */
  company(id: number | string): string;
  /** What an account is known as; nothing for a person's. */
  account(account: string): string | undefined;
  /** All companies, by number. */
  readonly companies: readonly { readonly id: string; readonly name: string }[];
}

/** Names of companies, their treasuries, purses and validators; asked for once, and again after a while. */
export function useNames(): KnownNames {
  const t = useTexts(texts);
  const { data } = useAsk(namesQuery, {}, { staleTime: 60_000 });
  return useMemo(() => {
    const named = new Map(data?.companies.map(({ id, name }) => [id, name ?? undefined]));
    const company = (id: number | string) => named.get(String(id)) ?? t('companyNumber', { id });
    const accounts = new Map<string, string>();
    for (const { account, companyId } of data?.validators ?? []) {
      if (account !== null && companyId !== null) {
        accounts.set(account, t('validatorOf', { name: company(companyId) }));
      }
    }
    for (const { treasury, id } of data?.companies ?? []) {
      if (treasury !== null) accounts.set(treasury, t('treasuryOf', { name: company(id) }));
    }
    const purse = (account: string) => {
      const found = purseOf(account);
      if (found === undefined) return undefined;
      return found.kind === 'ledger' ? t('ledgerPurse') : t('clearingOf', { name: company(found.company) });
    };
    const companies = [...named.keys()].map((id) => ({ id, name: company(id) }));
    return { company, companies, account: (account) => accounts.get(account) ?? purse(account) };
  }, [data, t]);
}
