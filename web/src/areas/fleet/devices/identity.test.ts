import { expect, test } from 'vitest';
import { detailsFrom, isIdentity } from './identity';
import { isOver } from './terminal';

test('a terminal of JT/T 808 calls itself by digits, others by a name', () => {
  expect(isIdentity('jt808', '013800000007')).toBe(true);
  expect(isIdentity('jt808', 'van7')).toBe(false);
  expect(isIdentity('key', 'van7:left')).toBe(true);
  expect(isIdentity('key', 'van 7')).toBe(false);
  expect(isIdentity('key', '')).toBe(false);
});

test('what was not filled in is not sent', () => {
  expect(detailsFrom({ protocol: 'key', identity: 'a', serial: ' 12 ', plate: '  ' })).toEqual({
    serial: '12',
  });
  expect(detailsFrom({ protocol: 'key', identity: 'a' })).toBeUndefined();
});

test('a command that was answered, expired or failed is over', () => {
  const command = { attempts: 0, command: {}, expires_ms: 0, id: '1', issued_ms: 0, terminal: '1' };
  expect(isOver({ ...command, state: 'sent' })).toBe(false);
  expect(isOver({ ...command })).toBe(false);
  expect(isOver({ ...command, state: 'failed' })).toBe(true);
});
