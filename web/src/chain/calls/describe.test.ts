import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../i18n/setup';
import { type CallShape, type DecodedCall, Metadata } from '../metadata';
import { markedCalls } from './danger';
import { describeBytes, describeCall } from './describe';
import { NO_NAMES } from './names';
import { sampleCalls } from './samples.test-data';
import { spokenCalls } from './sentences';
import { ALL_PERMISSIONS, VOCABULARY } from './vocabulary';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const LANGUAGES: Language[] = ['en', 'zh'];
/** The key of a node that was started with `--node-key 00…01`. */
const MACHINE = '0x4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

/** Pallets whose every call has a sentence. */
const SPOKEN = [
  'Allowance',
  'Balances',
  'Consortium',
  'Council',
  'Drivers',
  'Multisig',
  'Nodes',
  'Parameters',
  'Preimage',
  'Proxy',
  'SafeMode',
  'Scheduler',
  'Session',
  'Settlement',
  'System',
  'Tariffs',
  'Telemetry',
  'Timestamp',
  'TxPause',
  'Utility',
  'Validators',
  'Vehicles',
];

const transfer = (value: bigint): DecodedCall => ({
  type: 'Balances',
  value: { type: 'transfer_keep_alive', value: { dest: { type: 'Id', value: BOB }, value } },
});

const consortium = (type: string, value: object): DecodedCall => ({
  type: 'Consortium',
  value: { type, value },
});

const nameOf = (shape: CallShape) => `${shape.pallet}.${shape.name}`;

