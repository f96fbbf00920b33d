import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { accountHex } from '../../../format/ids';
import { attesters, attestFault, isOutlived } from './attest';
import { inPlace, isAttested } from './papers';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = accountHex('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty');
const nowMs = Date.parse('2026-11-30T12:00:00Z');
const role = (account: string, permissions: number, expires: string | null = null) => ({
  account,
  permissions,
  expires,
});
const asked = {
  application: { state: 'open', applicant: BOB },
  session: { wallet: ALICE },
  company: { kind: 'Auditor', standing: 'Active', until: null, lapsed: false },
  roles: [role(accountHex(ALICE), 1 << 10)],
  nowMs,
};

test('who may attest for an auditor may attest what somebody else applied with', () => {
  expect(attestFault(asked)).toBeNull();
});

test('what the chain would refuse cannot be signed', () => {
  expect(attestFault({ ...asked, application: { state: 'admitted', applicant: BOB } })).toBe('closed');
  expect(attestFault({ ...asked, session: null })).toBe('loggedOut');
  expect(attestFault({ ...asked, company: { ...asked.company, kind: 'Carrier' } })).toBe('notAttester');
  expect(attestFault({ ...asked, company: null })).toBe('notAttester');
  expect(attestFault({ ...asked, company: { ...asked.company, standing: 'Suspended' } })).toBe('cannotAct');
  expect(attestFault({ ...asked, roles: [role(accountHex(ALICE), 1)] })).toBe('notPermitted');
  const over = role(accountHex(ALICE), 1 << 10, '2026-11-30T11:59:59Z');
  expect(attestFault({ ...asked, roles: [over] })).toBe('notPermitted');
  expect(attestFault({ ...asked, roles: [...asked.roles, role(BOB, 2, '2020-01-01T00:00:00Z')] })).toBe(
    'ownApplication',
  );
});

test('companies of the same kinds attest as in the runtime', () => {
  const runtime = readFileSync(
    new URL('../../../../../runtime/src/configs/business.rs', import.meta.url),
    'utf8',
  );
  const [, body] = /impl Contains<CompanyKind> for Attesters \{(.*?)^\}/ms.exec(runtime) ?? [];
  const kinds = [...(body ?? '').matchAll(/CompanyKind::(\w+)/g)].map(([, kind]) => kind);
  expect([...attesters].sort()).toEqual(kinds.sort());
});

test('the council may admit when every paper is attested, and there is one', () => {
  const of = (...companies: (number | null)[]) => isAttested(companies.map((companyId) => ({ companyId })));
  expect([of(), of(null), of(1, null), of(1, 2)]).toEqual([false, false, false, true]);
  expect(inPlace([{ place: 10 }, { place: 2 }]).map(({ place }) => place)).toEqual([2, 10]);
});

test('an application can be closed by anybody from the second on in which its life is over', () => {
  const life = 90n * 86_400n;
  const at = (text: string) => isOutlived('2026-08-01T12:00:00Z', life, Date.parse(text));
  expect([at('2026-10-30T11:59:59.999Z'), at('2026-10-30T12:00:00Z')]).toEqual([false, true]);
  expect(isOutlived(null, life, nowMs)).toBe(false);
});
