import { expect, test } from 'vitest';
import { filterOf, stateOf } from './machine';

const now = Date.parse('2026-11-30T12:00:00Z');
const member = { standing: 'Active', until: null, lapsed: false };

test('a machine may join while it is registered and its company may act', () => {
  expect(stateOf({ removed: false, company: member }, now)).toBe('registered');
  expect(stateOf({ removed: false, company: { ...member, standing: 'Suspended' } }, now)).toBe('stopped');
  expect(stateOf({ removed: false, company: { ...member, until: '2026-11-30T00:00:00Z' } }, now)).toBe(
    'stopped',
  );
  expect(stateOf({ removed: true, company: member }, now)).toBe('removed');
  expect(stateOf({ removed: false, company: null }, now)).toBe('registered');
});

test('a machine is found by its peer id, its key or a part of its label', () => {
  const key = '0x4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29';
  expect(
    filterOf({ node: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', state: 'registered' }),
  ).toEqual({
    node: key,
    removed: false,
  });
  expect(filterOf({ node: key })).toMatchObject({ node: key });
  expect(filterOf({ node: 'rack', company: '2', kind: 'Full', state: 'removed' })).toEqual({
    label_contains_nocase: 'rack',
    company: '2',
    kind: 'Full',
    removed: true,
  });
});

test('without a choice all are shown, those that are gone as well', () => {
  expect(filterOf({})).toEqual({ or: [{ removed: true }, { removed: false }] });
});
