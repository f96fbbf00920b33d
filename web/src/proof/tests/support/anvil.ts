/** SmartLinkAnchor on an anvil of its own, which mines when it is told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Bundle } from '../../bundle';
import type { Hex } from '../../bytes';
import { file } from './files';
import { be, keccakOf } from './hashes';
import { scaleOf } from './validators';

/** The version that `cargo xtask setup` fetches. */
const VERSION = '1.7.1';
/** anvil's first account, which it signs for itself. */
const CALLER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

function program(): string {
  const folder = process.env['FOUNDRY_BIN'] ?? join(homedir(), '.cache/smartlinkdrive/foundry', VERSION);
  const anvil = join(folder, 'anvil');
  if (existsSync(anvil)) return anvil;
  throw new Error(`there is no anvil at ${anvil}: run \`cargo xtask setup\`, or set FOUNDRY_BIN`);
}

/** What a contract is told when it is made. */
export interface Beginning {
  readonly genesis: Hex;
  readonly set: number;
  readonly roster: readonly Hex[];
  readonly nextRoot: Hex;
  readonly nextLength: number;
}

export class Anvil {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** Starts one at a port that is free: it says at which it listens. */
  static async start(): Promise<Anvil> {
    const process = spawn(program(), ['--port', '0', '--no-mining'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      process.stdout.on('data', (piece: Uint8Array) => {
        said += new TextDecoder().decode(piece);
        const listening = /Listening on (127\.0\.0\.1:[0-9]+)/.exec(said);
        if (listening !== null) resolve(`http://${listening[1]}`);
      });
      process.once('error', reject);
      process.once('exit', (code) => reject(new Error(`anvil ended with ${code}: ${said}`)));
    });
    return new Anvil(process, url);
  }

  /** Ends it, and waits until it has. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
  }

  /** Makes the contract: its address. */
  async make({ genesis, set, roster, nextRoot, nextLength }: Beginning): Promise<Hex> {
    const artifact: { readonly bytecode: { readonly object: Hex } } = JSON.parse(
      new TextDecoder().decode(file('bridge-eth/contracts/artifacts/SmartLinkAnchor.json')),
    );
    const bytes = roster.map((address) => address.slice(2)).join('');
    const head = [genesis.slice(2), be(set, 32), be(5 * 32, 32), nextRoot.slice(2), be(nextLength, 32)].join(
      '',
    );
    const receipt = await this.#send({ data: `${artifact.bytecode.object}${head}${dynamic(bytes)}` });
    return receipt.contractAddress;
  }

  /** Brings the commitment of a bundle, which the contract's current set has signed. */
  async submit(contract: Hex, { commitment, signatures, validators }: Bundle): Promise<void> {
    const roster = validators.map((address) => address.slice(2)).join('');
    const bits = new Uint8Array(Math.ceil(validators.length / 8));
    for (const { by } of signatures) bits.set([(bits[by >> 3] ?? 0) | (1 << (7 - (by % 8)))], by >> 3);
    const marks = Array.from(bits, (byte) => be(byte, 1)).join('');
    const parts = [scaleOf(commitment), roster, marks + signatures.map(compactOf).join('')].map(dynamic);
    const starts = parts.map((_, at) => 3 * 32 + parts.slice(0, at).join('').length / 2);
    const call = keccakOf(bytesToHex(utf8ToBytes('submit(bytes,bytes,bytes)'))).slice(0, 10);
    await this.#send({ to: contract, data: call + starts.map((at) => be(at, 32)).join('') + parts.join('') });
  }

  async #send(transaction: {
    readonly to?: Hex;
    readonly data: string;
  }): Promise<{ readonly contractAddress: Hex }> {
    const hash = await this.#ask('eth_sendTransaction', [{ from: CALLER, ...transaction }]);
    await this.#ask('evm_mine', []);
    const receipt = (await this.#ask('eth_getTransactionReceipt', [hash])) as {
      readonly status: string;
      readonly contractAddress: Hex;
    };
    if (receipt.status !== '0x1') throw new Error(JSON.stringify(receipt));
    return receipt;
  }

  async #ask(method: string, params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { result, error } = (await answer.json()) as {
      readonly result?: unknown;
      readonly error?: unknown;
    };
    if (error !== undefined || result === null) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }
}

/** `bytes` as an argument: length, then the bytes with zeros up to a word. */
function dynamic(bytes: string): string {
  return be(bytes.length / 2, 32) + bytes.padEnd(Math.ceil(bytes.length / 64) * 64, '0');
}

/** r, and s with the parity as its highest bit. */
function compactOf({ signature }: Bundle['signatures'][number]): string {
  const [r, s, parity] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)];
  return r + be(BigInt(`0x${s}`) | (BigInt(`0x${parity}`) << 255n), 32);
}
