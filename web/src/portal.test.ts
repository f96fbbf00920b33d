import { expect, test } from 'vitest';
import { parsePortal } from './portal';

const whole = {
  company: 1,
  node: 'wss://node.example/',
  index: 'https://index.example/graphql',
  ethereum: { url: 'https://eth.example/', contract: `0x${'ab'.repeat(20)}` },
  tiles: null,
};

test('what is served as it should be is taken as it is', () => {
  expect(parsePortal(whole)).toEqual(whole);
  expect(parsePortal({ ...whole, ethereum: null }).ethereum).toBeNull();
  const genesis = `0x${'0f'.repeat(32)}`;
  expect(parsePortal({ ...whole, genesis }).genesis).toBe(genesis);
});

test.each([
  ['a company that is not a number', { ...whole, company: '1' }, /company/],
  ['a node without WebSocket', { ...whole, node: 'http://node.example' }, /node: expected ws/],
  ['no address at all', { ...whole, index: 'http://' }, /portal\.json/],
  ['half a contract', { ...whole, ethereum: { ...whole.ethereum, contract: '0xab' } }, /ethereum\.contract/],
  ['a name that nobody knows', { ...whole, password: 'x' }, /password/],
  ['a missing name', { ...whole, tiles: undefined }, /tiles/],
  ['nothing', null, /portal\.json/],
])('%s is refused by its name', (_, json, message) => {
  expect(() => parsePortal(json)).toThrow(message);
});
