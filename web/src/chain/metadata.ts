/**
 * What the chain says about itself: its calls, types and errors.
 *
 * The portal has no generated description of the chain. It encodes and decodes with the metadata that the node
 * answers, so a runtime upgrade needs no new portal: a call that no longer fits fails when it is encoded, before
 * anybody signs.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { getDynamicBuilder, getLookupFn } from '@polkadot-api/metadata-builders';
import { decAnyMetadata, type UnifiedMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';

/** A call as polkadot-api decodes it: pallet, name, and arguments by name. */
export interface DecodedCall {
  type: string;
  value: { type: string; value?: unknown };
}

/** An argument of a call or a field of a type. */
export interface Field {
  name: string;
  /** Index of its type in the metadata. */
  type: number;
  /** The type as the source wrote it, such as `BalanceOf<T>`. */
  typeName: string | undefined;
}

/** A call that the runtime has. */
export interface CallShape {
  pallet: string;
  name: string;
  docs: string;
  fields: Field[];
}

/** An error that a pallet can answer. */
export interface PalletError {
  pallet: string;
  name: string;
  /** What the pallet's author says it means and what to do. */
  docs: string;
}

type Lookup = UnifiedMetadata['lookup'];
export type TypeEntry = Lookup[number];

/** A value that the runtime was built with. */
export interface ConstantOfChain extends Field {
  pallet: string;
  /** What the pallet's author says about it, in English. */
  docs: string;
  value: unknown;
}

/** The metadata does not have what was asked for. */
export class NotInMetadata extends Error {
  constructor(what: string) {
    super(`the chain has no ${what}`);
    this.name = 'NotInMetadata';
  }
}

/** Metadata of one runtime version, with codecs for all it names. */
export class Metadata {
  readonly callType: number;
  readonly #unified: UnifiedMetadata;
  readonly #builder: ReturnType<typeof getDynamicBuilder>;

