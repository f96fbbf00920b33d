import { expect, test } from 'vitest';
import { endsSoon, type Membership, standingOf } from './standing';

const now = Date.parse('2026-11-30T12:00:00Z');
const member: Membership = { standing: 'Active', until: null, lapsed: false };

test('a member may act until its end, whether the chain has told of it or not', () => {
  expect(standingOf(member, now)).toBe('active');
  expect(standingOf({ ...member, until: '2026-11-30T12:00:01Z' }, now)).toBe('active');
  expect(standingOf({ ...member, until: '2026-11-30T12:00:00Z' }, now)).toBe('lapsed');
  expect(standingOf({ ...member, until: '2026-11-30T11:00:00Z', lapsed: true }, now)).toBe('lapsed');
});

test('of an earlier block only what the chain had told counts', () => {
  const ended = { ...member, until: '2026-11-01T00:00:00Z' };
  expect(standingOf(ended)).toBe('active');
  expect(standingOf({ ...ended, lapsed: true })).toBe('lapsed');
});

test('what the council decided goes before an end', () => {
  const ended = { ...member, until: '2026-11-01T00:00:00Z', lapsed: true };
  expect(standingOf({ ...ended, standing: 'Suspended' }, now)).toBe('suspended');
  expect(standingOf({ ...ended, standing: 'Expelled' }, now)).toBe('expelled');
  expect(standingOf({ ...member, standing: null }, now)).toBeUndefined();
});

test('thirty days before the end somebody should see to it', () => {
  expect(endsSoon(null, now)).toBe(false);
  expect(endsSoon('2026-12-30T12:00:00Z', now)).toBe(true);
  expect(endsSoon('2026-12-30T12:00:01Z', now)).toBe(false);
  expect(endsSoon('2026-11-30T12:00:00Z', now)).toBe(false);
});
