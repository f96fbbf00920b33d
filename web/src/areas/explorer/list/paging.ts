// Which page of a list is shown, as the address of the page says it: so a page can be linked to, and "back" goes back.

/** A place in a list: behind a cursor, before one, at its end, or (nothing) at its beginning. */
export interface PageAt {
  readonly after?: string;
  readonly before?: string;
  readonly end?: true;
  readonly size?: number;
}

/** Rows of a page that can be chosen. */
export const sizes: readonly number[] = [10, 20, 50, 100];
export const usualSize = 20;

/** What a connection is asked for. */
export interface Window {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

/** Reads a place from the search of an address; what is none is the beginning. */
export function pageAt(search: Readonly<Record<string, unknown>>): PageAt {
  const size = sizes.find((known) => known === search.size);
  const sized = size === undefined || size === usualSize ? {} : { size };
  if (typeof search.after === 'string') return { after: search.after, ...sized };
  if (typeof search.before === 'string') return { before: search.before, ...sized };
  return search.end === true ? { end: true, ...sized } : sized;
}

export function windowOf({ after, before, end, size = usualSize }: PageAt): Window {
  if (before !== undefined) return { last: size, before };
  if (end === true) return { last: size };
  return after === undefined ? { first: size } : { first: size, after };
}

/** What a connection says of its page. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** The pages that lie around a page; `undefined`: there is none. */
export interface Around {
  readonly first: PageAt | undefined;
  readonly previous: PageAt | undefined;
  readonly next: PageAt | undefined;
  readonly last: PageAt | undefined;
}

export function around(at: PageAt, info: PageInfo): Around {
  const sized = at.size === undefined ? {} : { size: at.size };
  // Relay says of one direction only what it looked at: a page behind a cursor has one before it, and the other way round.
  const isBehind = at.after !== undefined || info.hasPreviousPage;
  const isBefore = at.before !== undefined || info.hasNextPage;
  const { startCursor, endCursor } = info;
  return {
    first: isBehind ? sized : undefined,
    previous: isBehind && startCursor !== null ? { before: startCursor, ...sized } : undefined,
    next: isBefore && endCursor !== null ? { after: endCursor, ...sized } : undefined,
    last: isBefore ? { end: true, ...sized } : undefined,
  };
}
