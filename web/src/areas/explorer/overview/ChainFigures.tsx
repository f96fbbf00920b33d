import { beefyHead$ } from '../../../chain/beefy';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { blockPath } from '../../../route/paths';
import { Figure, Figures } from '../../../ui/Figure';
import { useNodeFollow } from '../node/useNode';
import type { Heights } from './chain';
import { texts } from './texts';

/** How far the chain is: best and final block, what is signed for Ethereum, and the session. */
export function ChainFigures(props: {
  heights: Heights;
  session: { number: number | null; blockNumber: number } | undefined;
}) {
  const t = useTexts(texts);
  const f = useFormat();
  const { best, final, lag } = props.heights;
  const beefy = useNodeFollow(beefyHead$);
  const count = (value: number | undefined | null) =>
    value === undefined || value === null ? '—' : f.count(value);
  const behind = beefy === undefined || final === undefined ? undefined : Math.max(0, final - beefy.number);
  return (
    <Figures>
      <Figure name={t('best')} value={count(best)} {...(best === undefined ? {} : { to: blockPath(best) })} />
      <Figure
        name={t('finalBlock')}
        value={count(final)}
        {...(final === undefined ? {} : { to: blockPath(final) })}
      />
      <Figure name={t('lag')} value={count(lag)} />
      <Figure
        name={t('beefy')}
        value={count(beefy?.number)}
        hint={behind === undefined ? t('beefyNone') : t('beefyNote', { count: behind })}
        {...(beefy === undefined ? {} : { to: blockPath(beefy.number) })}
      />
      <Figure
        name={t('session')}
        value={count(props.session?.number)}
        to="/explorer/validators"
        {...(props.session === undefined
          ? {}
          : { hint: t('sessionNote', { block: f.count(props.session.blockNumber) }) })}
      />
    </Figures>
  );
}
