// What the addresses of the fleet portal say, read strictly: what has another form is left out.

type Search = Readonly<Record<string, unknown>>;

/** A whole number of at least 1, such as that of a vehicle. */
export function whole<K extends string>(search: Search, key: K): { readonly [P in K]?: number } {
  const value = search[key];
  const is = typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
  return (is ? { [key]: value } : {}) as { readonly [P in K]?: number };
}

/** A text of the search. Numbers of 64 bits are texts: the address may have written them as numbers. */
export function text<K extends string>(search: Search, key: K): { readonly [P in K]?: string } {
  const value = search[key];
  const written = typeof value === 'number' ? String(value) : value;
  return (typeof written === 'string' && written !== '' ? { [key]: written } : {}) as {
    readonly [P in K]?: string;
  };
}

/** One of some words or numbers. */
export function oneOf<K extends string, const V extends string | number>(
  search: Search,
  key: K,
  values: readonly V[],
): { readonly [P in K]?: V } {
  const found = values.find((value) => value === search[key]);
  return (found === undefined ? {} : { [key]: found }) as { readonly [P in K]?: V };
}
