import type { Mode } from '../../theme/mode';

/** Colours of the map. Those of states and speeds differ in lightness too, and in shape or legend beside it. */
export type Palette = {
  readonly water: string;
  readonly land: string;
  readonly coast: string;
  readonly grid: string;
  readonly gridMajor: string;
  readonly road: string;
  readonly roadMajor: string;
  readonly building: string;
  readonly green: string;
  readonly label: string;
  readonly halo: string;
  readonly accent: string;
  readonly moving: string;
  readonly idle: string;
  readonly offline: string;
  readonly alert: string;
  readonly pickup: string;
  readonly destination: string;
  /** What lies around a mark, so that it stands out. */
  readonly outline: string;
};

const LIGHT: Palette = {
  water: '#d6e4f2',
  land: '#f6f7f9',
  coast: '#b6c9dc',
  grid: '#e6eaf0',
  gridMajor: '#d3dae4',
  road: '#e3e6eb',
  roadMajor: '#ffffff',
  building: '#e9ebef',
  green: '#e3f0e2',
  label: '#4a5568',
  halo: '#ffffff',
  accent: '#1668dc',
  moving: '#1668dc',
  idle: '#389e0d',
  offline: '#8a94a6',
  alert: '#cf1322',
  pickup: '#237804',
  destination: '#ad4e00',
  outline: '#ffffff',
};

const DARK: Palette = {
  water: '#0e1a2b',
  land: '#182230',
  coast: '#2b3f58',
  grid: '#202c3c',
  gridMajor: '#2a394d',
  road: '#263345',
  roadMajor: '#34455c',
  building: '#1e2938',
  green: '#1a2c28',
  label: '#b3bfd0',
  halo: '#121a26',
  accent: '#4096ff',
  moving: '#4096ff',
  idle: '#73d13d',
  offline: '#7d899c',
  alert: '#ff4d4f',
  pickup: '#73d13d',
  destination: '#ffa940',
  outline: '#0b111a',
};

/** The colours of a mode. */
export function palette(mode: Mode): Palette {
  return mode === 'dark' ? DARK : LIGHT;
}
