/** Values of the chain made ready to be shown, by their types in the metadata. */
import { shorten } from '../../format/ids';
import { peerIdOf } from '../../format/peers';
import { type DecodedCall, type Field, fieldsOf, isCall, type Metadata, type TypeEntry } from '../metadata';
import { VOCABULARY } from './vocabulary';
import { hex, type Kind, lengthOf, readable, text, Unexpected, type Words } from './words';

/** A value as it is shown: what it says, and where that leaves something out, all of it. */
export type Shown =
  | { kind: 'text'; text: string; full?: string }
  | { kind: 'account'; text: string; address: string }
  | { kind: 'list'; items: Shown[]; omitted: number }
  | { kind: 'record'; fields: ShownField[] }
  | { kind: 'call'; call: DecodedCall };

export interface ShownField {
  name: string;
  value: Shown;
}

/** Items of a list that are shown; the rest is counted. */
const MOST_ITEMS = 20;
/** Characters of hexadecimal that are shown whole. */
const MOST_HEX = 66;

const KINDS: Readonly<Record<string, Kind>> = {
  AccountId32: 'account',
  ApplicationId: 'application',
  CityCode: 'city',
  CompanyId: 'company',
  DriverId: 'driver',
  Money: 'money',
  NodeKey: 'node',
  Permissions: 'permissions',
  VehicleId: 'vehicle',
};

/** Amounts that the metadata gives as bare numbers, by the type they stand in. */
const AMOUNTS = new Set([
  ...['base', 'per_km', 'per_minute', 'per_waiting_minute', 'minimum', 'cancellation', 'rounding'].map(
    (name) => `FareTable.${name}`,
  ),
  'Allowance.max',
  'Allowance.recovery_per_block',
  'ProxyType.most',
]);

/** Shows values of one metadata in the words of one language. */
export class Shower {
  readonly #metadata: Metadata;
  readonly words: Words;

  constructor(metadata: Metadata, words: Words) {
    this.#metadata = metadata;
    this.words = words;
  }

  /** Shows a field. Throws `Unexpected` when the value does not have the field's type. */
  field(field: Field, value: unknown, owner?: string): Shown {
    const kind = this.#kindOf(field, owner);
    return kind ? this.#kind(kind, value) : this.value(field.type, value);
  }

  /** Shows a value of a type. */
  value(type: number, value: unknown): Shown {
    if (type === this.#metadata.callType && isCall(value)) return { kind: 'call', call: value };
    const entry = this.#metadata.type(type);
    const kind = KINDS[entry.path.at(-1) ?? ''];
    return kind ? this.#kind(kind, value) : this.#byDefinition(entry, value);
  }

  #kindOf(field: Field, owner: string | undefined): Kind | undefined {
    if (owner && AMOUNTS.has(`${owner}.${field.name}`)) return 'money';
    return field.typeName?.includes('Balance') && !field.typeName.includes('Option') ? 'money' : undefined;
  }

