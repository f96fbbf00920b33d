// The versions of a tariff in a city, and which of them holds now.

export interface VersionRow {
  readonly id: string;
  readonly city: number | null;
  readonly number: number | null;
  readonly state: string | null;
  readonly from: string | null;
}

export type VersionState = 'proposed' | 'rejected' | 'retired' | 'soon' | 'now' | 'before';

/** The version that is in force in a city at a time: of those approved, the one that began last. */
export function inForce<R extends VersionRow>(rows: readonly R[], city: number, atMs: number): R | undefined {
  return rows
    .filter((row) => row.city === city && row.state === 'approved' && Date.parse(row.from ?? '') <= atMs)
    .reduce<R | undefined>(
      (last, row) => (last !== undefined && (last.from ?? '') >= (row.from ?? '') ? last : row),
      undefined,
    );
}

export function stateOf(row: VersionRow, rows: readonly VersionRow[], nowMs: number): VersionState {
  if (row.state === 'proposed' || row.state === 'rejected' || row.state === 'retired') return row.state;
  if (Date.parse(row.from ?? '') > nowMs) return 'soon';
  return row.city !== null && inForce(rows, row.city, nowMs)?.id === row.id ? 'now' : 'before';
}
