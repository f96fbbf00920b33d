import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeCall } from './calls/describe';
import { type DecodedCall, Metadata } from './metadata';
import {
  addProxy,
  announce,
  announcedBy,
  callHash,
  doAnnounced,
  doFor,
  keysOf,
  mayDo,
  type ProxyKey,
  proxyKinds,
  reject,
  removeProxy,
  ripeAt,
  sayProxy,
  takeBack,
} from './proxies';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../offchain/chain/metadata.scale', import.meta.url))),
);
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
const bobHex = '8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48';

const spending = (most: bigint) => ({ type: 'Spending', value: { most } });
const hot: ProxyKey = { delegate: BOB, kind: spending(1_000_000_000n), delay: 0 };
const slow: ProxyKey = { delegate: CHARLIE, kind: { type: 'Any' }, delay: 300 };
const pay = (value: bigint, type = 'transfer_keep_alive'): DecodedCall => ({
  type: 'Balances',
  value: { type, value: { dest: { type: 'Id', value: ALICE }, value } },
});
const hash = `0x${'ab'.repeat(32)}`;

describe('what is signed about keys', () => {
  it('a hot key with a limit is the seventh kind, and the limit follows as 128 bits, the lowest first', () => {
    const bytes = bytesToHex(metadata.encodeCall(addProxy(hot)));
    // The account as `Id`, the kind, its limit, and no delay.
    const limit = '00ca9a3b'.padEnd(32, '0');
    expect(bytes.slice(4)).toBe(`00${bobHex}06${limit}00000000`);
  });

  it('every call comes back from its bytes as it was', () => {
    const calls = [
      addProxy(hot),
      addProxy(slow),
      removeProxy(hot),
      doFor(ALICE, hot.kind, pay(5n)),
      announce(ALICE, hash),
      doAnnounced(ALICE, slow, pay(5n)),
      reject({ delegate: BOB, real: ALICE, hash, height: 7 }),
      takeBack({ delegate: BOB, real: ALICE, hash, height: 7 }),
    ];
    for (const call of calls) {
      const decoded = metadata.decodeCall(metadata.encodeCall(call));
      expect(decoded.value.type).toBe(call.value.type);
      expect(describeCall(metadata, decoded, 'zh').known).toBe(true);
    }
  });

  it('whatever the limit is, it comes back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (most) => {
        const decoded = metadata.decodeCall(metadata.encodeCall(addProxy({ ...hot, kind: spending(most) })));
        expect(decoded.value.value).toMatchObject({ proxy_type: { type: 'Spending', value: { most } } });
      }),
    );
  });

  it('a limit is said in both languages, with what it does not limit', () => {
    const said = (language: 'en' | 'zh') => describeCall(metadata, addProxy(hot), language);
    expect(said('en').sentence).toContain('act for your account: transfers of up to ¥1,000.00 each.');
    expect(said('zh').sentence).toContain('转账（每笔不超过 ¥1,000.00）');
    expect(said('en').danger).toMatchObject({ level: 'careful' });
    expect(said('zh').danger?.reason).toContain('笔数不限');
    expect(said('en').fields.find(({ name }) => name === 'proxy_type')?.value).toEqual({
      kind: 'text',
      text: 'transfers of up to ¥1,000.00 each',
    });
  });
});

it('the kinds are those of the runtime, each with words', () => {
  const kinds = proxyKinds(metadata);
  expect(kinds.slice(-2)).toEqual(['Telemetry', 'Spending']);
  for (const type of kinds) {
    expect(sayProxy({ type }, 'en')).not.toBe(type);
    expect(sayProxy({ type }, 'zh')).toMatch(/\p{Script=Han}/u);
  }
});

describe('what a key may do', () => {
  it('a key with a limit pays up to it, and does nothing else', () => {
    const { kind } = hot;
    expect(mayDo(kind, pay(1_000_000_000n))).toBe(true);
    expect(mayDo(kind, pay(1_000_000_000n, 'transfer_allow_death'))).toBe(true);
    expect(mayDo(kind, pay(1_000_000_001n))).toBe(false);
    expect(mayDo(kind, { type: 'Balances', value: { type: 'transfer_all', value: { dest: ALICE } } })).toBe(
      false,
    );
    expect(mayDo(kind, { type: 'Utility', value: { type: 'batch', value: { calls: [pay(1n)] } } })).toBe(
      false,
    );
  });

  it('of the others the chain decides, but for the one that may do everything', () => {
    expect(mayDo({ type: 'Any' }, pay(1n))).toBe(true);
    expect(mayDo({ type: 'Governance' }, pay(1n))).toBeUndefined();
  });
});

/** A node whose storage holds this. */
function node(storage: Readonly<Record<string, unknown>>) {
  return {
    read: async (pallet: string, item: string, keys: readonly unknown[] = []) =>
      storage[`${pallet}.${item}(${keys.join()})`],
  };
}

const compact = (...bytes: readonly string[]) => `0x${bytes.join('')}`;

describe('what the chain says', () => {
  it('is read out of its own encoding', () => {
    const one = `${bobHex}06${'00ca9a3b'.padEnd(32, '0')}05000000`;
    const stored = compact('04', one, '40420f00'.padEnd(32, '0'));
    expect(metadata.decodeStorage('Proxy', 'Proxies', stored)).toEqual([
      [{ delegate: BOB, proxy_type: spending(1_000_000_000n), delay: 5 }],
      1_000_000n,
    ]);
  });

  const announced = (real: string, height: number) => ({ real, call_hash: hash, height });
  const chain = node({
    [`Proxy.Proxies(${ALICE})`]: [
      [
        { delegate: BOB, proxy_type: spending(5n), delay: 0 },
        { delegate: CHARLIE, proxy_type: { type: 'Any', value: undefined }, delay: 300 },
      ],
      1n,
    ],
    [`Proxy.Announcements(${CHARLIE})`]: [
      [announced(ALICE, 10), announced(BOB, 11), announced(ALICE, 12)],
      1n,
    ],
  });

  it('an account’s keys, and what they announced for it alone, the newest first', async () => {
    const { proxies, announced: found } = await keysOf(chain, ALICE);
    expect(proxies).toEqual([
      { delegate: BOB, kind: spending(5n), delay: 0 },
      { delegate: CHARLIE, kind: { type: 'Any', value: undefined }, delay: 300 },
    ]);
    expect(found.map(({ height, delegate }) => [height, delegate])).toEqual([
      [12, CHARLIE],
      [10, CHARLIE],
    ]);
    expect(ripeAt(found[1] ?? fail(), proxies)).toBe(310);
    expect(ripeAt(found[1] ?? fail(), [])).toBeUndefined();
  });

  it('an account without keys, and one that announced nothing', async () => {
    expect(await keysOf(chain, BOB)).toEqual({ proxies: [], announced: [] });
    expect(await announcedBy(chain, BOB)).toEqual([]);
    expect(await announcedBy(chain, CHARLIE)).toHaveLength(3);
  });
});

function fail(): never {
  throw new Error('nothing was found');
}

it('a call is announced by the blake2 hash of its bytes', () => {
  // Of nothing, as RFC 7693 has it with 32 bytes.
  expect(callHash(hexToBytes(''))).toBe('0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8');
});
