import { useQuery } from '@tanstack/react-query';
import { openPortalChain } from '../../../../chain/shared';
import { useFormat } from '../../../../format/useFormat';
import { useTexts } from '../../../../i18n/useTexts';
import { Amount } from '../../../../ui/Amount';
import { Answered } from '../../../../ui/answers';
import { Figure, Figures } from '../../../../ui/Figure';
import { blocksUntil, percentLeft } from '../../../../wallet/fee';
import { texts } from './texts';

/** Milliseconds from one block to the next. */
const blockMs = 2_000;

/** Fees that the company is spared: what is left now, as the node says. */
export function AllowanceFigures({ company }: { company: number }) {
  const t = useTexts(texts);
  const f = useFormat();
  const query = useQuery({
    queryKey: ['fleet', 'allowance', company],
    queryFn: async () => {
      const [chain, { allowanceOf }] = await Promise.all([
        openPortalChain(),
        import('../../../../chain/allowance'),
      ]);
      await chain.ready(15_000);
      return (await allowanceOf(chain, company)) ?? null;
    },
    refetchInterval: 10_000,
  });
  return (
    <section className="f-stack f-tight" aria-label={t('allowance')}>
      <h2 className="f-heading">{t('allowance')}</h2>
      <p className="f-none f-quiet">{t('allowanceLead')}</p>
      <Answered query={query} rows={2}>
        {(allowance) => {
          if (allowance === null || allowance.max === 0n) return <p className="f-none">{t('noAllowance')}</p>;
          const blocks = blocksUntil(allowance, allowance.max);
          return (
            <Figures>
              <Figure
                name={t('left')}
                value={<Amount value={allowance.left} fen />}
                hint={t('leftOf', {
                  max: f.money(allowance.max),
                  percent: String(percentLeft(allowance)),
                })}
              />
              <Figure
                name={t('recovery')}
                value={<Amount value={allowance.recovery} />}
                hint={
                  blocks === undefined
                    ? t('neverFull')
                    : blocks === 0
                      ? t('full')
                      : t('fullIn', { time: f.duration(blocks * blockMs) })
                }
              />
            </Figures>
          );
        }}
      </Answered>
    </section>
  );
}
