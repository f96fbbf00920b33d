import { useMemo } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { texts } from '../texts';
import { companiesQuery } from './queries';

/** All companies of the consortium, and how they are called. */
export function useCompanies() {
  const t = useTexts(texts);
  const { data } = useAsk(companiesQuery, {}, { staleTime: 60_000 });
  return useMemo(() => {
    const all = (data?.companies ?? []).flatMap(({ company, name }) =>
      company === null ? [] : [{ id: company, name: name ?? t('companyNumber', { id: company }) }],
    );
    const names = new Map(all.map(({ id, name }) => [id, name]));
    return { all, name: (id: number) => names.get(id) ?? t('companyNumber', { id }) };
  }, [data, t]);
}
