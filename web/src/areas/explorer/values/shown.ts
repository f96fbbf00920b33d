// Values of calls and events, as the index decoded them, made ready to be shown: calls in calls, records, lists, and
// single values by what they are.
import { peerIdOf } from '../../../format/peers';
import { type FieldKind, kindOf } from './kinds';

export type Shown =
  | { readonly kind: 'none' }
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'hex'; readonly hex: string }
  | { readonly kind: 'known'; readonly as: FieldKind; readonly is: string }
  | {
      readonly kind: 'call';
      readonly pallet: string;
      readonly name: string;
      readonly fields: readonly ShownField[];
    }
  | { readonly kind: 'record'; readonly variant?: string; readonly fields: readonly ShownField[] }
  | { readonly kind: 'list'; readonly items: readonly Shown[]; readonly omitted: number };

export interface ShownField {
  readonly name: string;
  readonly value: Shown;
}

/** In what a value stands: the pallet decides what names mean, the accounts which 32 bytes are one. */
export interface Within {
  readonly pallet: string;
  readonly accounts: ReadonlySet<string>;
}

/** Items of a list that are shown; the rest is counted. */
export const MOST_ITEMS = 100;
const DEEPEST = 24;

type Record_ = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a call or an event. What is no record is one field without a name. */
export function fieldsOf(value: unknown, within: Within): readonly ShownField[] {
  return fieldsAt(value, within, 0);
}

function fieldsAt(value: unknown, within: Within, depth: number): readonly ShownField[] {
  if (isRecord(value)) {
    return Object.entries(value).map(([name, inner]) => ({
      name,
      value: shownAt(inner, name, within, depth),
    }));
  }
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    return value.map((inner: unknown, at) => ({
      name: String(at),
      value: shownAt(inner, '', within, depth),
    }));
  }
  return [{ name: '', value: shownAt(value, '', within, depth) }];
}

function shownAt(value: unknown, name: string, within: Within, depth: number): Shown {
  if (value === null || value === undefined) return { kind: 'none' };
  if (depth >= DEEPEST) return { kind: 'plain', text: JSON.stringify(value) };
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item: unknown) => shownAt(item, name, within, depth + 1));
    return { kind: 'list', items, omitted: value.length - items.length };
  }
  if (isRecord(value)) return recordAt(value, within, depth);
  if (typeof value === 'boolean') return { kind: 'plain', text: String(value) };
  return single(String(value), name, within);
}

function recordAt(value: Record_, within: Within, depth: number): Shown {
  const entries = Object.entries(value);
  if (typeof value.call === 'string' && entries.length === 2 && 'args' in value) {
    const [pallet = '', name = ''] = value.call.split('.');
    const fields = fieldsAt(value.args, { ...within, pallet }, depth + 1);
    return { kind: 'call', pallet, name, fields };
  }
  const [only] = entries;
  // A variant is written as {"Name": …}: names of fields are small.
  if (only !== undefined && entries.length === 1 && /^[A-Z]/.test(only[0])) {
    const [variant, inner] = only;
    if (typeof inner === 'string' || typeof inner === 'number') {
      return { kind: 'record', variant, fields: [{ name: '', value: single(String(inner), '', within) }] };
    }
    return { kind: 'record', variant, fields: fieldsAt(inner, within, depth + 1) };
  }
  return { kind: 'record', fields: fieldsAt(value, within, depth + 1) };
}

function single(text: string, name: string, within: Within): Shown {
  if (/^0x[0-9a-f]{64}$/.test(text) && within.accounts.has(text)) return { kind: 'account', account: text };
  const kind = kindOf(within.pallet, name);
  if (kind === 'text') return textOf(text) ?? { kind: 'hex', hex: text };
  if (kind === 'node' && /^0x[0-9a-f]{64}$/.test(text)) return { kind: 'text', text: peerIdOf(text) };
  if (kind !== undefined && /^\d+$/.test(text)) return { kind: 'known', as: kind, is: text };
  if (/^0x[0-9a-f]*$/.test(text)) return { kind: 'hex', hex: text };
  return { kind: 'plain', text };
}

/** The text that bytes are, when it is one that people write. */
function textOf(hex: string): Shown | undefined {
  if (!/^0x(?:[0-9a-f]{2})+$/.test(hex)) return { kind: 'text', text: hex };
  const bytes = Uint8Array.from(hex.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /\p{C}/u.test(text) ? undefined : { kind: 'text', text };
  } catch {
    return undefined;
  }
}

/** How many calls stand within, however deep. */
export function callsWithin(shown: Shown): number {
  switch (shown.kind) {
    case 'call':
      return 1 + shown.fields.reduce((sum, field) => sum + callsWithin(field.value), 0);
    case 'record':
      return shown.fields.reduce((sum, field) => sum + callsWithin(field.value), 0);
    case 'list':
      return shown.items.reduce((sum, item) => sum + callsWithin(item), 0);
    default:
      return 0;
  }
}
