// What somebody may propose: fields as a person fills them in, read strictly into the call that the council would do.
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { DecodedCall, Metadata } from '../../../chain/metadata';
import { isAccount, ss58 } from '../../../format/ids';
import { parseMoney } from '../../../format/money';
import { nodeKey } from '../../../format/peers';
import { keccak } from '../../../proof/hash';

/** How a field is filled in. */
export type FieldKind =
  | 'account'
  /** One whose papers are all attested, and whose treasury has agreed. */
  | 'admissible'
  | 'application'
  | 'call'
  | 'company'
  | 'count'
  | 'encoded'
  | 'hash'
  | 'node'
  | 'note'
  /** Of a text the hash goes to the chain alone. */
  | 'reason'
  | 'seat'
  /** As `datetime-local` writes it. Empty: never. */
  | 'until'
  | 'yuan';

export type Trouble =
  | 'empty'
  | 'inPast'
  | 'notAccount'
  | 'notCall'
  | 'notEncoded'
  | 'notHash'
  | 'notMoney'
  | 'notNode'
  | 'notNumber'
  | 'notTime'
  | 'tooLong';

export interface FieldOf {
  readonly name: string;
  readonly kind: FieldKind;
}

/** What is known when a call is made. */
export interface Known {
  readonly metadata: Metadata;
  readonly nowMs: number;
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
    fields: [of('admissible', 'application'), of('until'), of('seat')],
    make: ({ application, until, seat }) => call('Consortium', 'admit', { application, until, seat }),
  },
  closeApplication: {
    fields: [of('application')],
    make: ({ application }) => call('Consortium', 'withdraw_application', { application }),
  },
  renew: {
    fields: [of('company'), of('until')],
    make: ({ company, until }) => call('Consortium', 'renew', { company, until }),
  },
  suspend: {
    fields: [of('company')],
    make: ({ company }) => call('Consortium', 'set_active', { company, active: false }),
  },
  resume: {
    fields: [of('company')],
    make: ({ company }) => call('Consortium', 'set_active', { company, active: true }),
  },
  expel: {
    fields: [of('company'), of('reason')],
    make: ({ company, reason }) => call('Consortium', 'expel', { company, reason }),
  },
  moveSeat: {
    fields: [of('company'), of('account', 'to')],
    make: ({ company, to }) => call('Consortium', 'move_seat', { company, to }),
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
  closeNetwork: { fields: [], make: () => call('Nodes', 'set_permissioned', { permissioned: true }) },
  openNetwork: { fields: [], make: () => call('Nodes', 'set_permissioned', { permissioned: false }) },
  removeNode: {
    fields: [of('node')],
    make: ({ node }) => call('Nodes', 'remove_by_council', { node }),
  },
  ownAllowance: {
    fields: [of('company'), of('yuan', 'most'), of('yuan', 'recovery')],
    make: ({ company, most, recovery }) =>
      call('Allowance', 'set_allowance', {
        company,
        allowance: { max: most, recovery_per_block: recovery },
      }),
  },
  commonAllowance: {
    fields: [of('company')],
    make: ({ company }) => call('Allowance', 'set_allowance', { company, allowance: undefined }),
  },
  allowanceMost: { fields: [of('yuan', 'most')], make: ({ most }) => parameter('Allowance', 'Max', most) },
  allowanceRecovery: {
    fields: [of('yuan', 'recovery')],
    make: ({ recovery }) => parameter('Allowance', 'RecoveryPerBlock', recovery),
  },
  feePerSecond: { fields: [of('yuan')], make: ({ yuan }) => parameter('Fees', 'PerSecond', yuan) },
  feePerByte: { fields: [of('yuan')], make: ({ yuan }) => parameter('Fees', 'PerByte', yuan) },
  maxSeats: { fields: [of('count')], make: ({ count }) => parameter('Settlement', 'MaxSeats', count) },
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
  ['joining', ['admit', 'closeApplication']],
  ['companies', ['renew', 'suspend', 'resume', 'expel', 'appoint', 'moveSeat']],
  ['validators', ['addValidator', 'removeValidator', 'reinstate']],
  ['network', ['closeNetwork', 'openNetwork', 'removeNode']],
  ['allowances', ['ownAllowance', 'commonAllowance', 'allowanceMost', 'allowanceRecovery']],
  ['parameters', ['feePerSecond', 'feePerByte', 'maxSeats']],
  ['emergency', ['pause', 'unpause', 'stand', 'longerStand', 'endStand']],
  ['council', ['dropMotion', 'upgrade']],
  ['other', ['remark', 'encoded']],
];

export type Group =
  | 'joining'
  | 'companies'
  | 'validators'
  | 'network'
  | 'allowances'
  | 'parameters'
  | 'emergency'
  | 'council'
  | 'other';

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
    const read = readField(field.kind, typed[field.name] ?? '', known);
    if ('trouble' in read) troubles.set(field.name, read.trouble);
    else values[field.name] = read.value;
  }
  return { call: troubles.size > 0 ? undefined : make(values, known), troubles };
}

type Field = { readonly value: unknown } | { readonly trouble: Trouble };

const longestNote = 1_000;

/** The keccak hash of a text, letter by letter as it was typed. */
export function reasonHash(text: string): string {
  return `0x${bytesToHex(keccak(new TextEncoder().encode(text)))}`;
}

function readField(kind: FieldKind, typed: string, known: Known): Field {
  const text = typed.trim();
  if (kind === 'until') return text === '' ? { value: undefined } : later(text, known.nowMs);
  if (text === '') return { trouble: 'empty' };
  switch (kind) {
    case 'account':
      return isAccount(text) ? { value: ss58(text) } : { trouble: 'notAccount' };
    case 'call':
      return namedCall(text, known.metadata);
    case 'admissible':
    case 'application':
    case 'company':
    case 'count':
      return number(text);
    case 'encoded':
      return encoded(text, known.metadata);
    case 'hash':
      return /^0x[0-9a-f]{64}$/i.test(text) ? { value: text.toLowerCase() } : { trouble: 'notHash' };
    case 'node': {
      const value = nodeKey(text);
      return value === undefined ? { trouble: 'notNode' } : { value };
    }
    case 'note':
      return bytes(text, longestNote);
    case 'reason':
      return { value: reasonHash(typed) };
    case 'seat':
      return { value: text === 'yes' };
    case 'yuan':
      return money(text);
  }
}

/** A moment by the clock of the place, in seconds of the Unix epoch. */
function later(text: string, nowMs: number): Field {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) return { trouble: 'notTime' };
  return ms > nowMs ? { value: BigInt(Math.floor(ms / 1000)) } : { trouble: 'inPast' };
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
