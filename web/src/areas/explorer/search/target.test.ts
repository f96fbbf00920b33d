import { expect, test } from 'vitest';
import { distinct, targetOf } from './target';

test('each kind of hit leads to the page that shows it', () => {
  expect(targetOf({ type: 'Ride', id: '2-24-915141477422604288' })).toBe(
    '/explorer/rides/2-24-915141477422604288',
  );
  expect(targetOf({ type: 'Call', id: '189-3-0' })).toBe('/explorer/extrinsics/189-3');
  expect(targetOf({ type: 'Share', id: '1-7-4' })).toBe('/explorer/batches/1-7');
  expect(targetOf({ type: 'Entry', id: '148-2-1' })).toBe('/explorer/events/148-2');
  expect(targetOf({ type: 'Application', id: '3' })).toBe('/explorer/applications/3');
  expect(targetOf({ type: 'Paper', id: '3-1' })).toBe('/explorer/applications/3');
  expect(targetOf({ type: 'Machine', id: `0x${'4c'.repeat(32)}` })).toBe(
    `/explorer/nodes?node=0x${'4c'.repeat(32)}`,
  );
  expect(targetOf({ type: 'Allowance', id: '2' })).toBe('/explorer/companies/2?tab=allowance');
  expect(targetOf({ type: 'Role', id: `1-0x${'d4'.repeat(32)}` })).toBe(
    `/explorer/accounts/0x${'d4'.repeat(32)}`,
  );
});

test('a kind that no page shows leads nowhere', () => {
  expect(targetOf({ type: 'Contract', id: '1' })).toBeUndefined();
});

test('a block and its checkpoint are one page, and shown once', () => {
  const hits = [
    { type: 'Block', id: '100' },
    { type: 'Checkpoint', id: '100' },
    { type: 'Vehicle', id: '34' },
  ];
  expect(distinct(hits)).toEqual([hits[0], hits[2]]);
});
