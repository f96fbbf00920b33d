import type { Mode } from '../../theme/mode';

/** A span of speeds, and its colour on a map. */
export type SpeedBand = {
  /** From this speed on, in km/h. */
  readonly fromKmh: number;
  /** Up to below this one. Infinite in the last. */
  readonly toKmh: number;
  readonly colour: string;
};

/** Where bands begin, in km/h: walking pace, streets, main roads, and the limits of 60, 80, 100 and 120. */
const STEPS = [0, 20, 40, 60, 80, 100, 120];

/** From slow to fast, by hue and by lightness, so that they can be told apart without seeing red and green. */
const LIGHT = ['#6b7fd7', '#2f9fd0', '#14a08f', '#58a618', '#d29a00', '#e0570b', '#b3122f'];
const DARK = ['#8c9eff', '#4fc3f7', '#34d3bd', '#9ccc3c', '#ffd54f', '#ff8a3d', '#ff4d6a'];

/** The bands, slow first. */
export function speedBands(mode: Mode): readonly SpeedBand[] {
  const colours = mode === 'dark' ? DARK : LIGHT;
  return STEPS.map((fromKmh, band) => ({
    fromKmh,
    toKmh: STEPS[band + 1] ?? Number.POSITIVE_INFINITY,
    colour: colours[band] ?? colours[0] ?? '#000000',
  }));
}

/** Which band a speed is in. What is no speed counts as standing. */
export function bandOf(kmh: number): number {
  if (!(kmh > 0)) return 0;
  return STEPS.findLastIndex((from) => kmh >= from);
}
