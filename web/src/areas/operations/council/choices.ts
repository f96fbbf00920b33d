// What somebody may propose: fields as a person fills them in, read strictly into the call that the council would do.
import { hexToBytes } from '@noble/hashes/utils.js';
import type { DecodedCall, Metadata } from '../../../chain/metadata';
import { isAccount, ss58 } from '../../../format/ids';
import { parseMoney } from '../../../format/money';

/** How a field is filled in. */
export type FieldKind =
  | 'account'
  | 'accounts'
  | 'call'
  | 'company'
  | 'companyKind'
  | 'count'
  | 'encoded'
  | 'hash'
  | 'name'
  | 'note'
  | 'yuan';

export type Trouble =
  | 'empty'
  | 'notAccount'
  | 'notCall'
  | 'notEncoded'
  | 'notHash'
  | 'notMoney'
  | 'notNumber'
  | 'tooLong'
  | 'twice';

export interface FieldOf {
  readonly name: string;
  readonly kind: FieldKind;
}

/** What is known when a call is made. */
export interface Known {
  readonly metadata: Metadata;
  /** Members of the council. */
  readonly seats: number;
}

type Values = Readonly<Record<string, unknown>>;

interface Choice {
  readonly fields: readonly FieldOf[];
  readonly make: (values: Values, known: Known) => DecodedCall;
}

const call = (type: string, name: string, value?: unknown): DecodedCall => ({
  type,
  value: { type: name, value },
});
const of = (kind: FieldKind, name: string = kind): FieldOf => ({ kind, name });
const parameter = (group: string, name: string, value: unknown) =>
  // The name of a parameter carries nothing, so polkadot-api leaves it out: the new value alone remains.
  call('Parameters', 'set_parameter', { key_value: { type: group, value: { type: name, value: [value] } } });

export const choices = {
  admit: {
    fields: [of('name'), of('companyKind', 'kind'), of('account', 'treasury'), of('account', 'admin')],
    make: ({ name, kind, treasury, admin }) =>
      call('Consortium', 'register_company', { name, kind, treasury, admin }),
  },
  suspend: {
    fields: [of('company')],
    make: ({ company }) => call('Consortium', 'set_active', { company, active: false }),
  },
  resume: {
    fields: [of('company')],
    make: ({ company }) => call('Consortium', 'set_active', { company, active: true }),
  },
  appoint: {
    fields: [of('company'), of('account', 'admin')],
    make: ({ company, admin }) => call('Consortium', 'appoint_admin', { company, who: admin }),
  },
  addValidator: {
    fields: [of('company'), of('account', 'validator')],
    make: ({ company, validator }) => call('Validators', 'add_validator', { company, account: validator }),
  },
  removeValidator: {
    fields: [of('account', 'validator')],
    make: ({ validator }) => call('Validators', 'remove_validator', { account: validator }),
  },
  reinstate: {
    fields: [of('account', 'validator')],
    make: ({ validator }) => call('Validators', 'reinstate', { account: validator }),
  },
  feePerSecond: { fields: [of('yuan')], make: ({ yuan }) => parameter('Fees', 'PerSecond', yuan) },
  feePerByte: { fields: [of('yuan')], make: ({ yuan }) => parameter('Fees', 'PerByte', yuan) },
  maxSeats: { fields: [of('count')], make: ({ count }) => parameter('Settlement', 'MaxSeats', count) },
  members: {
    fields: [of('accounts', 'members')],
    make: ({ members }, { seats }) =>
      call('Council', 'set_members', { new_members: members, prime: undefined, old_count: seats }),
  },
  pause: { fields: [of('call')], make: ({ call: named }) => call('TxPause', 'pause', { full_name: named }) },
  unpause: { fields: [of('call')], make: ({ call: named }) => call('TxPause', 'unpause', { ident: named }) },
  stand: { fields: [], make: () => call('SafeMode', 'force_enter') },
  longerStand: { fields: [], make: () => call('SafeMode', 'force_extend') },
  endStand: { fields: [], make: () => call('SafeMode', 'force_exit') },
  upgrade: {
    fields: [of('hash', 'code')],
    make: ({ code }) =>
      call('Consortium', 'enact', { call: call('System', 'authorize_upgrade', { code_hash: code }) }),
  },
  dropMotion: {
    fields: [of('hash', 'motion')],
    make: ({ motion }) => call('Council', 'disapprove_proposal', { proposal_hash: motion }),
  },
  remark: { fields: [of('note')], make: ({ note }) => call('System', 'remark', { remark: note }) },
  encoded: {
    fields: [of('encoded')],
    make: ({ encoded }, { metadata }) => metadata.decodeCall(encoded as Uint8Array),
  },
} as const satisfies Readonly<Record<string, Choice>>;

