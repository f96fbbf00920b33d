import { describe, expect, it } from 'vitest';
import type { DecodedCall } from '../chain/metadata';
import { multisigOf, sharedAccount } from '../chain/multisig';
import type { WalletAccount } from './account';
import { type Standing, waysFor } from './ways';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
const three = multisigOf([ALICE, BOB, CHARLIE], 2);
const treasury = sharedAccount(three);
const hash = `0x${'ab'.repeat(32)}`;
const weight = { ref_time: 1n, proof_size: 1n };

const own = (address: string, name: string): WalletAccount => ({
  address,
  name,
  source: { type: 'keystore' },
  kind: 'sr25519',
  genesis: undefined,
});
const [alice, bob, charlie] = [own(ALICE, 'Alice'), own(BOB, 'Bob'), own(CHARLIE, 'Charlie')];
const pay = (value: bigint): DecodedCall => ({
  type: 'Balances',
  value: { type: 'transfer_keep_alive', value: { dest: { type: 'Id', value: ALICE }, value } },
});
const plain: Standing = {
  account: treasury,
  own: [alice, bob],
  keys: { proxies: [], announced: [] },
  multisig: undefined,
  pending: undefined,
  block: 100,
};
const ways = (changed: Partial<Standing>, call = pay(5n)) =>
  waysFor(call, hash, weight, { ...plain, ...changed });
const kinds = (changed: Partial<Standing>, call = pay(5n)) =>
  ways(changed, call).map((way) => `${way.kind} ${way.signer.name}`);

it('whose key it is signs as it is', () => {
  const [way] = ways({ account: ALICE });
  expect(way).toEqual({ kind: 'own', signer: alice, call: pay(5n) });
});

it('where nobody knows better it is for somebody else to sign', () => {
  expect(ways({})).toEqual([]);
});

describe('an account that several hold', () => {
  it('is opened by any of them, and carried out by the last', () => {
    expect(ways({ multisig: three }).map((way) => 'missing' in way && way.missing)).toEqual([1, 1]);
    const pending = { when: { height: 9, index: 1 }, approvals: [CHARLIE] };
    const after = ways({ multisig: three, pending });
    expect(after.map(({ kind }) => kind)).toEqual(['multisig', 'multisig']);
    expect(after[0]).toMatchObject({
      missing: 0,
      call: { value: { value: { maybe_timepoint: { height: 9, index: 1 } } } },
    });
  });

  it('waits for another than the one who agreed already', () => {
    const pending = { when: { height: 9, index: 1 }, approvals: [ALICE] };
    expect(kinds({ multisig: three, pending })).toEqual(['agreed Alice', 'multisig Bob']);
  });

  it('can be carried out by one who agreed, when enough did without giving the call', () => {
    const pending = { when: { height: 9, index: 1 }, approvals: [ALICE, BOB] };
    expect(kinds({ multisig: three, pending })).toEqual(['multisig Alice', 'multisig Bob']);
  });

  it('is nothing to who does not hold it', () => {
    expect(ways({ multisig: three, own: [own(treasury, 'odd')], account: ALICE })).toEqual([]);
  });
});

describe('a key that acts for an account', () => {
  const limited = { delegate: BOB, kind: { type: 'Spending', value: { most: 5n } }, delay: 0 };
  const slow = { delegate: CHARLIE, kind: { type: 'Any' }, delay: 10 };

  it('pays at once up to its limit, and nothing above it', () => {
    const keys = { proxies: [limited], announced: [] };
    const [way] = ways({ keys });
    expect(way).toMatchObject({
      kind: 'proxy',
      signer: bob,
      call: { type: 'Proxy', value: { type: 'proxy', value: { force_proxy_type: limited.kind } } },
    });
    expect(ways({ keys }, pay(6n))).toEqual([]);
  });

  it('with a delay announces, waits, and then does it', () => {
    const at = (block: number, height?: number) => {
      const announced = height === undefined ? [] : [{ delegate: CHARLIE, real: treasury, hash, height }];
      return ways({ own: [charlie], keys: { proxies: [slow], announced }, block })[0];
    };
    expect(at(100)).toMatchObject({ kind: 'announce', call: { value: { type: 'announce' } } });
    expect(at(100, 91)).toMatchObject({ kind: 'wait', until: 101 });
    expect(at(101, 91)).toMatchObject({ kind: 'announced', call: { value: { type: 'proxy_announced' } } });
  });

  it('that announced something else has to announce this', () => {
    const announced = [{ delegate: CHARLIE, real: treasury, hash: `0x${'00'.repeat(32)}`, height: 1 }];
    expect(kinds({ own: [charlie], keys: { proxies: [slow], announced } })).toEqual(['announce Charlie']);
  });
});
