// What is to be exported, and the address that the index makes it at (docs/exports.md).

export const tables = [
  'batches',
  'rides',
  'transfers',
  'entries',
  'withdrawals',
  'shares',
  'balances',
  'companies',
  'applications',
  'papers',
  'machines',
  'allowances',
  'draws',
  'vehicles',
  'devices',
  'drivers',
  'seats',
  'roles',
  'tariffs',
  'anchors',
  'losses',
  'checkpoints',
  'validators',
  'sessions',
  'blocks',
  'extrinsics',
  'calls',
  'events',
] as const;

export type Table = (typeof tables)[number];

/** Tables whose rows are a company's; of vehicles, their owner's. */
export const ofCompany: ReadonlySet<Table> = new Set<Table>([
  'batches',
  'rides',
  'withdrawals',
  'shares',
  'companies',
  'applications',
  'machines',
  'allowances',
  'draws',
  'vehicles',
  'devices',
  'seats',
  'roles',
  'tariffs',
  'anchors',
  'losses',
  'validators',
]);

/** What changes has versions that an export may have all of. */
export const changing: ReadonlySet<Table> = new Set<Table>([
  'balances',
  'companies',
  'applications',
  'papers',
  'machines',
  'allowances',
  'draws',
  'vehicles',
  'devices',
  'drivers',
  'seats',
  'roles',
  'tariffs',
  'shares',
  'validators',
]);

export type Format = 'csv' | 'parquet';

export interface ExportRequest {
  readonly table: Table;
  readonly format: Format;
  readonly company?: number;
  /** As everything was at the end of this block. */
  readonly at?: number;
  /** RFC 3339, with an offset. */
  readonly since?: string;
  readonly until?: string;
  /** Every version, also of what is gone. */
  readonly history?: boolean;
}

/** What other pages of the explorer fill in. */
export interface ExportSearch {
  readonly table?: Table;
  readonly company?: number;
}

export function exportSearch(search: Readonly<Record<string, unknown>>): ExportSearch {
  const table = tables.find((known) => known === search.table);
  const company = search.company;
  const isCompany = typeof company === 'number' && Number.isInteger(company) && company > 0;
  return { ...(table === undefined ? {} : { table }), ...(isCompany ? { company } : {}) };
}

/** Where the index makes exports, by the address of its GraphQL. */
export function exportsAt(graphql: string): string {
  return new URL('exports', graphql).href;
}

/** The address that begins an export, or finds it. */
export function exportAddress(graphql: string, request: ExportRequest): string {
  const { table, format, company, at, since, until, history } = request;
  const address = new URL(`${exportsAt(graphql)}/${table}.${format}`);
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined) address.searchParams.set(key, String(value));
  };
  put('company', ofCompany.has(table) ? company : undefined);
  put('at', at);
  put('since', since);
  put('until', until);
  put('history', history === true && changing.has(table) ? 'true' : undefined);
  return address.href;
}
