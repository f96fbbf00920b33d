/** Keys that act for an account: which, what each may do, and what they have announced to do. */
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { formatMoney } from '../format/money';
import type { Language } from '../i18n/setup';
import { NO_NAMES } from './calls/names';
import { Words } from './calls/words';
import type { Chain } from './connection';
import type { DecodedCall, Metadata } from './metadata';

/** What a key may do for an account, as polkadot-api has the runtime's `ProxyType`. */
export interface ProxyKind {
  type: string;
  /** Of `Spending`: the most that goes to somebody in one transfer, in units of 10⁻⁶ CNY. */
  value?: { most: bigint } | undefined;
}

/** A key that acts for an account. */
export interface ProxyKey {
  delegate: string;
  kind: ProxyKind;
  /** Blocks that lie between what it announces and what it does. Zero: it does it at once. */
  delay: number;
}

/** What a key has announced to do for an account, of which the chain knows the hash alone. */
export interface Announcement {
  delegate: string;
  real: string;
  /** The hash of the call (blake2-256). */
  hash: string;
  /** The block in which it was announced. */
  height: number;
}

/** The keys of an account, and what they have announced for it. */
export interface Keys {
  proxies: readonly ProxyKey[];
  announced: readonly Announcement[];
}

type Reading = Pick<Chain, 'read'>;

const Kind = v.object({ type: v.string(), value: v.optional(v.object({ most: v.bigint() })) });
const Proxies = v.tuple([
  v.array(v.object({ delegate: v.string(), proxy_type: Kind, delay: v.number() })),
  v.bigint(),
]);
const Announcements = v.tuple([
  v.array(v.object({ real: v.string(), call_hash: v.string(), height: v.number() })),
  v.bigint(),
]);

/** Who acts for an account. */
export async function proxiesOf(chain: Reading, account: string): Promise<readonly ProxyKey[]> {
  const value = await chain.read('Proxy', 'Proxies', [account]);
  if (value === undefined) return [];
  const [proxies] = v.parse(Proxies, value);
  return proxies.map(({ delegate, proxy_type: kind, delay }) => ({ delegate, kind, delay }));
}

/** What a key has announced, for whatever account. */
export async function announcedBy(chain: Reading, delegate: string): Promise<readonly Announcement[]> {
  const value = await chain.read('Proxy', 'Announcements', [delegate]);
  if (value === undefined) return [];
  const [announced] = v.parse(Announcements, value);
  return announced.map(({ real, call_hash: hash, height }) => ({ delegate, real, hash, height }));
}

/** The keys of an account, and what they have announced for it, the newest first. */
export async function keysOf(chain: Reading, account: string): Promise<Keys> {
  const proxies = await proxiesOf(chain, account);
  const delegates = [...new Set(proxies.map(({ delegate }) => delegate))];
  const announced = (await Promise.all(delegates.map((delegate) => announcedBy(chain, delegate)))).flat();
  const own = announced.filter(({ real }) => real === account);
  return { proxies, announced: own.sort((one, other) => other.height - one.height) };
}

/** The hash by which a call is announced. */
export function callHash(bytes: Uint8Array): string {
  return `0x${bytesToHex(blake2b(bytes, { dkLen: 32 }))}`;
}

/** The first block in which what was announced may be done. Undefined: the key acts for the account no more. */
export function ripeAt(announced: Announcement, proxies: readonly ProxyKey[]): number | undefined {
  const delays = proxies.filter(({ delegate }) => delegate === announced.delegate).map(({ delay }) => delay);
  return delays.length === 0 ? undefined : announced.height + Math.min(...delays);
}

/** The kinds that the runtime of now knows, in its order. */
export function proxyKinds(metadata: Metadata): readonly string[] {
  const [entry] = metadata.typesNamed('ProxyType');
  return entry?.def.tag === 'variant' ? entry.def.value.map(({ name }) => name) : [];
}

/** A kind in words: `transfers of up to ¥1,000.00 each`. */
export function sayProxy({ type, value }: ProxyKind, language: Language): string {
  const carried = value === undefined ? {} : { most: formatMoney(value.most) };
  return new Words(language, NO_NAMES).variant('ProxyType', type, carried);
}

/** Blocks, and about how long they take. */
export function sayBlocks(count: number, language: Language): string {
  return new Words(language, NO_NAMES).blocks(count);
}

const TRANSFERS: ReadonlySet<string> = new Set(['transfer_keep_alive', 'transfer_allow_death']);

/**
 * Whether a key of a kind may do a call. Undefined: what the others may the chain says when they do it. Of what goes beyond its
 * limit it would be too late: the fee is paid then.
 */
export function mayDo({ type, value }: ProxyKind, call: DecodedCall): boolean | undefined {
  if (type === 'Any') return true;
  if (type !== 'Spending' || value === undefined) return undefined;
  const carried: unknown = call.value.value;
  if (call.type !== 'Balances' || !TRANSFERS.has(call.value.type)) return false;
  const amount =
    typeof carried === 'object' && carried !== null && 'value' in carried ? carried.value : undefined;
  return typeof amount === 'bigint' && amount <= value.most;
}

const id = (account: string) => ({ type: 'Id', value: account });
const callOf = (name: string, value: unknown): DecodedCall => ({
  type: 'Proxy',
  value: { type: name, value },
});

export const addProxy = ({ delegate, kind, delay }: ProxyKey): DecodedCall =>
  callOf('add_proxy', { delegate: id(delegate), proxy_type: encoded(kind), delay });

export const removeProxy = ({ delegate, kind, delay }: ProxyKey): DecodedCall =>
  callOf('remove_proxy', { delegate: id(delegate), proxy_type: encoded(kind), delay });

/** Does a call for an account at once. The kind chooses among several that one key has. */
export const doFor = (real: string, kind: ProxyKind, call: DecodedCall): DecodedCall =>
  callOf('proxy', { real: id(real), force_proxy_type: encoded(kind), call });

export const announce = (real: string, hash: string): DecodedCall =>
  callOf('announce', { real: id(real), call_hash: hash });

/** By the account for which it was announced: it shall not be done. */
export const reject = ({ delegate, hash }: Announcement): DecodedCall =>
  callOf('reject_announcement', { delegate: id(delegate), call_hash: hash });

/** By who announced it: it will not be done. */
export const takeBack = ({ real, hash }: Announcement): DecodedCall =>
  callOf('remove_announcement', { real: id(real), call_hash: hash });

/** Does what was announced long enough ago. */
export const doAnnounced = (real: string, { delegate, kind }: ProxyKey, call: DecodedCall): DecodedCall =>
  callOf('proxy_announced', {
    delegate: id(delegate),
    real: id(real),
    force_proxy_type: encoded(kind),
    call,
  });

/** A kind that carries nothing has a value all the same, which is nothing. */
const encoded = ({ type, value }: ProxyKind) => ({ type, value });