  /** @param bytes SCALE-encoded metadata, version 14 to 16. Throws when it is anything else. */
  constructor(bytes: Uint8Array) {
    this.#unified = unifyMetadata(decAnyMetadata(bytes));
    const lookup = getLookupFn(this.#unified);
    if (lookup.call === null) throw new NotInMetadata('type of calls');
    this.callType = lookup.call;
    this.#builder = getDynamicBuilder(lookup);
  }

  /** All calls, in the order of the pallets. */
  calls(): CallShape[] {
    return this.#unified.pallets.flatMap((pallet) =>
      this.#variants(pallet.calls?.type).map((variant) => ({
        pallet: pallet.name,
        name: variant.name,
        docs: variant.docs.join('\n').trim(),
        fields: fieldsOf(variant.fields),
      })),
    );
  }

  /** One call by its names. */
  call(pallet: string, name: string): CallShape {
    const found = this.#unified.pallets.find((p) => p.name === pallet);
    const variant = this.#variants(found?.calls?.type).find((v) => v.name === name);
    if (!variant) throw new NotInMetadata(`call ${pallet}.${name}`);
    return { pallet, name, docs: variant.docs.join('\n').trim(), fields: fieldsOf(variant.fields) };
  }

  /** All errors of all pallets. */
  errors(): PalletError[] {
    return this.#unified.pallets.flatMap((pallet) =>
      this.#variants(pallet.errors?.type).map((v) => ({
        pallet: pallet.name,
        name: v.name,
        docs: v.docs.join(' ').trim(),
      })),
    );
  }

  error(pallet: string, name: string): PalletError | undefined {
    return this.errors().find((e) => e.pallet === pallet && e.name === name);
  }

  /** An error by the numbers of its pallet and of itself, as dispatch errors that nobody decoded name it. */
  errorAt(pallet: number, error: number): PalletError | undefined {
    const found = this.#unified.pallets.find((p) => p.index === pallet);
    const variant = this.#variants(found?.errors?.type).find((v) => v.index === error);
    return found && variant && this.error(found.name, variant.name);
  }

  /** All constants of all pallets. */
  constants(): ConstantOfChain[] {
    return this.#unified.pallets.flatMap((pallet) =>
      pallet.constants.map((constant) => ({
        pallet: pallet.name,
        name: constant.name,
        docs: constant.docs.join('\n').trim(),
        type: constant.type,
        typeName: undefined,
        value: this.#builder.buildConstant(pallet.name, constant.name).dec(constant.value) as unknown,
      })),
    );
  }

  /** A type by its index. */
  type(index: number): TypeEntry {
    const entry = this.#unified.lookup[index];
    if (!entry) throw new NotInMetadata(`type ${index}`);
    return entry;
  }

  /** Whether values of a type carry nothing: polkadot-api leaves fields of such types out. */
  isEmpty(index: number): boolean {
    const { def } = this.type(index);
    if (def.tag === 'tuple') return def.value.every((part) => this.isEmpty(part));
    if (def.tag === 'composite') return def.value.every((part) => this.isEmpty(part.type));
    if (def.tag === 'array') return def.value.len === 0 || this.isEmpty(def.value.type);
    return def.tag === 'variant' && def.value.length === 0;
  }

  /** The type that an optional one holds; any other as it is. */
  withoutOption(index: number): number {
    const { def, path } = this.type(index);
    if (def.tag !== 'variant' || path.join() !== 'Option') return index;
    return def.value.find((variant) => variant.name === 'Some')?.fields[0]?.type ?? index;
  }

  /** All types whose path ends in `name`. */
  typesNamed(name: string): TypeEntry[] {
    return this.#unified.lookup.filter((entry) => entry.path.at(-1) === name);
  }

  /** Throws when the bytes are no call of this runtime, or when any are left over. */
  decodeCall(bytes: Uint8Array): DecodedCall {
    const codec = this.#builder.buildDefinition(this.callType);
    const decoded: unknown = codec.dec(bytes);
    if (!isCall(decoded)) throw new NotInMetadata('such call');
    const again = codec.enc(decoded);
    if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) {
      throw new NotInMetadata('call with these bytes: they decode, but not to what was encoded');
    }
    return decoded;
  }

  /** Throws when the runtime has no such call or the arguments do not fit. */
  encodeCall(call: DecodedCall): Uint8Array {
    this.call(call.type, call.value.type);
    return this.#builder.buildDefinition(this.callType).enc(call);
  }

  /** Encodes a value of a type. */
  encode(type: number, value: unknown): Uint8Array {
    return this.#builder.buildDefinition(type).enc(value);
  }

  /** The key of a storage item, as hexadecimal. */
  storageKey(pallet: string, item: string, ...keys: unknown[]): string {
    return this.#builder.buildStorage(pallet, item).keys.enc(...keys);
  }

  /** The keys that a storage item's key was made of. */
  decodeStorageKey(pallet: string, item: string, key: string): unknown {
    return this.#builder.buildStorage(pallet, item).keys.dec(key);
  }

  /** Decodes the value of a storage item. */
  decodeStorage(pallet: string, item: string, value: string): unknown {
    return this.#builder.buildStorage(pallet, item).value.dec(value);
  }

  /** Whether the runtime answers a method of an API. */
  hasApi(api: string, method: string): boolean {
    const found = this.#unified.apis.find(({ name }) => name === api);
    return found?.methods.some(({ name }) => name === method) ?? false;
  }

  /** Encodes what an API of the runtime is asked with, as hexadecimal. */
  encodeQuestion(api: string, method: string, args: readonly unknown[]): string {
    return `0x${bytesToHex(this.#question(api, method).args.enc([...args]))}`;
  }

  /** Decodes what an API of the runtime answers. */
  decodeAnswer(api: string, method: string, answer: string): unknown {
    return this.#question(api, method).value.dec(answer);
  }

  #question(api: string, method: string) {
    if (!this.hasApi(api, method)) throw new NotInMetadata(`question ${api}.${method}`);
    return this.#builder.buildRuntimeCall(api, method);
  }

  #variants(type: number | undefined) {
    if (type === undefined) return [];
    const { def } = this.type(type);
    return def.tag === 'variant' ? def.value : [];
  }
}

/** Whether a decoded value is a call. */
export function isCall(value: unknown): value is DecodedCall {
  if (typeof value !== 'object' || value === null) return false;
  const { type, value: inner } = value as { type?: unknown; value?: unknown };
  if (typeof type !== 'string' || typeof inner !== 'object' || inner === null) return false;
  return typeof (inner as { type?: unknown }).type === 'string';
}

/** The fields of a call, a variant or a composite type; those without a name are numbered. */
export function fieldsOf(
  fields: readonly { name?: string | undefined; type: number; typeName?: string | undefined }[],
): Field[] {
  return fields.map((field, at) => ({
    name: field.name ?? String(at),
    type: field.type,
    typeName: field.typeName,
  }));
}
