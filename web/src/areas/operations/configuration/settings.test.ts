import { expect, test } from 'vitest';
import { found, isOwn } from './settings';

const settings = [
  { key: 'api.listen', value: '"127.0.0.1:9955"', origin: 'flag --set api.listen', reloads: false },
  { key: 'orders.rules.search_ms', value: '60000', origin: 'default', reloads: true },
  { key: 'orders.rules.batch_rows', value: '500', origin: '/etc/smartlink.toml line 2', reloads: false },
  { key: 'ports.ethereum', origin: 'default', reloads: false },
];
const keys = (looked: Parameters<typeof found>[1]) => found(settings, looked).map(({ key }) => key);

test('what nobody set is a default, whatever else its origin says it is somebody’s', () => {
  expect(settings.map(isOwn)).toEqual([true, false, true, false]);
});

test('settings are found by key and by value, in their order', () => {
  expect(keys({})).toHaveLength(4);
  expect(keys({ text: 'RULES' })).toEqual(['orders.rules.search_ms', 'orders.rules.batch_rows']);
  expect(keys({ text: '9955' })).toEqual(['api.listen']);
  expect(keys({ own: true })).toEqual(['api.listen', 'orders.rules.batch_rows']);
  expect(keys({ own: true, text: 'rules' })).toEqual(['orders.rules.batch_rows']);
});
