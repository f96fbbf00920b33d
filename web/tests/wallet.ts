/**
 * A wallet for tests: an `injectedWeb3` extension with development keys. Its keys stay in Node; the page reaches them
 * through bindings, as it reaches an extension.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Page } from '@playwright/test';
import { sign } from '@scure/sr25519';
import { addressOf } from '../src/wallet/address';
import { type Pair, pairOf } from '../src/wallet/keystore/phrase';

/** The phrase that all development keys come from. */
export const DEVELOPMENT_PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';

export interface WalletOptions {
  /** Name in `injectedWeb3`. */
  id?: string;
  /** Paths of the accounts, such as `//Alice` or `//Alice//fleet`; their names are the same. */
  paths: readonly string[];
  /** The one chain for which the accounts are lent: genesis hash. Missing: any. */
  genesis?: string;
}

/** The switches of the wallet's person, and what was signed. */
export interface TestWallet {
  readonly id: string;
  /** Address of a path. */
  address(path: string): string;
  /** Refuses every signature from now on, or no longer. */
  refuseSignatures(on: boolean): void;
  /** Refuses to let a site in from now on, or no longer. */
  refuseAccess(on: boolean): void;
  /** Takes the extension out of the present page. */
  remove(): Promise<void>;
  /** Texts of challenges that were signed, in their order. */
  readonly texts: readonly string[];
  /** Encoded calls that were signed, in their order. */
  readonly calls: readonly string[];
}

interface Payload {
  address: string;
  method: string;
  era: string;
  nonce: string;
  tip: string;
  specVersion: string;
  transactionVersion: string;
  genesisHash: string;
  blockHash: string;
}

/** Puts the wallet into every page that is opened from now on. Call it before `page.goto`. */
export async function installWallet(page: Page, options: WalletOptions): Promise<TestWallet> {
  const id = options.id ?? 'polkadot-js';
  const keys = new Map<string, Pair>();
  const addresses = new Map<string, string>();
  for (const path of options.paths) {
    const pair = await pairOf(DEVELOPMENT_PHRASE, path);
    keys.set(addressOf(pair.publicKey), pair);
    addresses.set(path, addressOf(pair.publicKey));
  }
  const state = { signatures: true, access: true };
  const texts: string[] = [];
  const calls: string[] = [];
  const keyOf = (address: string): Pair => {
    if (!state.signatures) throw new Error('Cancelled');
    const pair = keys.get(address);
    if (!pair) throw new Error(`no account ${address}`);
    return pair;
  };
  await page.exposeFunction('testWalletEnable', () => state.access);
  await page.exposeFunction('testWalletSignRaw', (address: string, data: string) => {
    const bytes = hexToBytes(data.slice(2));
    const message = concatBytes(utf8ToBytes('<Bytes>'), bytes, utf8ToBytes('</Bytes>'));
    const signature = sign(keyOf(address).secret, message);
    texts.push(new TextDecoder().decode(bytes));
    return `0x${bytesToHex(signature)}`;
  });
  await page.exposeFunction('testWalletSignPayload', (payload: Payload) => {
    const message = signedBytes(payload);
    const signature = sign(keyOf(payload.address).secret, message);
    calls.push(payload.method);
    // The first byte says sr25519, as extensions do it.
    return `0x01${bytesToHex(signature)}`;
  });
  const accounts = [...addresses].map(([name, address]) => ({
    address,
    name,
    type: 'sr25519',
    genesisHash: options.genesis ?? null,
  }));
  await page.addInitScript(inject, { id, accounts });
  return {
    id,
    texts,
    calls,
    address(path) {
      const address = addresses.get(path);
      if (address === undefined) throw new Error(`the test wallet has no ${path}`);
      return address;
    },
    refuseSignatures(on) {
      state.signatures = !on;
    },
    refuseAccess(on) {
      state.access = !on;
    },
    async remove() {
      await page.evaluate((name) => {
        const { injectedWeb3 } = window as { injectedWeb3?: Record<string, unknown> };
        delete injectedWeb3?.[name];
      }, id);
    },
  };
}

/** Runs in the page. */
function inject({ id, accounts }: { id: string; accounts: { address: string; name: string }[] }): void {
  const { testWalletEnable, testWalletSignRaw, testWalletSignPayload } = window as Window & {
    testWalletEnable?: () => Promise<boolean>;
    testWalletSignRaw?: (address: string, data: string) => Promise<string>;
    testWalletSignPayload?: (payload: object) => Promise<string>;
  };
  const enable = async () => {
    if (!(await testWalletEnable?.())) throw new Error('Not allowed by its person');
    return {
      accounts: {
        get: async () => accounts,
        subscribe: (listen: (list: unknown) => void) => {
          listen(accounts);
          return () => undefined;
        },
      },
      signer: {
        signRaw: async ({ address, data }: { address: string; data: string }) => ({
          id: 1,
          signature: await testWalletSignRaw?.(address, data),
        }),
        signPayload: async (payload: object) => ({
          id: 1,
          signature: await testWalletSignPayload?.(payload),
        }),
      },
    };
  };
  window.injectedWeb3 ??= {};
  Reflect.set(window.injectedWeb3, id, { version: '1.0.0', enable });
}

/** What is signed of a transaction of this chain: call, extensions, and what they imply. */
function signedBytes(payload: Payload): Uint8Array {
  const bytes = concatBytes(
    hexToBytes(payload.method.slice(2)),
    hexToBytes(payload.era.slice(2)),
    compact(BigInt(payload.nonce)),
    compact(BigInt(payload.tip)),
    Uint8Array.of(0), // CheckMetadataHash: without
    littleEndian(BigInt(payload.specVersion), 4),
    littleEndian(BigInt(payload.transactionVersion), 4),
    hexToBytes(payload.genesisHash.slice(2)),
    hexToBytes(payload.blockHash.slice(2)),
    Uint8Array.of(0), // no metadata hash
  );
  return bytes.length > 256 ? blake2b(bytes, { dkLen: 32 }) : bytes;
}

/** SCALE compact, up to 2³⁰. */
function compact(value: bigint): Uint8Array {
  if (value < 1n << 6n) return littleEndian(value << 2n, 1);
  if (value < 1n << 14n) return littleEndian((value << 2n) | 1n, 2);
  if (value < 1n << 30n) return littleEndian((value << 2n) | 2n, 4);
  throw new Error(`${value} is too large for a test`);
}

function littleEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
}
