// What the council has set on the chain, and what runs there, as the node says it. Loaded with the page.
import * as v from 'valibot';
import { commonAllowance } from '../../../chain/allowance';
import { readable } from '../../../chain/calls/words';
import type { Chain } from '../../../chain/connection';
import type { Metadata } from '../../../chain/metadata';

/** A parameter that the council may change without an upgrade. */
export interface Parameter<T> {
  /** Undefined: the node does not tell what the runtime was built with. */
  readonly value: T | undefined;
  /** Whether the council has set it. Otherwise it is as the runtime was built. */
  readonly isSet: boolean;
}

/** An upgrade that the council allowed: anybody who has the code with this hash may send it. */
export interface AuthorizedUpgrade {
  /** The hash of the new runtime's code (blake2-256). */
  readonly hash: string;
  /** Whether the chain takes it only if its version is higher. */
  readonly isChecked: boolean;
}

export interface ChainSettings {
  readonly node: string;
  readonly specName: string;
  readonly specVersion: number;
  readonly transactionVersion: number;
  readonly session: number;
  /** In units of 10⁻⁶ CNY, for a second of a block's time. */
  readonly perSecond: Parameter<bigint>;
  /** The same, for a byte of an extrinsic. */
  readonly perByte: Parameter<bigint>;
  /** Fees that a company without an allowance of its own is spared at a time, in units of 10⁻⁶ CNY. */
  readonly allowanceMost: Parameter<bigint>;
  /** What comes back of them with each block. */
  readonly allowanceRecovery: Parameter<bigint>;
  /** Machines that may join the network. Undefined: any may. */
  readonly admitted: number | undefined;
  /** Drivers that a company may enrol. */
  readonly maxSeats: Parameter<number>;
  /** Calls that are paused, as `Pallet.name`. */
  readonly paused: readonly string[];
  /** The block in which the stand of the chain ends. Undefined: it works. */
  readonly standUntil: number | undefined;
  /** An upgrade that the council allowed, and that nobody has sent yet. */
  readonly upgrade: AuthorizedUpgrade | undefined;
  readonly metadata: Metadata;
}

export async function chainSettings(chain: Chain): Promise<ChainSettings> {
  await chain.ready();
  const metadata = await chain.metadata();
  const [version, node, session, perSecond, perByte, spared, admitted, maxSeats, paused, stand, upgrade] =
    await Promise.all([
      chain.version(),
      nodeName(chain),
      chain.read('Session', 'CurrentIndex'),
      fee(chain, 'PerSecond'),
      fee(chain, 'PerByte'),
      sparedFees(chain),
      admittedNodes(chain, metadata),
      parameter(chain, 'Settlement', 'MaxSeats'),
      pausedCalls(chain, metadata),
      chain.read('SafeMode', 'EnteredUntil'),
      chain.read('System', 'AuthorizedUpgrade'),
    ]);
  return {
    ...version,
    node,
    metadata,
    session: v.parse(v.number(), session ?? 0),
    perSecond,
    perByte,
    ...spared,
    admitted,
    maxSeats: { value: v.parse(v.optional(v.number()), maxSeats), isSet: maxSeats !== undefined },
    paused,
    standUntil: v.parse(v.optional(v.number()), stand),
    upgrade: readUpgrade(upgrade),
  };
}

const Authorized = v.object({ code_hash: v.string(), check_version: v.boolean() });

/** What `System.AuthorizedUpgrade` holds; undefined: nothing is allowed. */
export function readUpgrade(value: unknown): AuthorizedUpgrade | undefined {
  if (value === undefined) return undefined;
  const { code_hash: hash, check_version: isChecked } = v.parse(Authorized, value);
  return { hash, isChecked };
}

async function nodeName(chain: Chain): Promise<string> {
  const [name, version] = await Promise.all([chain.request('system_name'), chain.request('system_version')]);
  return `${v.parse(v.string(), name)} ${v.parse(v.string(), version)}`;
}

const Stored = v.object({ value: v.object({ value: v.unknown() }) });

/** What the council set; undefined: nothing. */
async function parameter(chain: Chain, group: string, name: string): Promise<unknown> {
  const key = { type: group, value: { type: name, value: undefined } };
  const stored = await chain.read('Parameters', 'Parameters', [key]);
  return stored === undefined ? undefined : v.parse(Stored, stored).value.value;
}

/** A second of a block's time, in picoseconds. */
const second = { ref_time: 1_000_000_000_000n, proof_size: 0n };

/** Whoever set it: the runtime itself is asked what it takes. */
async function fee(chain: Chain, name: 'PerSecond' | 'PerByte'): Promise<Parameter<bigint>> {
  const { TransactionPaymentApi: api } = chain.client.getUnsafeApi().apis;
  const [set, taken]: readonly unknown[] = await Promise.all([
    parameter(chain, 'Fees', name),
    name === 'PerSecond' ? api?.query_weight_to_fee?.(second) : api?.query_length_to_fee?.(1),
  ]);
  return { value: v.parse(v.bigint(), taken), isSet: set !== undefined };
}

type Spared = Pick<ChainSettings, 'allowanceMost' | 'allowanceRecovery'>;

/** Whoever set it: the runtime itself is asked what it spares. An older one spares nothing. */
async function sparedFees(chain: Chain): Promise<Spared> {
  const common = await commonAllowance(chain);
  const none = { value: undefined, isSet: false };
  if (common === undefined) return { allowanceMost: none, allowanceRecovery: none };
  const [most, recovery] = await Promise.all([
    parameter(chain, 'Allowance', 'Max'),
    parameter(chain, 'Allowance', 'RecoveryPerBlock'),
  ]);
  return {
    allowanceMost: { value: common.max, isSet: most !== undefined },
    allowanceRecovery: { value: common.recovery, isSet: recovery !== undefined },
  };
}

const Admitted = v.optional(v.array(v.unknown()));

/** How many machines the network is closed to others for. Undefined: it is open, as with an older runtime. */
async function admittedNodes(chain: Chain, metadata: Metadata): Promise<number | undefined> {
  if (!metadata.hasApi('NodesApi', 'admitted_nodes')) return undefined;
  return v.parse(Admitted, await chain.ask('NodesApi', 'admitted_nodes'))?.length;
}

/** So many paused calls are read. */
const mostPaused = 100;
const Keys = v.array(v.string());
const Name = v.tuple([v.tuple([v.instance(Uint8Array), v.instance(Uint8Array)])]);

async function pausedCalls(chain: Chain, metadata: Metadata): Promise<readonly string[]> {
  const prefix = metadata.storageKey('TxPause', 'PausedCalls');
  const keys = v.parse(Keys, await chain.request('state_getKeysPaged', prefix, mostPaused, prefix));
  return keys.map((key) => {
    const [[pallet, name]] = v.parse(Name, metadata.decodeStorageKey('TxPause', 'PausedCalls', key));
    return `${readable(pallet) ?? ''}.${readable(name) ?? ''}`;
  });
}
