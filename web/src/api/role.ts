/** What an account may be, as the chain says it (docs/api.md). */
export const roles = [
  'rider',
  'driver',
  'fleet',
  'personnel',
  'finance',
  'operations',
  'auditor',
  'admin',
] as const;

export type Role = (typeof roles)[number];
