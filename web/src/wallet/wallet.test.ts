import 'fake-indexeddb/auto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sign, verify } from '@scure/sr25519';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, publicKeyOf } from './address';
import { Keystore, Locked, OPEN_FOR_MS } from './keystore/keystore';
import { pairOf } from './keystore/phrase';
import { textSigner } from './login';
import { Wallet } from './wallet';

const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const PASSWORD = 'correct horse 7';
const CHALLENGE = 'SmartLinkDrive, company 1: log in';
const wrapped = utf8ToBytes(`<Bytes>${CHALLENGE}</Bytes>`);

interface Account {
  address: string;
  name?: string;
  type?: string;
  genesisHash?: string | null;
}

/** An extension with one way to sign. */
function install(accounts: Account[], signRaw: (data: Uint8Array) => Promise<Uint8Array>, enable = true) {
  let listen: ((list: Account[]) => void) | undefined;
  vi.stubGlobal('injectedWeb3', {
    talisman: {
      enable: async () => {
        if (!enable) throw new Error('User rejected');
        return {
          accounts: {
            get: async () => accounts,
            subscribe: (changed: (list: Account[]) => void) => {
              listen = changed;
              return () => undefined;
            },
          },
          signer: {
            signPayload: async () => ({ signature: '0x' }),
            signRaw: async ({ data }: { data: string }) => {
              const message = utf8ToBytes(
                `<Bytes>${new TextDecoder().decode(hexToBytes(data.slice(2)))}</Bytes>`,
              );
              return { id: 1, signature: `0x${bytesToHex(await signRaw(message))}` };
            },
          },
        };
      },
    },
  });
  return (list: Account[]) => listen?.(list);
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function connected(): Promise<Wallet> {
  const wallet = new Wallet(new Keystore(OPEN_FOR_MS, 1 << 13));
  await wallet.start();
  await wallet.connect('talisman');
  return wallet;
}

function first(wallet: Wallet) {
  const [account] = wallet.state().accounts;
  if (!account) throw new Error('no account');
  return account;
}

describe('an extension', () => {
  it('shows its accounts with the prefix of this chain, without those of Ethereum', async () => {
    const polkadot = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5';
    const change = install(
      [{ address: polkadot, name: 'Alice' }, { address: '0x5FbDB2315678afecb367f032d93F642f64180aa3' }],
      async () => new Uint8Array(64),
    );
    const wallet = await connected();
    expect(wallet.state().accounts).toMatchObject([
      {
        name: 'Alice',
        address: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
        source: { address: polkadot },
      },
    ]);
    change([]);
    expect(wallet.state().accounts).toEqual([]);
  });

  it('that refuses, or is gone, is told apart', async () => {
    install([], async () => new Uint8Array(64), false);
    const wallet = await connected();
    expect(wallet.state().extensions.get('talisman')).toMatchObject({ why: 'refused' });
    vi.stubGlobal('injectedWeb3', {});
    await wallet.connect('talisman');
    expect(wallet.state().extensions.get('talisman')).toMatchObject({ why: 'gone' });
  });

  it('is asked again after the page was loaded anew, and its account is still the one', async () => {
    const accounts = [1, 2].map((n) => ({ address: addressOf(new Uint8Array(32).fill(n)), name: `n${n}` }));
    install(accounts, async () => new Uint8Array(64));
    const wallet = await connected();
    wallet.select(wallet.state().accounts[1]);
    const later = new Wallet(new Keystore(OPEN_FOR_MS, 1 << 13));
    await later.start();
    expect(later.state().selected?.name).toBe('n2');
  });
});

describe('the challenge of a login', () => {
  it('is signed by an extension', async () => {
    const pair = await pairOf(PHRASE, '//Alice');
    install([{ address: addressOf(pair.publicKey), type: 'sr25519' }], async (message) =>
      sign(pair.secret, message),
    );
    const wallet = await connected();
    const { signature, publicKey } = await textSigner(wallet, first(wallet)).sign(CHALLENGE);
    expect(verify(wrapped, hexToBytes(signature.slice(2)), pair.publicKey)).toBe(true);
    expect(publicKey).toBeUndefined();
  });

  it('carries the public key of ecdsa along', async () => {
    const secret = new Uint8Array(32).fill(7);
    const key = secp256k1.getPublicKey(secret);
    const account = { address: addressOf(blake2b(key, { dkLen: 32 })), type: 'ecdsa' };
    install([account], async (message) => {
      const hash = blake2b(message, { dkLen: 32 });
      const [recovery = 0, ...rest] = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' });
      return Uint8Array.of(...rest, recovery);
    });
    const wallet = await connected();
    const { publicKey } = await textSigner(wallet, first(wallet)).sign(CHALLENGE);
    expect(publicKey).toBe(`0x${bytesToHex(key)}`);
  });

  it('is refused by the person', async () => {
    install([{ address: addressOf(new Uint8Array(32)) }], async () => {
      throw new Error('Cancelled');
    });
    const wallet = await connected();
    await expect(textSigner(wallet, first(wallet)).sign(CHALLENGE)).rejects.toMatchObject({
      name: 'Refused',
    });
  });

  it('is signed by the keystore, once its key is open', async () => {
    const wallet = new Wallet(new Keystore(OPEN_FOR_MS, 1 << 13));
    await wallet.start();
    const { address } = await wallet.keystore.add(PHRASE, '//Alice', 'Alice', PASSWORD);
    expect((await wallet.selectKey(address))?.name).toBe('Alice');
    expect(wallet.state().open.has(address)).toBe(true);
    const { signature } = await textSigner(wallet, first(wallet)).sign(CHALLENGE);
    expect(verify(wrapped, hexToBytes(signature.slice(2)), publicKeyOf(address))).toBe(true);
    wallet.keystore.lock();
    await expect(textSigner(wallet, first(wallet)).sign(CHALLENGE)).rejects.toThrow(Locked);
    await wallet.keystore.remove(address);
  });
});
