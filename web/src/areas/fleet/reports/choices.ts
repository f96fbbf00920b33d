// What a report can be parted by, and what its charts can show: its address says it.

export const groupings = ['day', 'week', 'vehicle', 'driver'] as const;
export type Grouping = (typeof groupings)[number];

export const metrics = [
  'distance',
  'moving',
  'energy',
  'fuel',
  'safety',
  'harsh',
  'alerts',
  'gross',
] as const;
export type Metric = (typeof metrics)[number];
