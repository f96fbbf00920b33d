import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountHex, isAccount, shorten, ss58 } from './ids';
import {
  compactCount,
  formatBasisPoints,
  formatBytes,
  formatCount,
  formatDistance,
  formatFuel,
  formatShare,
} from './numbers';
import {
  formatAgo,
  formatCountdown,
  formatDay,
  formatDuration,
  formatTime,
  formatUtc,
  momentMs,
} from './times';

const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const aliceHex = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';

test('an account is the same in both spellings, also in the prefix of another chain', () => {
  expect(ss58(aliceHex)).toBe(alice);
  expect(accountHex(alice)).toBe(aliceHex);
  expect(accountHex('15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5')).toBe(aliceHex);
  expect(ss58('15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5')).toBe(alice);
});

test('law: every account is read back from SS58, and none with a letter changed', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, fc.nat(46), (account, at) => {
      const hex = `0x${Array.from(account, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
      const text = ss58(hex);
      expect(accountHex(text)).toBe(hex);
      const other = text[at] === '9' ? '8' : '9';
      expect(isAccount(text.slice(0, at) + other + text.slice(at + 1))).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('what is long is shown by its ends', () => {
  expect(shorten(aliceHex)).toBe('0xd43593…6da27d');
  expect(shorten('12345')).toBe('12345');
});

test('a moment is shown to the second, by the local clock and by UTC', () => {
  expect(formatUtc('2026-11-29T08:00:00.999Z')).toBe('2026-11-29 08:00:00 UTC');
  expect(formatTime(0)).toMatch(/^19(69-12-31|70-01-01) \d\d:\d\d:00$/);
  expect(momentMs(formatTime(1_796_023_605_000).replace(' ', 'T'))).toBe(1_796_023_605_000);
  expect(() => formatTime('yesterday')).toThrow('yesterday');
});

test('how long ago, how long, and how long yet', () => {
  expect(formatAgo(0, 185_000, 'en')).toBe('3 minutes ago');
  expect(formatAgo(0, 185_000, 'zh')).toBe('3分钟前');
  expect(formatDuration(3_905_000, 'en')).toBe('1 h 5 min');
  expect(formatDuration(3_905_000, 'zh')).toBe('1小时5分');
  expect(formatDuration(3_600_000, 'zh')).toBe('1小时');
  expect(formatDuration(999, 'en')).toBe('0 s');
  expect(formatCountdown(6_001)).toBe('0:07');
  expect(formatCountdown(-5)).toBe('0:00');
  expect(formatCountdown(3_600_000)).toBe('1:00:00');
});

test('a day of a company is that day wherever the browser is', () => {
  expect(formatDay('2026-06-01', 'zh')).toBe('2026年6月1日');
  expect(formatDay('2026-06-01', 'en')).toBe('1 June 2026');
  expect(() => formatDay('2026-6-1', 'en')).toThrow();
});

test('counts keep every digit, and measures have the words of the language', () => {
  expect(formatCount('18446744073709551615', 'en')).toBe('18,446,744,073,709,551,615');
  expect(compactCount(123_456, 'zh')).toBe('12.3万');
  expect(formatShare(0.1256, 'en')).toBe('12.6%');
  expect(formatBasisPoints(1_250, 'zh')).toBe('12.5%');
  expect(formatDistance(350, 'zh')).toBe('350米');
  expect(formatDistance(3_240, 'en')).toBe('3.2 km');
  expect(formatDistance(1_204_000, 'en')).toBe('1,204 km');
  expect(formatFuel(35_210, 'en')).toBe('35.2 L');
  expect(formatBytes(3_400_000, 'en')).toBe('3.4 MB');
  expect(formatBytes(999, 'en')).toBe('999 B');
});