  #kind(kind: Kind, value: unknown): Shown {
    // Whole, and without a name: who signs compares it.
    if (kind === 'node') return { kind: 'text', text: peerIdOf(hex(value)) };
    const said = this.words.say(kind, value);
    return kind === 'account' ? { kind, text: said, address: text(value) } : { kind: 'text', text: said };
  }

  #byDefinition(entry: TypeEntry, value: unknown): Shown {
    const { def } = entry;
    switch (def.tag) {
      case 'primitive':
      case 'bitSequence':
        return this.#plain(value);
      case 'compact':
        return this.value(def.value, value);
      case 'sequence':
        return this.#list(() => def.value, value);
      case 'array':
        if (def.value.len === 1) return this.value(def.value.type, value);
        return this.#list(() => def.value.type, value);
      case 'tuple':
        return this.#tuple(def.value, value);
      case 'composite':
        return this.#composite(fieldsOf(def.value), value, entry.path.at(-1));
      case 'variant':
        return this.#variant(entry, def.value, value);
    }
  }

  #variant(
    entry: TypeEntry,
    variants: readonly { name: string; fields: Parameters<typeof fieldsOf>[0] }[],
    value: unknown,
  ): Shown {
    const name = entry.path.at(-1);
    if (name === 'Option' && entry.path.length === 1) {
      const some = variants.find((v) => v.name === 'Some')?.fields[0];
      if (value === undefined || !some) return { kind: 'text', text: this.words.none() };
      return this.value(some.type, value);
    }
    const { type, value: inner } = enumeration(value);
    const variant = variants.find((v) => v.name === type);
    if (!variant) throw new Unexpected(name ?? 'enumeration', type);
    const described = fieldsOf(variant.fields);
    const [only] = described;
    if (!only) return { kind: 'text', text: this.words.variant(name, type) };
    if (name !== undefined && VOCABULARY[name]?.[type] !== undefined)
      return { kind: 'text', text: this.words.variant(name, type, this.#carried(described, inner, name)) };
    const bare = described.length === 1 && only.name === '0';
    const shown = bare ? this.field(only, inner, name) : this.#fields(described, inner, name);
    return name === 'MultiAddress' && type === 'Id'
      ? shown
      : { kind: 'record', fields: [{ name: type, value: shown }] };
  }

  /** What a value of an enumeration carries, each in a line. */
  #carried(described: Field[], value: unknown, owner: string): Readonly<Record<string, string>> {
    const shown = this.#fields(described, value, owner);
    if (shown.kind !== 'record') return {};
    return Object.fromEntries(shown.fields.map((field) => [field.name, line(field.value)]));
  }

  /** polkadot-api answers a composite of one field as that field. */
  #composite(described: Field[], value: unknown, owner: string | undefined): Shown {
    const [only] = described;
    if (!only) return { kind: 'text', text: this.words.none() };
    return described.length === 1 ? this.field(only, value, owner) : this.#fields(described, value, owner);
  }

  #fields(described: Field[], value: unknown, owner: string | undefined): Shown {
    if (typeof value !== 'object' || value === null) throw new Unexpected(owner ?? 'record', value);
    const named = described.every((f) => !/^\d+$/.test(f.name));
    const values = new Map(Object.entries(value));
    const full = described.filter((f) => !this.#metadata.isEmpty(f.type));
    const shown = full.map((f, at) => ({
      name: f.name,
      value: this.field(f, values.get(named ? f.name : String(at)), owner),
    }));
    const [only] = shown;
    return only && shown.length === 1 && !named ? only.value : { kind: 'record', fields: shown };
  }

  #tuple(types: readonly number[], value: unknown): Shown {
    const [only] = types;
    if (only === undefined) return { kind: 'text', text: this.words.none() };
    return types.length === 1 ? this.value(only, value) : this.#list((at) => types[at], value);
  }

  #list(typeAt: (at: number) => number | undefined, value: unknown): Shown {
    if (value instanceof Uint8Array || typeof value === 'string') return this.#bytes(value);
    if (!Array.isArray(value)) throw new Unexpected('list', value);
    const items = value.slice(0, MOST_ITEMS).map((item: unknown, at) => {
      const type = typeAt(at);
      if (type === undefined) throw new Unexpected('tuple', value);
      return this.value(type, item);
    });
    return { kind: 'list', items, omitted: lengthOf(value) - items.length };
  }

  #bytes(value: Uint8Array | string): Shown {
    if (value instanceof Uint8Array) {
      const written = readable(value);
      if (written !== undefined) return { kind: 'text', text: `“${written}”` };
    }
    const full = hex(value);
    return full.length <= MOST_HEX
      ? { kind: 'text', text: full }
      : { kind: 'text', text: `${shorten(full, 18, 16)} (${(full.length - 2) / 2} B)`, full };
  }

  #plain(value: unknown): Shown {
    if (typeof value === 'boolean') return { kind: 'text', text: this.words.yesNo(value) };
    if (typeof value === 'bigint') return { kind: 'text', text: this.words.number(value) };
    if (typeof value === 'number') return { kind: 'text', text: this.words.number(BigInt(value)) };
    if (typeof value === 'string') return { kind: 'text', text: value };
    if (Array.isArray(value)) return { kind: 'text', text: value.join('') };
    throw new Unexpected('plain value', value);
  }
}

function enumeration(value: unknown): { type: string; value: unknown } {
  if (typeof value === 'object' && value !== null && 'type' in value) {
    const inner = 'value' in value ? value.value : undefined;
    if (typeof value.type === 'string') return { type: value.type, value: inner };
  }
  throw new Unexpected('enumeration', value);
}

/** One line for a value, for sentences. */
export function line(shown: Shown): string {
  switch (shown.kind) {
    case 'text':
    case 'account':
      return shown.text;
    case 'list': {
      const more = shown.omitted > 0 ? [`… +${shown.omitted}`] : [];
      return [...shown.items.map(line), ...more].join(', ');
    }
    case 'record':
      return shown.fields.map((f) => `${f.name}: ${line(f.value)}`).join(', ');
    case 'call':
      return `${shown.call.type}.${shown.call.value.type}`;
  }
}
