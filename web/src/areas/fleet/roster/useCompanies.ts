import { useMemo } from 'react';
import { standingOf } from '../../../format/standing';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { texts } from '../texts';
import { companiesQuery } from './queries';

/** All companies of the consortium, and how they are called. */
export function useCompanies() {
  const t = useTexts(texts);
  const query = useAsk(companiesQuery, {}, { staleTime: 60_000 });
  const { data } = query;
  return useMemo(() => {
    const all = (data?.companies ?? []).flatMap((row) =>
      row.company === null
        ? []
        : [
            {
              id: row.company,
              name: row.name ?? t('companyNumber', { id: row.company }),
              kind: row.kind,
              standing: standingOf(row, Date.now()),
              treasury: row.treasury,
            },
          ],
    );
    const names = new Map(all.map(({ id, name }) => [id, name]));
    return { all, name: (id: number) => names.get(id) ?? t('companyNumber', { id }) };
  }, [data, t]);
}
