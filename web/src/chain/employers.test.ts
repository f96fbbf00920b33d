import { expect, test } from 'vitest';
import { employersOf } from './employers';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const NOW_S = 1_800_000_000;
const utf8 = new TextEncoder();

const company = (name: string, changed: object = {}) => ({
  name: utf8.encode(name),
  treasury: BOB,
  standing: { type: 'Active' },
  until: undefined,
  ...changed,
});
const companies = [
  company('role'),
  company('treasury', { treasury: ALICE }),
  company('validator'),
  company('driver'),
  company('stranger'),
  company('suspended', { treasury: ALICE, standing: { type: 'Suspended' } }),
  company('lapsed', { treasury: ALICE, until: BigInt(NOW_S) }),
  company('expired role'),
  company('left'),
];
const roles: Readonly<Record<number, object>> = {
  1: { permissions: 2, expires: BigInt(NOW_S + 1) },
  8: { permissions: 2, expires: BigInt(NOW_S) },
};

const chain = {
  read: async (pallet: string, item: string, [key, who]: readonly unknown[] = []): Promise<unknown> => {
    switch (`${pallet}.${item}`) {
      case 'Consortium.NextCompany':
        return companies.length + 1;
      case 'Consortium.Companies':
        return companies[Number(key) - 1];
      case 'Consortium.Roles':
        return who === ALICE ? roles[Number(key)] : undefined;
      case 'Validators.Validators':
        return [
          { account: ALICE, company: 3 },
          { account: BOB, company: 5 },
        ];
      case 'Drivers.DriverOf':
        return key === ALICE ? 4 : undefined;
      case 'Drivers.Drivers':
        return {
          employments: [
            { company: 4, status: { type: 'Suspended' } },
            { company: 9, status: { type: 'Left' } },
          ],
        };
      default:
        throw new Error(`asked ${pallet}.${item}`);
    }
  },
};

test('an account draws on companies for which it works and which may act, and on no others', async () => {
  const names = (await employersOf(chain, ALICE, NOW_S)).map(({ name }) => name);
  expect(names).toEqual(['role', 'treasury', 'validator', 'driver']);
});

test('who works for nobody has no choice', async () => {
  const nobody = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
  expect(await employersOf(chain, nobody, NOW_S)).toEqual([]);
});
