import type { Say } from '../../i18n/texts';
import type { mapTexts } from '../texts';
import { RADIUS_M, type ShapeFault, WIDTH_M } from './shape';

/** Says what is wrong with a shape, and what to do. People count from 1. */
export function faultText(fault: ShapeFault, t: Say<(typeof mapTexts)['en']>): string {
  switch (fault.kind) {
    case 'not_a_place':
      return t('faultPlace', { number: fault.at + 1 });
    case 'too_few':
      return t('faultFew', { least: fault.least });
    case 'too_many':
      return t('faultMany', { most: fault.most });
    case 'not_closed':
      return t('faultClosed');
    case 'twice':
      return t('faultTwice', { number: fault.at + 1 });
    case 'crosses':
      return t('faultCrosses', { first: fault.first + 1, second: fault.second + 1 });
    case 'no_area':
      return t('faultArea');
    case 'too_wide':
      return t('faultWide');
    case 'radius':
      return t('faultRadius', RADIUS_M);
    case 'width':
      return t('faultWidth', WIDTH_M);
  }
}
