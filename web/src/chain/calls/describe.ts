/** Says in plain words what a call does. */
import type { Language } from '../../i18n/setup';
import type { CallShape, DecodedCall, Field, Metadata } from '../metadata';
import { type Danger, dangerOf, graver } from './danger';
import { type Names, NO_NAMES } from './names';
import { sentenceOf } from './sentences';
import type { Arguments } from './sentences/sentence';
import { line, Shower, type Shown, type ShownField } from './shown';
import { type Kind, Unexpected, Words } from './words';

/** A call in words. */
export interface Description {
  pallet: string;
  call: string;
  /** What it does. Ends with a colon when the nested calls say the rest. */
  sentence: string;
  /** False: nobody wrote a sentence for this call, and the one here only lists what it carries. */
  known: boolean;
  /** The gravest danger of this call and those nested in it. */
  danger: Danger | undefined;
  /** Every argument by name. */
  fields: ShownField[];
  /** The calls inside this one, in their order. */
  nested: Description[];
  /** Nested calls that are not listed, because there are too many or they lie too deep. */
  omitted: number;
  /** What the pallet's author says about it, in English. */
  docs: string;
}

/** Calls nested deeper than this are not opened. The chain refuses to decode calls nested deeper than 256. */
const DEEPEST = 8;
/** Nested calls described in one place. */
const MOST_NESTED = 100;

/** Describes encoded bytes of a call. Throws when they are no call of this runtime. */
export function describeBytes(
  metadata: Metadata,
  bytes: Uint8Array,
  language: Language,
  names: Names = NO_NAMES,
): Description {
  return describeCall(metadata, metadata.decodeCall(bytes), language, names);
}

/** Describes a call. Throws `NotInMetadata` when the runtime has no such call. */
export function describeCall(
  metadata: Metadata,
  call: DecodedCall,
  language: Language,
  names: Names = NO_NAMES,
): Description {
  return new Describer(metadata, new Words(language, names)).describe(call, 0);
}

class Describer {
  readonly #metadata: Metadata;
  readonly #words: Words;
  readonly #shower: Shower;

  constructor(metadata: Metadata, words: Words) {
    this.#metadata = metadata;
    this.#words = words;
    this.#shower = new Shower(metadata, words);
  }

  describe(call: DecodedCall, depth: number): Description {
    const shape = this.#metadata.call(call.type, call.value.type);
    const args = argumentsOf(shape, call.value.value);
    const fields = shape.fields.map((f) => ({ name: f.name, value: this.#shower.field(f, args[f.name]) }));
    const inner = fields.flatMap((f) => callsIn(f.value));
    const all = shape.fields.flatMap((f) => this.#callCount(f, args[f.name]));
    const opened = depth < DEEPEST ? this.#inner(shape, args, inner).slice(0, MOST_NESTED) : [];
    const nested = opened.map((one) => this.describe(one, depth + 1));
    const said = this.#sentence(shape, args);
    const { language } = this.#words;
    const own = dangerOf(shape.pallet, shape.name, args, language);
    return {
      pallet: shape.pallet,
      call: shape.name,
      sentence: said ?? this.#fallback(shape, fields),
      known: said !== undefined,
      danger: nested.map((n) => n.danger).reduce(graver, own),
      fields,
      nested,
      omitted: all.reduce((sum, count) => sum + count, 0) - nested.length,
      docs: shape.docs,
    };
  }

  /** The nested calls: a list of calls is taken from the argument itself, because what is shown of it is cut. */
  #inner(shape: CallShape, args: Arguments, shown: DecodedCall[]): DecodedCall[] {
    const list = shape.fields.find((f) => this.#isCallList(f));
    const value = list && args[list.name];
    return Array.isArray(value) ? (value as DecodedCall[]) : shown;
  }

  #callCount(field: Field, value: unknown): number {
    if (field.type === this.#metadata.callType) return 1;
    return this.#isCallList(field) && Array.isArray(value) ? value.length : 0;
  }

  #isCallList(field: Field): boolean {
    const { def } = this.#metadata.type(field.type);
    return def.tag === 'sequence' && def.value === this.#metadata.callType;
  }

  #sentence(shape: CallShape, args: Arguments): string | undefined {
    const sentence = sentenceOf(shape.pallet, shape.name);
    if (!sentence) return undefined;
    const template = typeof sentence === 'function' ? sentence(args) : sentence;
    try {
      return template[this.#words.language].replace(/\{([^}|]+)(?:\|(\w+))?\}/g, (_, path, kind) =>
        this.#argument(shape, args, String(path), kind === undefined ? undefined : (kind as Kind)),
      );
    } catch (error) {
      // The call has changed since the sentence was written: better no sentence than a wrong one.
      if (error instanceof Unexpected) return undefined;
      throw error;
    }
  }

  #argument(shape: CallShape, args: Arguments, path: string, kind: Kind | undefined): string {
    const [first = '', ...rest] = path.split('.');
    let field = shape.fields.find((f) => f.name === first);
    let value = args[first];
    for (const step of rest) {
      field = field && this.#part(field, step);
      value =
        typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(step) : undefined;
    }
    if (!field) throw new Unexpected(`argument ${path}`, undefined);
    return kind ? this.#words.say(kind, value) : line(this.#shower.field(field, value));
  }

  #part(field: Field, name: string): Field | undefined {
    const { def } = this.#metadata.type(this.#metadata.withoutOption(field.type));
    if (def.tag !== 'composite') return undefined;
    const part = def.value.find((f) => f.name === name);
    return part && { name, type: part.type, typeName: part.typeName };
  }

  #fallback(shape: CallShape, fields: ShownField[]): string {
    const zh = this.#words.language === 'zh';
    const call = `${shape.pallet}.${shape.name}`;
    const carried = fields.map((f) => `${f.name} = ${line(f.value)}`).join(zh ? '；' : '; ');
    if (zh) return `调用 ${call}（暂无文字说明）。${carried ? `参数：${carried}` : '无参数。'}`;
    return `Call ${call}, which nobody has put into words here. ${carried ? `It carries ${carried}` : 'It carries nothing.'}`;
  }
}

function argumentsOf(shape: CallShape, value: unknown): Arguments {
  if (shape.fields.length === 0) return {};
  if (typeof value !== 'object' || value === null) throw new Unexpected('arguments', value);
  return Object.fromEntries(Object.entries(value));
}

function callsIn(shown: Shown): DecodedCall[] {
  switch (shown.kind) {
    case 'call':
      return [shown.call];
    case 'list':
      return shown.items.flatMap(callsIn);
    case 'record':
      return shown.fields.flatMap((f) => callsIn(f.value));
    default:
      return [];
  }
}
