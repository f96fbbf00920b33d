import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../../chain/calls/vocabulary';
import { accountHex } from '../../../../format/ids';
import { peerIdOf } from '../../../../format/peers';
import { all, type Role } from '../people/role';
import { type Draft, type Machine, machinesOf, mostMachines, nodeKinds, readMachine } from './machine';
import { seatFault, targetFault } from './seat';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const key = '0x4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29';
const present: Machine = { node: key, label: 'gateway', kind: 'Full', since: 7 };
const draft: Draft = { node: peerIdOf(key), label: ' 网关 ', kind: 'Full' };

test('a machine is registered by the peer id that it writes, or by its key', () => {
  const label = new TextEncoder().encode('网关');
  expect(readMachine(draft, [])).toEqual({ fault: null, node: key, label, present: undefined });
  expect(readMachine({ ...draft, node: key }, [])).toMatchObject({ fault: null, node: key });
});

test('registering one again gives it another kind or label', () => {
  expect(readMachine(draft, [present])).toMatchObject({ fault: null, present });
  expect(readMachine({ ...draft, label: 'gateway' }, [present])).toEqual({ fault: 'same' });
  expect(readMachine({ ...draft, label: 'gateway', kind: 'Reader' }, [present])).toMatchObject({
    fault: null,
  });
});

test('what the chain would refuse is said before', () => {
  const fault = (part: Partial<Draft>) => readMachine({ ...draft, ...part }, []).fault;
  expect(fault({ node: ALICE })).toBe('notNode');
  expect(fault({ label: ' ' })).toBe('labelEmpty');
  expect(fault({ label: '网'.repeat(22) })).toBe('labelLong');
  const many = Array.from({ length: mostMachines }, (_, at) => ({
    ...present,
    node: `0x${String(at).padStart(64, '0')}`,
  }));
  expect(readMachine(draft, many)).toEqual({ fault: 'tooMany' });
  expect(readMachine(draft, [...many.slice(1), present]).fault).toBeNull();
});

test('kinds and bounds are those of the chain', () => {
  expect([...nodeKinds]).toEqual(Object.keys(VOCABULARY['NodeKind'] ?? {}));
  const runtime = readFileSync(
    new URL('../../../../../../runtime/src/configs/business.rs', import.meta.url),
    'utf8',
  );
  expect(runtime).toContain(`type MaxNodes = ConstU32<${mostMachines}>`);
});

test('a kind that a later runtime has is not shown as another', () => {
  const row = { node: key, label: 'gateway', since: 7 };
  expect(
    machinesOf([
      { ...row, kind: 'Full' },
      { ...row, kind: 'Relay' },
    ]),
  ).toEqual([present]);
});

test('only who may do everything without an end moves the seat', () => {
  const signer = accountHex(ALICE);
  const role = (part: Partial<Role>): Role => ({
    account: signer,
    permissions: all,
    expires: null,
    grantedBy: null,
    since: 0,
    ...part,
  });
  const fault = (part: Partial<Role>, seat: string | null = signer) =>
    seatFault(seat, { roles: [role(part)], signer });
  expect(fault({})).toBeNull();
  expect(fault({}, null)).toBe('noSeat');
  expect(fault({ permissions: all & ~1 })).toBe('notKeeper');
  expect(fault({ expires: 4_000_000_000 })).toBe('notKeeper');
  expect(fault({ account: accountHex(BOB) })).toBe('notKeeper');
});

test('a seat goes to an account that has none', () => {
  const [alice, bob] = [accountHex(ALICE), accountHex(BOB)];
  expect(targetFault(BOB, alice, [alice, null])).toBeNull();
  expect(targetFault(BOB, alice, [alice, bob])).toBe('taken');
  expect(targetFault(ALICE, alice, [alice])).toBe('same');
  expect(targetFault('5Grw', alice, [alice])).toBe('notAccount');
});
