import { expect, test } from 'vitest';
import { ApiError } from '../api/errors';
import { IndexError } from '../index/errors';
import { ownPath } from '../route/ownPath';
import { mayPass, retryDelay } from './queries';

test.each([
  ['/fleet/live?vehicle=7', '/fleet/live?vehicle=7'],
  ['//evil.example', undefined],
  ['/\\evil.example', undefined],
  ['https://evil.example', undefined],
  ['javascript:alert(1)', undefined],
  [7, undefined],
  [`/${'a'.repeat(3_000)}`, undefined],
])('after logging in, %s leads to %s', (from, path) => {
  expect(ownPath(from)).toBe(path);
});

test('what may pass is asked again, not before the service wants it; the rest is told at once', () => {
  const api = (name: string, retryAfterMs?: number) =>
    new ApiError({ name, message: '', remedy: '', retryAfterMs, method: 'ops_orders' });
  expect([
    mayPass(api('overloaded')),
    mayPass(api('timed_out')),
    mayPass(new IndexError('TIMEOUT', '')),
  ]).toEqual([true, true, true]);
  expect([
    mayPass(api('forbidden')),
    mayPass(new IndexError('BAD_USER_INPUT', '')),
    mayPass(new Error()),
  ]).toEqual([false, false, false]);
  expect(retryDelay(0, api('overloaded', 3_000))).toBe(3_000);
  expect(retryDelay(9, api('timed_out'))).toBe(10_000);
});
