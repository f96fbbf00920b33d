import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PERMISSIONS } from '../../../../chain/calls/vocabulary';
import {
  all,
  bitOf,
  consequences,
  granterFault,
  grantFault,
  mostRoles,
  permissions,
  type Role,
  revokeFault,
} from './role';

const nowS = 1_000;
const role = (account: string, held: number, expires: number | null = null): Role => ({
  account,
  permissions: held,
  expires,
  grantedBy: null,
  since: 1,
});
const [grant, fleet, finance] = [bitOf('roles'), bitOf('fleet'), bitOf('finance')];
const admin = role('admin', all);
const asked = (roles: readonly Role[], signer: string, who: string) => ({ roles, signer, who, nowS });
const lasting = (held: number) => ({ permissions: held, expires: null });

test('an administrator grants a role to somebody new', () => {
  expect(grantFault(asked([admin], 'admin', 'new'), lasting(fleet))).toBeNull();
  expect(consequences(asked([admin], 'admin', 'new'), lasting(fleet))).toEqual([]);
  expect(consequences(asked([admin], 'admin', 'new'), lasting(grant))).toEqual(['newGranter']);
});

test('nobody grants more than the own role permits, nor for longer', () => {
  const deputy = role('deputy', grant | fleet, 5_000);
  const by = (next: Parameters<typeof grantFault>[1]) =>
    grantFault(asked([admin, deputy], 'deputy', 'new'), next);
  expect(by(lasting(fleet))).toBe('beyondOwnExpiry');
  expect(by({ permissions: finance, expires: 4_000 })).toBe('beyondOwnPermissions');
  expect(by({ permissions: fleet, expires: 5_000 })).toBeNull();
});

test('nobody touches a role that permits more or lasts longer', () => {
  const deputy = role('deputy', grant | fleet);
  const cashier = role('cashier', finance);
  const roles = [admin, deputy, cashier];
  expect(revokeFault(asked(roles, 'deputy', 'cashier'))).toBe('outranked');
  expect(grantFault(asked(roles, 'deputy', 'cashier'), lasting(fleet))).toBe('outranked');
  expect(revokeFault(asked(roles, 'admin', 'cashier'))).toBeNull();
});

test('the last who may grant for ever stays', () => {
  const passing = role('deputy', all, 5_000);
  const roles = [admin, passing];
  expect(revokeFault(asked(roles, 'admin', 'admin'))).toBe('lastKeeper');
  expect(grantFault(asked(roles, 'admin', 'admin'), lasting(fleet))).toBe('lastKeeper');
  expect(grantFault(asked(roles, 'admin', 'admin'), { permissions: all, expires: 9_000 })).toBe('lastKeeper');
  const two = [admin, role('deputy', all)];
  expect(revokeFault(asked(two, 'admin', 'admin'))).toBeNull();
  expect(consequences(asked(two, 'admin', 'admin'), null)).toEqual(['selfLocksOut', 'oneKeeper']);
});

test('what one does to oneself is said', () => {
  const two = [admin, role('deputy', all)];
  expect(consequences(asked(two, 'admin', 'admin'), lasting(fleet))).toEqual([
    'replaces',
    'selfLocksOut',
    'oneKeeper',
  ]);
  expect(consequences(asked(two, 'admin', 'admin'), lasting(grant))).toEqual(['replaces', 'selfLesser']);
  expect(consequences(asked(two, 'admin', 'admin'), { permissions: all, expires: 9_000 })).toEqual([
    'replaces',
    'selfEnds',
  ]);
});

test('an expired role grants nothing, and still counts', () => {
  const old = role('old', all, nowS);
  expect(granterFault({ roles: [admin, old], signer: 'old', nowS })).toBe('roleExpired');
  expect(granterFault({ roles: [admin], signer: 'nobody', nowS })).toBe('noRole');
  expect(granterFault({ roles: [role('clerk', fleet)], signer: 'clerk', nowS })).toBe('notPermitted');
  const many = Array.from({ length: mostRoles - 1 }, (_, at) => role(String(at), fleet, 1));
  expect(grantFault(asked([admin, ...many], 'admin', 'new'), lasting(fleet))).toBe('tooManyRoles');
  expect(grantFault(asked([admin, ...many], 'admin', '0'), lasting(fleet))).toBeNull();
});

test('what is no role is refused before anything', () => {
  expect(grantFault(asked([admin], 'admin', 'new'), lasting(0))).toBe('emptyRole');
  expect(grantFault(asked([admin], 'admin', 'new'), { permissions: fleet, expires: nowS })).toBe(
    'expiryInPast',
  );
});

test('whatever is carried out, somebody is left who may grant for ever', () => {
  const names = ['a', 'b', 'c'];
  const held = fc.record({
    permissions: fc.integer({ min: 1, max: all }),
    expires: fc.option(fc.integer({ min: nowS + 1, max: nowS + 5 })),
  });
  const step = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.option(held));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let roles: readonly Role[] = [role('a', all)];
      for (const [signer, who, next] of steps) {
        const at = asked(roles, signer, who);
        if ((next === null ? revokeFault(at) : grantFault(at, next)) !== null) continue;
        const others = roles.filter(({ account }) => account !== who);
        roles = next === null ? others : [...others, role(who, next.permissions, next.expires)];
        expect(roles.some((one) => one.expires === null && (one.permissions & grant) !== 0)).toBe(true);
      }
    }),
  );
});

test('the bits are those of the chain', () => {
  const source = readFileSync(
    resolve(import.meta.dirname, '../../../../../../primitives/src/company.rs'),
    'utf8',
  );
  const bits = [...source.matchAll(/pub const (\w+): Self = Self\((1(?: << (\d+))?)\);/g)].map(
    ([, name = '', , shift = '0']) => [name.toLowerCase(), Number(shift)],
  );
  const ours = permissions.map((name, bit) => [name.replace(/[A-Z]/g, (at) => `_${at}`).toLowerCase(), bit]);
  expect(bits).toEqual(ours);
  expect(PERMISSIONS.length).toBe(permissions.length);
  const runtime = readFileSync(
    resolve(import.meta.dirname, '../../../../../../runtime/src/configs/business.rs'),
    'utf8',
  );
  expect(runtime).toContain('type MaxRoles = ConstU32<10_000>;');
});
