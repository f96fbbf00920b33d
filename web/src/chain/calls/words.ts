/** Says single values of the chain in one language. */
import { shorten } from '../../format/ids';
import { formatMoney } from '../../format/money';
import { formatCount } from '../../format/numbers';
import { peerIdOf } from '../../format/peers';
import { formatDuration, formatTime } from '../../format/times';
import type { Language } from '../../i18n/setup';
import type { Names } from './names';
import { ALL_PERMISSIONS, PERMISSIONS, VOCABULARY } from './vocabulary';

/** The last moment that a `Date` can be, in milliseconds of the Unix epoch. */
const LATEST_MS = 8.64e15;

/** What a value is, where its type alone does not say. */
export type Kind =
  | 'account'
  | 'application'
  | 'blocks'
  | 'bytes'
  | 'city'
  | 'company'
  | 'count'
  | 'driver'
  | 'duration'
  | 'hash'
  | 'money'
  | 'node'
  | 'number'
  | 'permissions'
  | 'ppm'
  | 'text'
  | 'time'
  | 'timeMs'
  | 'vehicle';

/** A value is not of the kind that its type promised. */
export class Unexpected extends Error {
  constructor(kind: string, value: unknown) {
    super(`${typeof value} is no ${kind}`);
    this.name = 'Unexpected';
  }
}

const SECONDS_PER_BLOCK = 2;

/** The words of one language, with the names that are known. */
export class Words {
  readonly language: Language;
  readonly names: Names;

  constructor(language: Language, names: Names) {
    this.language = language;
    this.names = names;
  }

  /** Throws `Unexpected` when the value is no such thing. */
  say(kind: Kind, value: unknown): string {
    switch (kind) {
      case 'account':
        return this.account(text(value));
      case 'application':
        return this.#numbered(
          integer(value),
          this.names.application(integer(value)),
          'application ',
          '申请 ',
        );
      case 'blocks':
        return this.blocks(integer(value));
      case 'bytes':
      case 'hash':
        return shorten(hex(value));
      case 'city':
        return String(integer(value)).padStart(6, '0');
      case 'company':
        return this.#numbered(integer(value), this.names.company(integer(value)), 'company ', '公司 ');
      case 'count':
        return this.number(BigInt(lengthOf(value)));
      case 'driver':
        return this.#numbered(integer(value), this.names.driver(integer(value)), 'driver ', '司机 ');
      case 'duration':
        return this.duration(integer(value));
      case 'money':
        return this.money(big(value));
      case 'node':
        return this.node(hex(value));
      case 'number':
        return this.number(big(value));
      case 'permissions':
        return this.permissions(integer(value));
      case 'ppm':
        return `${integer(value) / 10_000} %`;
      case 'text':
        return readable(value) ?? shorten(hex(value));
      case 'time':
        return this.time(big(value) * 1000n);
      case 'timeMs':
        return this.time(big(value));
      case 'vehicle':
        return this.#numbered(integer(value), this.names.vehicle(integer(value)), 'vehicle ', '车辆 ');
    }
  }

  /** `value` in units of 10⁻⁶ CNY. */
  money(value: bigint): string {
    return formatMoney(value);
  }

  number(value: bigint): string {
    return formatCount(value, this.language);
  }

  account(address: string): string {
    const name = this.names.account(address);
    return name === undefined ? shorten(address) : `${name} (${shorten(address)})`;
  }

  /** A machine by the key of 32 bytes that it has in the network. */
  node(key: string): string {
    const label = this.names.node(key);
    // All of them begin with the same eight letters.
    const peer = shorten(peerIdOf(key), 12, 8);
    return label === undefined ? peer : `${label} (${peer})`;
  }

  /** By the reader's clock, to the second. */
  time(milliseconds: bigint): string {
    const ms = Number(milliseconds);
    return Math.abs(ms) <= LATEST_MS ? formatTime(ms) : String(milliseconds);
  }

  blocks(count: number): string {
    const number = this.number(BigInt(count));
    const about = this.duration(count * SECONDS_PER_BLOCK);
    return this.language === 'zh' ? `${number} 个区块（约 ${about}）` : `${number} blocks (about ${about})`;
  }

  duration(seconds: number): string {
    return formatDuration(seconds * 1000, this.language);
  }

  permissions(bits: number): string {
    if (bits === 0) return this.language === 'zh' ? '无权限' : 'nothing';
    if (bits === ALL_PERMISSIONS) return this.language === 'zh' ? '全部权限' : 'everything';
    const named = PERMISSIONS.flatMap((words, bit) => (bits & (1 << bit) ? [words[this.language]] : []));
    const unknown = bits & ~ALL_PERMISSIONS;
    if (unknown !== 0) named.push(`0x${(unknown >>> 0).toString(16)}`);
    return named.join(this.language === 'zh' ? '、' : ', ');
  }

  /**
   * A value of an enumeration; its own name where there are no words.
   * @param carried what it carries, as it is said, by the names of its fields
   */
  variant(type: string | undefined, name: string, carried: Readonly<Record<string, string>> = {}): string {
    const words = (type && VOCABULARY[type]?.[name]?.[this.language]) ?? name;
    return words.replace(/\{(\w+)\}/g, (_, field: string) => carried[field] ?? '…');
  }

  none(): string {
    return this.language === 'zh' ? '无' : 'none';
  }

  yesNo(value: boolean): string {
    if (this.language === 'zh') return value ? '是' : '否';
    return value ? 'yes' : 'no';
  }

  #numbered(id: number, name: string | undefined, en: string, zh: string): string {
    const number = `${this.language === 'zh' ? zh : en}${id}`;
    if (name === undefined) return number;
    return this.language === 'zh' ? `${name}（${number}）` : `${name} (${number})`;
  }
}

/** Bytes as hexadecimal. */
export function hex(value: unknown): string {
  if (typeof value === 'string' && /^0x[0-9a-f]*$/i.test(value)) return value;
  if (!(value instanceof Uint8Array)) throw new Unexpected('bytes', value);
  return `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Bytes as text, when they are text that people write. */
export function readable(value: unknown): string | undefined {
  const bytes = bytesOf(value);
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return decoded.length > 0 && !/\p{C}/u.test(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const digits = hex(value).slice(2);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function lengthOf(value: unknown): number {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  throw new Unexpected('list', value);
}

export function integer(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Unexpected('integer', value);
}

export function big(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  return BigInt(integer(value));
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Unexpected('text', value);
}
