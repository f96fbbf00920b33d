// What a person has typed over the company's rules and not saved yet.
import { type Scope, said, saying, type Value } from './book';
import { fieldOf, type Path } from './fields';
import { fromUnit, inUnit, type NumberFault, type Unit } from './units';

/** What stands in a field: a text that was typed, or a value that was chosen; undefined: as inherited. */
export type Entry =
  | { readonly is: 'inherited' }
  | { readonly is: 'typed'; readonly text: string }
  | { readonly is: 'range'; readonly low: string; readonly high: string }
  | { readonly is: 'value'; readonly value: Value };

/** By `scope path`. */
export type Draft = ReadonlyMap<string, Entry>;
type Tree = Readonly<Record<string, unknown>>;

export const draftKey = (scope: Scope, path: Path) => `${scope} ${path}`;

/** How the book itself stands in a field. */
export function entryOf(book: Tree, scope: Scope, path: Path): Entry {
  const value = said(book, scope, path);
  if (value === undefined) return { is: 'inherited' };
  const field = fieldOf(path);
  if (field.kind === 'number' && typeof value === 'number')
    return { is: 'typed', text: inUnit(value, field.unit) };
  if (field.kind === 'range' && value !== null) {
    const ends: { low?: unknown; high?: unknown } = typeof value === 'object' ? value : {};
    const text = (end: unknown) => (typeof end === 'number' ? inUnit(end, 'celsius') : '');
    return { is: 'range', low: text(ends.low), high: text(ends.high) };
  }
  // What the service gave out went through its parser: it is a value of this rule.
  return { is: 'value', value: value as Value };
}

export type TypedFault = NumberFault | 'missing';

export interface Applied {
  readonly book: Tree;
  /** What could not be read, by the draft's keys. Such an entry leaves the book as it was. */
  readonly faults: ReadonlyMap<string, TypedFault>;
}

/** The book with what was typed. */
export function applied(book: Tree, draft: Draft): Applied {
  const faults = new Map<string, TypedFault>();
  let changed = book;
  for (const [key, entry] of draft) {
    const [scope, path] = key.split(' ') as [Scope, Path];
    const read = typedIn(entry, path);
    if (typeof read === 'object') changed = saying(changed, scope, path, read.value);
    else faults.set(key, read);
  }
  return { book: changed, faults };
}

function typedIn(entry: Entry, path: Path): { readonly value: Value | undefined } | TypedFault {
  if (entry.is === 'inherited') return { value: undefined };
  if (entry.is === 'value') return { value: entry.value };
  if (entry.is === 'range') {
    const [low, high] = [readIn(entry.low, 'celsius'), readIn(entry.high, 'celsius')];
    if (typeof low === 'string') return low;
    return typeof high === 'string' ? high : { value: { low, high } };
  }
  const field = fieldOf(path);
  if (entry.text.trim() === '') return { value: undefined };
  const value = fromUnit(entry.text, field.kind === 'number' ? field.unit : 'm');
  return typeof value === 'number' ? { value } : value;
}

function readIn(text: string, unit: Unit): number | TypedFault {
  return text.trim() === '' ? 'missing' : fromUnit(text, unit);
}

/** The draft without what says the same as the book. */
export function tidied(book: Tree, draft: Draft): Draft {
  return new Map(
    [...draft].filter(([key, entry]) => {
      const [scope, path] = key.split(' ') as [Scope, Path];
      return JSON.stringify(entry) !== JSON.stringify(entryOf(book, scope, path));
    }),
  );
}
