// Calls as the index writes them (docs/indexer.md, "Decoding"), read back into what polkadot-api takes, so that they can be said
// in words. What comes out is right only if its hash is that of what was proposed: `proposed` checks it.
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type DecodedCall, type Field, fieldsOf, type Metadata } from '../../../chain/metadata';
import type { Refusal } from '../../../chain/refusals/refusal';
import { ss58 } from '../../../format/ids';

/** The JSON is not of that type. */
class Unfit extends Error {}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The call of a motion out of the arguments of `Council.propose`; undefined where it is not what has this hash. */
export function proposed(metadata: Metadata, args: unknown, hash: string): DecodedCall | undefined {
  try {
    const call = callOfIndex(metadata, isRecord(args) ? args.proposal : undefined);
    const bytes = metadata.encodeCall(call);
    return `0x${bytesToHex(blake2b(bytes, { dkLen: 32 }))}` === hash ? call : undefined;
  } catch {
    // A long value of which the index keeps the hash alone, or a call that this runtime does not have.
    return undefined;
  }
}

/** The names of a call, where nothing more of it can be read: `Consortium.enact`. */
export function proposedName(args: unknown): string | undefined {
  const call = isRecord(args) && isRecord(args.proposal) ? args.proposal.call : undefined;
  return typeof call === 'string' ? call : undefined;
}

/** Throws where it is no call of this runtime. */
export function callOfIndex(metadata: Metadata, json: unknown): DecodedCall {
  if (!isRecord(json) || typeof json.call !== 'string') throw new Unfit('no call');
  const [pallet = '', name = ''] = json.call.split('.');
  const shape = metadata.call(pallet, name);
  const value = shape.fields.length === 0 ? undefined : new Reader(metadata).record(shape.fields, json.args);
  return { type: pallet, value: { type: name, value } };
}

class Reader {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** Fields with names; those that carry nothing are left out, as polkadot-api does. */
  record(fields: readonly Field[], json: unknown): Json {
    if (!isRecord(json)) throw new Unfit('no record');
    const full = fields.filter(({ type }) => !this.#metadata.isEmpty(type));
    return Object.fromEntries(full.map(({ name, type }) => [name, this.#value(type, json[name])]));
  }

  #value(type: number, json: unknown): unknown {
    if (type === this.#metadata.callType) return callOfIndex(this.#metadata, json);
    const { def, path } = this.#metadata.type(type);
    switch (def.tag) {
      case 'primitive':
        return primitive(def.value.tag, json);
      case 'compact':
        return this.#value(def.value, json);
      case 'sequence':
        return this.#isByte(def.value) ? bytes(json) : list(json).map((item) => this.#value(def.value, item));
      case 'array':
        if (this.#isByte(def.value.type)) return text(json);
        return list(json).map((item) => this.#value(def.value.type, item));
      case 'tuple':
        return this.#parts(def.value, json);
      case 'composite': {
        if (path.at(-1) === 'AccountId32') return ss58(text(json));
        const fields = fieldsOf(def.value);
        const [only] = fields;
        if (only === undefined) return undefined;
        if (fields.length > 1) return this.record(fields, json);
        return this.#value(only.type, /^\d+$/.test(only.name) ? json : field(json, only.name));
      }
      case 'variant':
        return path.length === 1 && path[0] === 'Option'
          ? this.#option(def.value, json)
          : this.#variant(def.value, json);
      default:
        throw new Unfit(`values of the kind ${def.tag}`);
    }
  }

  #option(variants: Variants, json: unknown): unknown {
    const some = variants.find(({ name }) => name === 'Some')?.fields[0];
    return json === null || json === undefined || some === undefined
      ? undefined
      : this.#value(some.type, json);
  }

  #variant(variants: Variants, json: unknown): unknown {
    const [name, inner] = typeof json === 'string' ? [json, undefined] : single(json);
    const found = variants.find((variant) => variant.name === name);
    if (found === undefined) throw new Unfit(`variant ${name}`);
    const fields = fieldsOf(found.fields);
    const [only] = fields;
    if (only === undefined) return { type: name, value: undefined };
    const isNamed = !/^\d+$/.test(only.name);
    if (isNamed) return { type: name, value: this.record(fields, inner) };
    const types = fields.map(({ type }) => type);
    return {
      type: name,
      value: fields.length === 1 ? this.#value(only.type, inner) : this.#items(types, inner),
    };
  }

  #parts(types: readonly number[], json: unknown): unknown {
    const [only] = types;
    if (only === undefined) return undefined;
    return types.length === 1 ? this.#value(only, json) : this.#items(types, json);
  }

  /** One of each; those that carry nothing are left out. */
  #items(types: readonly number[], json: unknown): unknown {
    const items = list(json);
    return types.flatMap((type, at) => (this.#metadata.isEmpty(type) ? [] : [this.#value(type, items[at])]));
  }

  #isByte(type: number): boolean {
    const { def } = this.#metadata.type(type);
    return def.tag === 'primitive' && def.value.tag === 'u8';
  }
}

type Variants = ReadonlyArray<{ name: string; fields: Parameters<typeof fieldsOf>[0] }>;

function primitive(kind: string, json: unknown): unknown {
  if (kind === 'bool' || kind === 'str' || kind === 'char') return json;
  if (typeof json !== 'number' && typeof json !== 'string') throw new Unfit('no number');
  return Number(kind.slice(1)) > 32 ? BigInt(json) : Number(json);
}

function text(json: unknown): string {
  if (typeof json !== 'string') throw new Unfit('no text');
  return json;
}

function bytes(json: unknown): Uint8Array {
  return hexToBytes(text(json).replace(/^0x/, ''));
}

function list(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new Unfit('no list');
  return json;
}

function field(json: unknown, name: string): unknown {
  if (!isRecord(json) || !(name in json)) throw new Unfit(`no field ${name}`);
  return json[name];
}

function single(json: unknown): readonly [string, unknown] {
  const [entry, more] = isRecord(json) ? Object.entries(json) : [];
  if (entry === undefined || more !== undefined) throw new Unfit('no variant');
  return entry;
}

/** Why a call was refused, out of a `DispatchError` as the index writes it. */
export function indexedRefusal(metadata: Metadata, json: unknown): Refusal {
  if (typeof json === 'string') return { kind: 'dispatch', name: json };
  const [kind, inner] = isRecord(json) ? (Object.entries(json)[0] ?? []) : [];
  if (kind === undefined) return { kind: 'dispatch', name: 'Unknown' };
  if (kind !== 'Module' || !isRecord(inner))
    return { kind: 'dispatch', name: typeof inner === 'string' ? `${kind}.${inner}` : kind };
  const { index, error } = inner;
  const code = typeof error === 'string' ? Number.parseInt(error.slice(2, 4), 16) : Number.NaN;
  const found = metadata.errorAt(Number(index), code);
  return found === undefined
    ? { kind: 'dispatch', name: 'Unknown' }
    : { kind: 'pallet', pallet: found.pallet, name: found.name };
}
