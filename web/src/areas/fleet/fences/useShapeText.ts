import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import type { FenceShape } from '../../../map';
import { texts } from './texts';

/** What kind of shape a geofence has, in words. */
export function useShapeText(): (shape: FenceShape) => string {
  const t = useTexts(texts);
  const f = useFormat();
  return (shape) => {
    if (shape.kind === 'circle') return t('circle', { radius: f.distance(shape.radiusM) });
    if (shape.kind === 'corridor') return t('corridor', { width: f.distance(shape.widthM) });
    return t(shape.kind);
  };
}
