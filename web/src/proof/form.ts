/**
 * How values are written in a bundle. A form reads what `JSON.parse` gives and writes the one text of it, so the order of
 * the keys and the size of every field are told once, in `bundle.ts`.
 */
import { type Hex, isHex, lengthOf } from './bytes';
import { Refused, type Wanted } from './refusal';

export interface Form<T> {
  /** Reads a value at a place of the document. Throws {@link Refused} where it has another form. */
  read(value: unknown, at: string): T;
  /** The one text of a value. */
  write(value: T): string;
  /** Whether its field may be missing: then it is read as `null`. */
  readonly mayLack?: boolean;
}

/** What a form reads. */
export type Read<F> = F extends Form<infer T> ? T : never;

type Shape = Readonly<Record<string, Form<unknown>>>;

function unread(at: string, wanted: Wanted): Refused {
  return new Refused({ code: 'unread', at, wanted });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number of at most 32 bits. */
export function whole(bits: 8 | 16 | 32): Form<number> {
  return {
    read(value, at) {
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** bits)
        return value;
      throw unread(at, { kind: 'number', bits });
    },
    write: (value) => String(value),
  };
}

function readDigits(value: unknown, at: string, bits: 64 | 128): bigint {
  // 2¹²⁸ has 39 digits: nothing longer is counted.
  if (typeof value === 'string' && /^(?:0|[1-9][0-9]{0,38})$/.test(value)) {
    const number = BigInt(value);
    if (number < 1n << BigInt(bits)) return number;
  }
  throw unread(at, { kind: 'digits', bits });
}

/** A larger whole number, written as a string of digits. */
export function digits(bits: 64 | 128): Form<bigint> {
  return { read: (value, at) => readDigits(value, at, bits), write: (value) => `"${value}"` };
}

/** A name of 64 bits: a number that nobody computes with. */
export const id64: Form<string> = {
  read: (value, at) => String(readDigits(value, at, 64)),
  write: (value) => `"${value}"`,
};

/** So many bytes. */
export function fixed(bytes: number): Form<Hex> {
  return {
    read(value, at) {
      if (typeof value === 'string' && isHex(value) && lengthOf(value) === bytes) return value;
      throw unread(at, { kind: 'hex', bytes });
    },
    write: (value) => `"${value}"`,
  };
}

/** Any number of bytes. */
export const anyBytes: Form<Hex> = {
  read(value, at) {
    if (typeof value === 'string' && isHex(value)) return value;
    throw unread(at, { kind: 'hex', bytes: null });
  },
  write: (value) => `"${value}"`,
};

/** A text that UTF-8 can write: no half of a surrogate pair. */
export const text: Form<string> = {
  read(value, at) {
    if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return value;
    throw unread(at, { kind: 'text' });
  },
  write: (value) => JSON.stringify(value),
};

/** One of some words. */
export function word<const W extends string>(...words: readonly W[]): Form<W> {
  return {
    read(value, at) {
      const found = words.find((known) => known === value);
      if (found === undefined) throw unread(at, { kind: 'word', words });
      return found;
    },
    write: (value) => `"${value}"`,
  };
}

/** Any number of the same. */
export function list<T>(of: Form<T>): Form<readonly T[]> {
  return {
    read(value, at) {
      if (!Array.isArray(value)) throw unread(at, { kind: 'list' });
      return value.map((item: unknown, place) => of.read(item, `${at}.${place}`));
    },
    write: (items) => `[${items.map((item) => of.write(item)).join(',')}]`,
  };
}

/** A value, or `null`. */
export function nullable<T>(of: Form<T>): Form<T | null> {
  return {
    read: (value, at) => (value === null ? null : of.read(value, at)),
    write: (value) => (value === null ? 'null' : of.write(value)),
  };
}

/** A field that may be missing. */
export function lacking<T>(of: Form<T>): Form<T | null> {
  return { read: of.read, write: (value) => (value === null ? '' : of.write(value)), mayLack: true };
}

/** An object with these fields, in this order, and no other. */
export function object<S extends Shape>(shape: S): Form<{ readonly [K in keyof S]: Read<S[K]> }> {
  const fields = Object.entries<Form<unknown>>(shape);
  return {
    read(value, at) {
      if (!isRecord(value)) throw unread(at, { kind: 'object' });
      const known = Object.keys(value).every((key) => Object.hasOwn(shape, key));
      const whole = fields.every(([key, form]) => form.mayLack === true || Object.hasOwn(value, key));
      if (!known || !whole) throw unread(at, { kind: 'fields' });
      const read = fields.map(([key, form]) => {
        const isThere = Object.hasOwn(value, key);
        return [key, isThere ? form.read(value[key], at === '' ? key : `${at}.${key}`) : null] as const;
      });
      return Object.fromEntries(read) as { readonly [K in keyof S]: Read<S[K]> };
    },
    write(value) {
      const texts = fields
        .filter(([key, form]) => form.mayLack !== true || value[key] !== null)
        .map(([key, form]) => `"${key}":${form.write(value[key])}`);
      return `{${texts.join(',')}}`;
    },
  };
}

/** An object with one field, whose name says what it is. */
export function variant<S extends Shape>(
  kinds: S,
): Form<
  { readonly [K in keyof S & string]: { readonly kind: K; readonly body: Read<S[K]> } }[keyof S & string]
> {
  type One = { readonly [K in keyof S & string]: { readonly kind: K; readonly body: Read<S[K]> } }[keyof S &
    string];
  return {
    read(value, at) {
      const entries = isRecord(value) ? Object.entries(value) : [];
      const [kind, body] = entries[0] ?? [''];
      const form = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
      if (entries.length !== 1 || form === undefined) throw unread(at, { kind: 'one_field' });
      return { kind, body: form.read(body, `${at}.${kind}`) } as One;
    },
    write: ({ kind, body }) => `{"${kind}":${kinds[kind]?.write(body)}}`,
  };
}
