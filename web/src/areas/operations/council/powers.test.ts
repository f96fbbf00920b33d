import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type DecodedCall, Metadata } from '../../../chain/metadata';
import { commands, type Power, powerOf, said, shares, votesFor } from './powers';

const root = new URL('../../../../../', import.meta.url);
const metadata = new Metadata(new Uint8Array(readFileSync(new URL('offchain/chain/metadata.scale', root))));
const folder = new URL('runtime/src/configs/', root);
const runtime = readdirSync(folder)
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n');

/** `TwoThirds` of the runtime is `twoThirds` here. */
const power = (name: string) => (name.charAt(0).toLowerCase() + name.slice(1)) as Power;

/** Items of the runtime's configuration that are a share of the council, as `pallet_collective.KillOrigin`. */
function configured(): ReadonlyMap<string, Power> {
  const found = new Map<string, Power>();
  for (const [, pallet, body] of runtime.matchAll(/impl (pallet_\w+)::Config\S* for Runtime \{(.*?)^\}/gms)) {
    for (const [, item, of] of (body ?? '').matchAll(
      /type (\w+) =\s*(?:AsEnsureOriginWithArg<|EnsureWithSuccess<)?(TwoThirds|ThreeQuarters|Majority)\b/g,
    ))
      found.set(`${pallet}.${item}`, power(of ?? ''));
  }
  return found;
}

/** Origins that nobody gets to use: the runtime's filter refuses what they are for, as `pallet_collective::Call::set_members`. */
const closed: ReadonlyMap<string, string> = new Map([['pallet_collective.SetMembersOrigin', 'set_members']]);

test('each origin of the runtime that is a share of the council stands in the table, with that share', () => {
  const origins = new Map(commands.map((command) => [command.origin as string, command.power]));
  const open = [...configured()].filter(([origin]) => !closed.has(origin));
  expect(open.sort()).toEqual([...origins].sort());
});

test('what the filter of the runtime closes to everybody, the council cannot do either', () => {
  const [, filter] = /impl Contains<RuntimeCall> for Allowed \{(.*?)^\}/ms.exec(runtime) ?? [];
  const found = [...(filter ?? '').matchAll(/RuntimeCall::(\w+)\(pallet_\w+::Call::(\w+)/g)];
  expect(found.map(([, , name]) => name)).toEqual(expect.arrayContaining([...closed.values()]));
  for (const [, pallet, name] of found) expect(powerOf(call(pallet ?? '', name ?? '', {}))).toBeUndefined();
});

test('pages say each of them once', () => {
  const origins = new Set<string>(commands.map(({ origin }) => origin));
  expect(said.flatMap(([, by]) => [...by]).sort()).toEqual([...origins].sort());
});

test('the shares are those of the runtime', () => {
  for (const [, name, more, part, of] of runtime.matchAll(
    /pub type (\w+) = EitherOfDiverse<\s*EnsureRoot<AccountId>,\s*EnsureProportion(AtLeast|MoreThan)<AccountId, CouncilInstance, (\d), (\d)>/g,
  ))
    expect(shares[power(name ?? '')], name).toEqual({
      part: Number(part),
      of: Number(of),
      more: more === 'MoreThan',
    });
});

test('the chain has every call of the table', () => {
  const calls = metadata.calls().map(({ pallet, name }) => `${pallet}.${name}`);
  expect(commands.filter(({ call }) => !calls.includes(call))).toEqual([]);
});

test('no council is asked for less than its share, and none for more than it has seats', () => {
  for (const name of Object.keys(shares) as Power[]) {
    for (let seats = 1; seats <= 100; seats++) {
      const votes = votesFor(name, seats);
      const { part, of, more } = shares[name];
      const suffices = (count: number) => (more ? count * of > part * seats : count * of >= part * seats);
      expect(suffices(votes)).toBe(true);
      expect(suffices(votes - 1)).toBe(false);
      expect(votes).toBeLessThanOrEqual(seats);
    }
  }
});

test('of four companies three decide, whatever it is; of seven four, five or six', () => {
  expect((['majority', 'twoThirds', 'threeQuarters'] as const).map((name) => votesFor(name, 4))).toEqual([
    3, 3, 3,
  ]);
  expect((['majority', 'twoThirds', 'threeQuarters'] as const).map((name) => votesFor(name, 7))).toEqual([
    4, 5, 6,
  ]);
});

const call = (type: string, name: string, value?: unknown): DecodedCall => ({
  type,
  value: { type: name, value },
});

test('a batch takes what the most demanding of its calls takes', () => {
  const suspend = call('Consortium', 'set_active', { company: 2, active: false });
  const pause = call('TxPause', 'pause', {});
  const enact = call('Consortium', 'enact', { call: suspend });
  expect(powerOf(call('Utility', 'batch_all', { calls: [pause] }))).toBe('majority');
  expect(powerOf(call('Utility', 'batch_all', { calls: [pause, suspend] }))).toBe('twoThirds');
  expect(powerOf(call('Utility', 'batch_all', { calls: [pause, enact, suspend] }))).toBe('threeQuarters');
});

test('what is not given to the council it cannot do, neither alone nor in a batch', () => {
  const transfer = call('Balances', 'force_transfer', {});
  expect(powerOf(transfer)).toBeUndefined();
  const remark = call('System', 'remark', {});
  expect(powerOf(remark)).toBe('majority');
  expect(powerOf(call('Utility', 'batch_all', { calls: [remark, transfer] }))).toBeUndefined();
});

test('what is planned for later is done by the same votes: it takes what is planned, and two thirds at least', () => {
  const later = (inner: DecodedCall) =>
    powerOf(call('Scheduler', 'schedule_after', { after: 5, priority: 0, call: inner }));
  expect(later(call('TxPause', 'pause', {}))).toBe('twoThirds');
  expect(later(call('Consortium', 'enact', {}))).toBe('threeQuarters');
  expect(later(call('Balances', 'force_transfer', {}))).toBeUndefined();
});