export type ChoiceName = keyof typeof choices;

export const choiceNames = Object.keys(choices) as readonly ChoiceName[];

/** Choices by what they are about, in the order in which they are offered. */
export const groups: ReadonlyArray<readonly [name: Group, of: readonly ChoiceName[]]> = [
  ['companies', ['admit', 'suspend', 'resume', 'appoint']],
  ['validators', ['addValidator', 'removeValidator', 'reinstate']],
  ['parameters', ['feePerSecond', 'feePerByte', 'maxSeats']],
  ['emergency', ['pause', 'unpause', 'stand', 'longerStand', 'endStand']],
  ['council', ['members', 'dropMotion', 'upgrade']],
  ['other', ['remark', 'encoded']],
];

export type Group = 'companies' | 'validators' | 'parameters' | 'emergency' | 'council' | 'other';

export function choiceNamed(name: string | undefined): ChoiceName | undefined {
  return choiceNames.find((known) => known === name);
}

export interface Read {
  /** Missing: something is wrong. */
  readonly call: DecodedCall | undefined;
  readonly troubles: ReadonlyMap<string, Trouble>;
}

/** What was filled in. Nothing is made of it while a field is wrong. */
export function readChoice(name: ChoiceName, typed: Readonly<Record<string, string>>, known: Known): Read {
  const { fields, make }: Choice = choices[name];
  const troubles = new Map<string, Trouble>();
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const read = readField(field.kind, (typed[field.name] ?? '').trim(), known);
    if ('trouble' in read) troubles.set(field.name, read.trouble);
    else values[field.name] = read.value;
  }
  return { call: troubles.size > 0 ? undefined : make(values, known), troubles };
}

type Field = { readonly value: unknown } | { readonly trouble: Trouble };

/** Bytes of a company's name, as the chain takes them. */
const longestName = 64;
const longestNote = 1_000;

function readField(kind: FieldKind, text: string, known: Known): Field {
  if (text === '') return { trouble: 'empty' };
  switch (kind) {
    case 'account':
      return isAccount(text) ? { value: ss58(text) } : { trouble: 'notAccount' };
    case 'accounts':
      return accounts(text);
    case 'call':
      return namedCall(text, known.metadata);
    case 'company':
    case 'count':
      return number(text);
    case 'companyKind':
      return { value: { type: text, value: undefined } };
    case 'encoded':
      return encoded(text, known.metadata);
    case 'hash':
      return /^0x[0-9a-f]{64}$/i.test(text) ? { value: text.toLowerCase() } : { trouble: 'notHash' };
    case 'name':
      return bytes(text, longestName);
    case 'note':
      return bytes(text, longestNote);
    case 'yuan':
      return money(text);
  }
}

function money(text: string): Field {
  const read = parseMoney(text);
  return read.ok && read.value >= 0n ? { value: read.value } : { trouble: 'notMoney' };
}

function number(text: string): Field {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= 0xffff_ffff ? { value } : { trouble: 'notNumber' };
}

function bytes(text: string, most: number): Field {
  const value = new TextEncoder().encode(text);
  return value.length <= most ? { value } : { trouble: 'tooLong' };
}

function accounts(text: string): Field {
  const all = text.split(/[\s,;，；]+/).filter((one) => one !== '');
  if (!all.every(isAccount)) return { trouble: 'notAccount' };
  const value = all.map(ss58);
  return new Set(value).size === value.length ? { value } : { trouble: 'twice' };
}

/** The names of a call of this runtime, as `TxPause` takes them. */
function namedCall(text: string, metadata: Metadata): Field {
  const [pallet = '', name = ''] = text.split('.');
  const isThere = metadata.calls().some((shape) => shape.pallet === pallet && shape.name === name);
  const utf8 = new TextEncoder();
  return isThere ? { value: [utf8.encode(pallet), utf8.encode(name)] } : { trouble: 'notCall' };
}

function encoded(text: string, metadata: Metadata): Field {
  if (!/^0x(?:[0-9a-f]{2})+$/i.test(text)) return { trouble: 'notEncoded' };
  const value = hexToBytes(text.slice(2));
  try {
    metadata.decodeCall(value);
    return { value };
  } catch {
    return { trouble: 'notEncoded' };
  }
}
