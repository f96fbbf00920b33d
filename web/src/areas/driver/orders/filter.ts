/** States by which orders are filtered. */
export const filters = ['settled', 'completed', 'cancelled'] as const;

export type Filter = (typeof filters)[number];

/** What the address says. */
export function filterSearch(search: Readonly<Record<string, unknown>>): { readonly state?: Filter } {
  const state = filters.find((one) => one === search['state']);
  return state === undefined ? {} : { state };
}
