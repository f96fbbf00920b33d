import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { readBinding } from './binding';
import { explainTexts } from './explainTexts';
import { stateTexts } from './stateTexts';

type Class = 'economy' | 'comfort' | 'premium' | 'van';

/** What stood against a driver, in words. */
export function BindingSaid({ text }: { text: string | undefined }) {
  const t = useTexts(explainTexts);
  const s = useTexts(stateTexts);
  const f = useFormat();
  const read = text === undefined ? undefined : readBinding(text);
  if (read === undefined) return <>{text ?? '—'}</>;
  const by = (seconds: string | undefined) =>
    seconds === undefined ? '' : t('margin', { seconds: f.decimal(Number(seconds), 1) });
  const named = (name: string) => {
    const key = name.toLowerCase();
    return isClass(key) ? s(key) : name;
  };
  switch (read.what) {
    case 'stale':
      return <>{t('stalePosition', { time: f.duration(Number(read.seconds) * 1000) })}</>;
    case 'busy':
    case 'pending':
      return <>{t(read.what, { order: read.order })}</>;
    case 'wrongClass':
      return <>{t('wrongClass', { ordered: named(read.ordered), drives: named(read.drives) })}</>;
    case 'beyond':
      return <>{t('beyond', { distance: f.distance(Number(read.metres)) })}</>;
    case 'crowded':
      return <>{t('crowded', { others: read.others })}</>;
    case 'outbid':
      return <>{t('outbidBy', { order: read.order }) + by(read.seconds)}</>;
    case 'dearer':
      return <>{t('dearer', { driver: read.driver }) + by(read.seconds)}</>;
    case 'tooDear':
      return <>{t('tooDear') + by(read.seconds)}</>;
    case 'held':
      return <>{t('heldBack')}</>;
    default:
      return <>{t(read.what)}</>;
  }
}

function isClass(key: string): key is Class {
  return key === 'economy' || key === 'comfort' || key === 'premium' || key === 'van';
}
