import { expect, test } from 'vitest';
import { callsWithin, fieldsOf, MOST_ITEMS } from './shown';

const alice = `0x${'d4'.repeat(32)}`;
const root = `0x${'ab'.repeat(32)}`;
const none = { pallet: 'Utility', accounts: new Set<string>() };

test('a batch of registrations is calls in a list, each with its own pallet', () => {
  const args = {
    calls: [
      {
        call: 'Vehicles.register',
        args: { company: 2, vin: '0x4c534c534d4c', plate: '0xe7b2a44246303030', class: 'Comfort' },
      },
      { call: 'Balances.transfer_keep_alive', args: { dest: { Id: alice }, value: '1000000' } },
    ],
  };
  const [calls] = fieldsOf(args, { pallet: 'Utility', accounts: new Set([alice]) });
  expect(calls?.value).toEqual({
    kind: 'list',
    omitted: 0,
    items: [
      {
        kind: 'call',
        pallet: 'Vehicles',
        name: 'register',
        fields: [
          { name: 'company', value: { kind: 'known', as: 'company', is: '2' } },
          { name: 'vin', value: { kind: 'text', text: 'LSLSML' } },
          { name: 'plate', value: { kind: 'text', text: '粤BF000' } },
          { name: 'class', value: { kind: 'plain', text: 'Comfort' } },
        ],
      },
      {
        kind: 'call',
        pallet: 'Balances',
        name: 'transfer_keep_alive',
        fields: [
          {
            name: 'dest',
            value: {
              kind: 'record',
              variant: 'Id',
              fields: [{ name: '', value: { kind: 'account', account: alice } }],
            },
          },
          { name: 'value', value: { kind: 'known', as: 'money', is: '1000000' } },
        ],
      },
    ],
  });
  expect(calls === undefined ? 0 : callsWithin(calls.value)).toBe(2);
});

test('calls are counted however deep they stand', () => {
  const inner = { call: 'System.remark', args: { remark: '0x00' } };
  const [field] = fieldsOf({ call: { call: 'Proxy.proxy', args: { call: inner } } }, none);
  expect(field === undefined ? 0 : callsWithin(field.value)).toBe(2);
});

test('of two values of 32 bytes the one among the accounts is an account', () => {
  const [who, hash] = fieldsOf({ who: alice, hash: root }, { pallet: 'System', accounts: new Set([alice]) });
  expect(who?.value).toEqual({ kind: 'account', account: alice });
  expect(hash?.value).toEqual({ kind: 'hex', hex: root });
});

test('`from` is a time in tariffs, a company in vehicles, and an account in balances', () => {
  const of = (pallet: string, from: unknown) =>
    fieldsOf({ from }, { pallet, accounts: new Set([alice]) })[0]?.value;
  expect(of('Tariffs', '1500000000')).toEqual({ kind: 'known', as: 'seconds', is: '1500000000' });
  expect(of('Vehicles', 2)).toEqual({ kind: 'known', as: 'company', is: '2' });
  expect(of('Balances', alice)).toEqual({ kind: 'account', account: alice });
});

test('a machine is shown by the peer id that it writes of itself, its label as a text', () => {
  const key = '0x4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29';
  const args = { node: key, label: '0x67617465776179' };
  const shown = fieldsOf(args, { pallet: 'Nodes', accounts: new Set() }).map(({ value }) => value);
  expect(shown).toEqual([
    { kind: 'text', text: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp' },
    { kind: 'text', text: 'gateway' },
  ]);
});

test('a membership has an end, and an allowance is money', () => {
  const of = (pallet: string, field: Record<string, unknown>) =>
    fieldsOf(field, { pallet, accounts: new Set() })[0]?.value;
  expect(of('Consortium', { until: '1800000000' })).toMatchObject({ as: 'seconds' });
  expect(of('Consortium', { until: null })).toEqual({ kind: 'none' });
  expect(of('SafeMode', { until: 1_800 })).toEqual({ kind: 'plain', text: '1800' });
  const allowance = { allowance: { max: '10000000', recovery_per_block: '33334' } };
  expect(of('Allowance', allowance)).toMatchObject({
    fields: [{ value: { as: 'money' } }, { value: { as: 'money' } }],
  });
});

test('the limit of a key that pays is money', () => {
  const kind = { proxy_type: { Spending: { most: '1000000000' } } };
  expect(fieldsOf(kind, { pallet: 'Proxy', accounts: new Set() })[0]?.value).toMatchObject({
    variant: 'Spending',
    fields: [{ name: 'most', value: { kind: 'known', as: 'money', is: '1000000000' } }],
  });
});

test('bytes that are no text that people write stay bytes', () => {
  expect(fieldsOf({ remark: '0xff00' }, none)[0]?.value).toEqual({ kind: 'hex', hex: '0xff00' });
  expect(fieldsOf({ name: null }, none)[0]?.value).toEqual({ kind: 'none' });
});

test('a long list is cut and says by how much', () => {
  const [field] = fieldsOf({ orders: Array.from({ length: MOST_ITEMS + 7 }, (_, at) => String(at)) }, none);
  expect(field?.value).toMatchObject({ kind: 'list', omitted: 7 });
});

test('what names a property of every object is no known field', () => {
  expect(fieldsOf({ constructor: '5' }, none)[0]?.value).toEqual({ kind: 'plain', text: '5' });
});
