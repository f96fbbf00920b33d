import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../api/methods';
import { hashOf, linked } from './entry';

// Entries of the log of a running service, as `ops_audit` answered them: the newest first.
const roles = ['fleet', 'personnel', 'finance', 'operations', 'auditor', 'admin'];
const login = (
  sequence: string,
  at_ms: number,
  request: string,
  previous: string,
  who: { readonly account: string; readonly subject: string; readonly roles: readonly string[] },
): AuditEntry => ({
  sequence,
  at_ms,
  method: 'auth_login',
  outcome: 0,
  address: '127.0.0.1',
  request,
  previous,
  ...who,
});
const fleet = {
  account: '915140299410378752',
  subject: '5Egpd54a2fVsyjrDBaawurmk8TrDLHU21gAH1FiDDHd2DEWY',
  roles: ['fleet'],
};
const admin = {
  account: '915152492512153600',
  subject: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  roles,
};
const log: readonly AuditEntry[] = [
  login(
    '596',
    1796026890972,
    '144-0',
    '33a634d189cdbf9d633fc587e86a3802d749770b43f508381bfd4fe5d314143c',
    admin,
  ),
  login(
    '595',
    1796026871055,
    '141-0',
    'd5cfc818e3220253d8dac657061a010dc0254e931017dc0390e19671ff97b705',
    fleet,
  ),
  login(
    '594',
    1796026803034,
    '136-0',
    '5613b9febaeda7e33411bf9233c2fff036c3b07ea254dc0ff503296e1c3918b4',
    fleet,
  ),
];
const hashOf596 = 'c5c21140fa34bac252959b844c3cc923a1a81b77418eddf61fd06045d8dd08c0';
const [last, ...before] = log;
if (last === undefined) throw new Error('the log is empty');

test('the hash of an entry is the one that the service shows for the end of its log', () => {
  expect(hashOf(last)).toBe(hashOf596);
  expect(linked([last], { entries: 596, hash: hashOf596 }).get('596')).toBe('fine');
});

test('each of the entries has the hash that the next one carries', () => {
  const links = linked(log, { entries: 596, hash: hashOf596 });
  expect([...links.values()]).toEqual(['fine', 'fine', 'fine']);
});

test('an entry that was changed does not fit what follows it', () => {
  const [one] = before;
  if (one === undefined) throw new Error('the log is short');
  expect(linked([last, { ...one, outcome: 30005 }], undefined).get('595')).toBe('broken');
  expect(linked([{ ...last, at_ms: 0 }], { entries: 596, hash: hashOf596 }).get('596')).toBe('broken');
});

test('what nothing is known about is said to be unknown', () => {
  expect(linked(log, undefined).get('596')).toBe('unknown');
});
