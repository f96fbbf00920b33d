import { beforeEach, describe, expect, it, vi } from 'vitest';
import { multisigOf, sharedAccount } from '../chain/multisig';
import { accountHex } from '../format/ids';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';
const three = multisigOf([ALICE, BOB, CHARLIE], 2);
const account = sharedAccount(three);

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.resetModules();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

describe('holders as a person writes them', () => {
  it('are taken in any order and spelling if the account follows from them', async () => {
    const { readMultisig } = await import('./multisigs');
    const signatories = `${CHARLIE}\n${accountHex(ALICE)}, ${BOB}`;
    expect(readMultisig({ signatories, threshold: ' 2 ' }, account)).toEqual({ multisig: three });
  });

  it('that are wrong are told why', async () => {
    const { readMultisig } = await import('./multisigs');
    const all = [ALICE, BOB, CHARLIE].join('\n');
    const trouble = (signatories: string, threshold: string) => {
      const read = readMultisig({ signatories, threshold }, account);
      return 'trouble' in read ? read.trouble : undefined;
    };
    expect(trouble(' \n', '2')).toBe('empty');
    expect(trouble(`${all}\nDave`, '2')).toBe('notAccount');
    expect(trouble(`${ALICE}\n${ALICE}`, '1')).toBe('tooFew');
    const many = Array.from({ length: 51 }, (_, at) => `0x${String(at).padStart(64, '0')}`);
    expect(trouble(many.join('\n'), '2')).toBe('tooMany');
    for (const threshold of ['', '0', '4', 'two']) expect(trouble(all, threshold)).toBe('notThreshold');
    expect(trouble(all, '3')).toBe('other');
  });
});

describe('what the browser remembers', () => {
  it('outlives the page, once for each account', async () => {
    const first = await import('./multisigs');
    const heard = vi.fn();
    first.followMultisigs(heard);
    first.keepMultisig(three);
    first.keepMultisig(three);
    expect(heard).toHaveBeenCalledTimes(2);
    expect(first.keptMultisigs()).toEqual([three]);
    vi.resetModules();
    const second = await import('./multisigs');
    expect(second.keptFor(account)).toEqual(three);
    expect(second.keptFor(ALICE)).toBeUndefined();
  });

  it('is nothing where somebody else wrote', async () => {
    for (const odd of [
      '{',
      '[{"signatories":["x","y"],"threshold":2}]',
      '[{"signatories":[],"threshold":1}]',
    ]) {
      kept.set('smartlink.multisigs', odd);
      vi.resetModules();
      expect((await import('./multisigs')).keptMultisigs()).toEqual([]);
    }
  });
});