describe('every call of the runtime', () => {
  it.each(metadata.calls().map((shape) => [nameOf(shape), shape] as const))('%s', (name, shape) => {
    for (const call of sampleCalls(metadata, shape)) {
      for (const language of LANGUAGES) {
        const described = describeBytes(metadata, metadata.encodeCall(call), language);
        expect(described.known, `${name} has no sentence`).toBe(
          SPOKEN.includes(shape.pallet) || spokenCalls().includes(name),
        );
        expect(described.sentence).not.toMatch(/undefined|null|NaN|\[object|\{|\}/);
        expect(described.sentence).toMatch(language === 'zh' ? /\p{Script=Han}/u : /^[A-Z]/);
        expect(described.fields.map((f) => f.name)).toEqual(shape.fields.map((f) => f.name));
      }
    }
  });
});

it('has no sentence and no mark for a call that the runtime does not have', () => {
  const names = metadata.calls().map(nameOf);
  expect(spokenCalls().filter((name) => !names.includes(name))).toEqual([]);
  expect(markedCalls().filter((name) => !names.includes(name))).toEqual([]);
});

it('has words for exactly the values that enumerations have', () => {
  for (const [name, words] of Object.entries(VOCABULARY)) {
    const [entry] = metadata.typesNamed(name);
    const values = entry?.def.tag === 'variant' ? entry.def.value.map((v) => v.name) : [];
    expect(Object.keys(words), name).toEqual(values);
  }
});

describe('what a reader is told', () => {
  const names = {
    ...NO_NAMES,
    account: (address: string) => (address === BOB ? 'Bob' : undefined),
    company: (id: number) => (id === 2 ? 'Xinghe Ride' : undefined),
    vehicle: (id: number) => (id === 7 ? '粤B12345' : undefined),
    application: (id: number) => (id === 3 ? '河山出行' : undefined),
    node: (key: string) => (key === MACHINE ? 'gateway' : undefined),
  };

  it('an amount in CNY and the name of who gets it', () => {
    expect(describeCall(metadata, transfer(1_234_500_000n), 'en', names).sentence).toBe(
      'Transfer ¥1,234.50 to Bob (5FHneW46…M694ty).',
    );
    expect(describeCall(metadata, transfer(1n), 'zh', names).sentence).toBe(
      '向 Bob (5FHneW46…M694ty) 转账 ¥0.000001。',
    );
  });

  it('a vehicle by its plate, a company by its name', () => {
    const offer: DecodedCall = {
      type: 'Vehicles',
      value: { type: 'offer_transfer', value: { vehicle: 7, to: 2, price: 88_000_000_000n } },
    };
    expect(describeCall(metadata, offer, 'en', names).sentence).toBe(
      'Offer 粤B12345 (vehicle 7) to Xinghe Ride (company 2) for ¥88,000.00. This replaces any earlier offer of it.',
    );
    expect(describeCall(metadata, offer, 'zh', names).sentence).toContain('粤B12345（车辆 7）');
  });

  it('every step of a batch, and the danger inside a proposal', () => {
    const enact: DecodedCall = {
      type: 'Consortium',
      value: {
        type: 'enact',
        value: { call: { type: 'System', value: { type: 'set_code', value: { code: new Uint8Array(3) } } } },
      },
    };
    const propose: DecodedCall = {
      type: 'Council',
      value: { type: 'propose', value: { threshold: 3, proposal: enact, length_bound: 1000 } },
    };
    const batch: DecodedCall = {
      type: 'Utility',
      value: { type: 'batch_all', value: { calls: [transfer(1_000_000n), propose] } },
    };
    const described = describeCall(metadata, batch, 'en');
    expect(described.sentence).toBe('Do these 2 things, all or none:');
    expect(described.nested.map((n) => n.call)).toEqual(['transfer_keep_alive', 'propose']);
    expect(described.nested[1]?.nested[0]?.nested[0]?.sentence).toContain('3 bytes');
    expect(described.danger?.level).toBe('critical');
    expect(described.nested[0]?.danger).toBeUndefined();
  });

  it('that a batch has more steps than are listed', () => {
    const calls = Array.from({ length: 120 }, () => transfer(1n));
    const batch: DecodedCall = { type: 'Utility', value: { type: 'batch', value: { calls } } };
    const described = describeCall(metadata, batch, 'en');
    expect(described.nested).toHaveLength(100);
    expect(described.omitted).toBe(20);
  });

  it('that whoever may grant roles gets power', () => {
    const grant = (permissions: number): DecodedCall => ({
      type: 'Consortium',
      value: { type: 'grant_role', value: { company: 1, who: BOB, permissions, expires: undefined } },
    });
    expect(describeCall(metadata, grant(ALL_PERMISSIONS), 'en').danger?.level).toBe('careful');
    expect(describeCall(metadata, grant(2), 'en').danger).toBeUndefined();
    expect(describeCall(metadata, grant(2 | 8), 'en').sentence).toContain('manage vehicles, move money');
  });

  it('who applied, for how long they are admitted, and whether they vote', () => {
    const admit = (until: bigint | undefined, seat: boolean) =>
      describeCall(metadata, consortium('admit', { application: 3, until, seat }), 'en', names).sentence;
    expect(admit(undefined, true)).toBe(
      'Admit 河山出行 (application 3) to the consortium, without end, with a seat in the council. Whoever applied may then do everything for the company.',
    );
    expect(admit(1_800_000_000n, false)).toMatch(/until 2027-01-1\d .*, without a seat/);
  });

  it('that a treasury that agrees is in the hands of the company', () => {
    const accept = consortium('accept_treasury', { application: 3 });
    const { sentence, danger } = describeCall(metadata, accept, 'en', names);
    expect(sentence).toContain('becomes the treasury of the company of 河山出行 (application 3)');
    expect(danger?.reason).toContain('moves the money of this account');
  });

  it('that an expulsion is for good', () => {
    const expel = consortium('expel', { company: 2, reason: `0x${'ab'.repeat(32)}` });
    const { sentence, danger } = describeCall(metadata, expel, 'zh', names);
    expect(sentence).toContain('将Xinghe Ride（公司 2）永久除名');
    expect(danger).toEqual({ level: 'critical', reason: '该操作不可撤销。' });
  });

  it('a machine by its label and by the peer id that it writes of itself, which is whole among the arguments', () => {
    const remove: DecodedCall = {
      type: 'Nodes',
      value: { type: 'remove_by_council', value: { node: MACHINE } },
    };
    const { sentence, fields } = describeCall(metadata, remove, 'en', names);
    expect(sentence).toContain('the machine gateway (12D3KooWEyop…vnc6iDEp)');
    const text = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
    expect(fields).toEqual([{ name: 'node', value: { kind: 'text', text } }]);
  });

  it('how much a company is spared, or nothing, or as much as all others', () => {
    const set = (allowance: object | undefined) =>
      describeCall(
        metadata,
        { type: 'Allowance', value: { type: 'set_allowance', value: { company: 2, allowance } } },
        'en',
        names,
      ).sentence;
    expect(set({ max: 10_000_000n, recovery_per_block: 33_334n })).toBe(
      'Spare Xinghe Ride (company 2) fees of up to ¥10.00 at a time, of which ¥0.033334 comes back with each block.',
    );
    expect(set({ max: 0n, recovery_per_block: 1n })).toContain('pay each fee');
    expect(set(undefined)).toContain('that all companies have');
  });

  it('the plain arguments of a call without a sentence', () => {
    const call: DecodedCall = {
      type: 'MultiBlockMigrations',
      value: { type: 'force_onboard_mbms', value: undefined },
    };
    const described = describeCall(metadata, call, 'en');
    expect(described.known).toBe(false);
    expect(described.sentence).toBe(
      'Call MultiBlockMigrations.force_onboard_mbms, which nobody has put into words here. It carries nothing.',
    );
  });
});

it('refuses bytes with something left over', () => {
  const bytes = metadata.encodeCall(transfer(5n));
  expect(() => metadata.decodeCall(new Uint8Array([...bytes, 0]))).toThrow();
});
