/**
 * SmartLinkAnchor (docs/bridge.md): what the contract on Ethereum knows of a bundle. The node at the URL is believed: take
 * one of your own, or one that you trust.
 */
import { type Hex, isHex, lengthOf } from '../bytes';
import { callOf, hashWord, numberWord, uintOf, wordsOf } from './abi';
import { askBytes, askNumber, garbled, type Patience, Unanswered } from './rpc';

/** Where the contract is. */
export interface Where {
  /** JSON-RPC over HTTP. */
  readonly url: string;
  readonly contract: Hex;
}

/** What it is asked about: the commitment of a bundle. */
export interface Asked {
  /** The block that was signed. */
  readonly block: number;
  /** The root of its MMR. */
  readonly root: Hex;
}

/** A set of validators that the contract knows. */
export interface Known {
  readonly id: string;
  readonly length: number;
  readonly root: Hex;
}

/** What the contract knows. */
export interface Held {
  readonly chainId: bigint;
  readonly contract: Hex;
  /** The hash of block 0 of the chain that it is of. */
  readonly genesis: Hex;
  /** The last block that it has a root of. 0: none yet. */
  readonly latest: number;
  /** Whether it holds the root that was asked about, for its block. */
  readonly holds: boolean;
  readonly current: Known;
  readonly next: Known;
}

/** How long each answer may take, in milliseconds. */
const PATIENCE_MS = 10_000;

/** An address of a node and of a contract, as somebody typed them. Throws {@link Unanswered} when one is none. */
export function whereOf(url: string, contract: string): Where {
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw new Unanswered({ code: 'bad_url' });
  const address = contract.trim().toLowerCase();
  if (!isHex(address) || lengthOf(address) !== 20) throw new Unanswered({ code: 'bad_address' });
  return { url: parsed.href, contract: address };
}

/** Asks the contract. Throws {@link Unanswered} when it, or the node, does not answer as it should. */
export async function look(where: Where, asked: Asked, patience: Partial<Patience> = {}): Promise<Held> {
  const { url, contract } = where;
  const within: Patience = { timeoutMs: PATIENCE_MS, ...patience };
  const chainId = await askNumber(url, 'eth_chainId', [], within);
  const view = async (signature: string, ...words: readonly Uint8Array[]): Promise<Hex> => {
    const call = { to: contract, data: callOf(signature, ...words) };
    const answer = await askBytes(url, 'eth_call', [call, 'latest'], within);
    // Where there is no code a call answers nothing.
    if (answer === '0x') throw new Unanswered({ code: 'no_contract', chainId });
    return answer;
  };
  const [genesis, latest, current, next, holds] = await Promise.all([
    view('GENESIS()'),
    view('latest()'),
    view('currentSet()'),
    view('nextSet()'),
    view('holds(uint32,bytes32)', numberWord(asked.block), hashWord(asked.root)),
  ]);
  return {
    chainId,
    contract,
    genesis: hashOf(genesis),
    latest: heightOf(latest),
    holds: truthOf(holds),
    current: setOf(current),
    next: setOf(next),
  };
}

function hashOf(answer: Hex): Hex {
  const [hash] = wordsOf(answer, 1) ?? [];
  if (hash === undefined) throw garbled('eth_call', 'hash');
  return hash;
}

function heightOf(answer: Hex): number {
  const height = uintOf(wordsOf(answer, 1)?.[0], 32);
  if (height === null) throw garbled('eth_call', 'height');
  return Number(height);
}

function truthOf(answer: Hex): boolean {
  const truth = uintOf(wordsOf(answer, 1)?.[0], 1);
  if (truth === null) throw garbled('eth_call', 'truth');
  return truth === 1n;
}

function setOf(answer: Hex): Known {
  const [id, length, root] = wordsOf(answer, 3) ?? [];
  const [number, size] = [uintOf(id, 64), uintOf(length, 32)];
  if (number === null || size === null || root === undefined) {
    throw garbled('eth_call', 'set');
  }
  return { id: String(number), length: Number(size), root };
}
