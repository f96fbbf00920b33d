/** Makes a transaction ready to be signed, and signs it. Brings polkadot-api along: load it lazily. */
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { PolkadotSigner } from 'polkadot-api';
import { getPolkadotSignerFromPjs, type SignPayload, type SignRaw } from 'polkadot-api/pjs-signer';
import { getPolkadotSigner } from 'polkadot-api/signer';
import * as v from 'valibot';
import { type Payer, payerOf } from '../chain/allowance';
import { type Balance, balanceOf } from '../chain/balances';
import type { Chain } from '../chain/connection';
import type { SignedTransaction } from '../chain/follow';
import type { DecodedCall, Metadata } from '../chain/metadata';
import type { WalletAccount } from './account';
import { publicKeyOf } from './address';
import { ExtensionFault } from './extensions';
import { Locked } from './keystore/keystore';
import { Refused } from './refused';
import type { Wallet } from './wallet';

/** A transaction before it is signed. */
export interface Draft {
  call: DecodedCall;
  /** The call as it is signed. */
  bytes: Uint8Array;
  account: WalletAccount;
  /** In units of 10⁻⁶ CNY; zero: none is due. */
  fee: bigint;
  /** The company whose allowance takes the fee if it has room. Missing: it is paid in money. */
  payer: Payer | undefined;
  nonce: number;
  balance: Balance;
  genesis: string;
  specVersion: number;
  metadata: Metadata;
}

/** Blocks in which a signed transaction may be included: about eight minutes. */
export const MORTAL_FOR = 256;

/** The runtime was upgraded between the draft and the signature. */
export class Upgraded extends Error {
  override readonly name = 'Upgraded';
}

/** Encodes a call and asks the chain what it costs. Rejects when the runtime has no such call. */
export async function draft(chain: Chain, account: WalletAccount, call: DecodedCall): Promise<Draft> {
  const metadata = await chain.metadata();
  const bytes = metadata.encodeCall(call);
  const { specVersion } = await chain.version();
  const [genesis, nonce, balance, fee, payer] = await Promise.all([
    chain.genesis(),
    nextNonce(chain, account.address),
    balanceOf(chain, account.address),
    feeOf(chain, bytes, account),
    payerOf(chain, account.address),
  ]);
  return { call, bytes, account, fee, payer, nonce, balance, genesis, specVersion, metadata };
}

/**
 * Signs a draft. Rejects with `Refused` when the person says no, `Locked` when the key has to be opened first,
 * `ExtensionFault` when the wallet is gone, `Upgraded` when the draft has to be made again.
 */
export async function sign(chain: Chain, wallet: Wallet, made: Draft): Promise<SignedTransaction> {
  const { specVersion } = await chain.version();
  if (specVersion !== made.specVersion) throw new Upgraded(`the chain has version ${specVersion} now`);
  const head = await chain.client.getFinalizedBlock();
  const transaction = await chain.client.getUnsafeApi().txFromCallData(made.bytes);
  const signer = signerOf(wallet, made.account);
  try {
    const bytes = await transaction.sign(signer, {
      at: head.hash,
      nonce: made.nonce,
      mortality: { mortal: true, period: MORTAL_FOR },
    });
    const hash = `0x${bytesToHex(blake2b(bytes, { dkLen: 32 }))}`;
    return { bytes, hash, birth: head.number, period: MORTAL_FOR };
  } catch (error) {
    if (error instanceof Locked || error instanceof ExtensionFault) throw error;
    throw made.account.source.type === 'extension' ? new Refused(error) : error;
  }
}

function signerOf(wallet: Wallet, account: WalletAccount): PolkadotSigner {
  const { source } = account;
  if (source.type === 'extension') {
    const { signPayload, signRaw } = wallet.extension(source);
    return getPolkadotSignerFromPjs(source.address, typed<SignPayload>(signPayload), typed<SignRaw>(signRaw));
  }
  const kind = account.kind === 'ed25519' ? 'Ed25519' : 'Sr25519';
  return getPolkadotSigner(publicKeyOf(account.address), kind, (bytes) =>
    wallet.keystore.sign(account.address, bytes),
  );
}

/** What polkadot-api expects of a wallet's answer is checked here; the transaction itself, by the chain. */
function typed<F extends (payload: never) => Promise<{ signature: string }>>(
  ask: (payload: Parameters<F>[0]) => Promise<unknown>,
): (payload: Parameters<F>[0]) => ReturnType<F> {
  const Answer = v.looseObject({ signature: v.pipe(v.string(), v.regex(/^0x[0-9a-f]+$/i)) });
  return (async (payload: Parameters<F>[0]) => v.parse(Answer, await ask(payload))) as (
    payload: Parameters<F>[0],
  ) => ReturnType<F>;
}

async function nextNonce(chain: Chain, address: string): Promise<number> {
  // Counts those in the pool as well, so that several can be sent one after the other.
  return v.parse(v.number(), await chain.request('system_accountNextIndex', address));
}

async function feeOf(chain: Chain, bytes: Uint8Array, account: WalletAccount): Promise<bigint> {
  const transaction = await chain.client.getUnsafeApi().txFromCallData(bytes);
  return transaction.getEstimatedFees(account.address);
}
