/**
 * Keys encrypted by a password, in the JSON format of polkadot.js (version 3): PKCS #8 in xsalsa20-poly1305, the key by
 * scrypt. The browser's storage holds the same, so that people can move to and from any wallet.
 */
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import * as v from 'valibot';
import { addressOf, publicKeyOf } from '../address';

export type KeyKind = 'sr25519' | 'ed25519';

/** A key as it comes out of a file. */
export interface OpenKey {
  kind: KeyKind;
  /** 64 bytes: scalar and nonce of sr25519, seed and public key of ed25519. */
  secret: Uint8Array;
  publicKey: Uint8Array;
}

const Schema = v.object({
  encoded: v.pipe(v.string(), v.maxLength(2_000)),
  encoding: v.object({
    content: v.pipe(v.array(v.string()), v.minLength(2)),
    type: v.union([v.array(v.string()), v.string()]),
    version: v.string(),
  }),
  address: v.string(),
  meta: v.optional(v.looseObject({ name: v.optional(v.string()), whenCreated: v.optional(v.number()) }), {}),
});

/** What the file looks like. */
export type KeyFile = v.InferOutput<typeof Schema>;

/** The file is no key file, or of a kind that the portal does not keep. */
export class BadKeyFile extends Error {
  override readonly name = 'BadKeyFile';
  readonly why: 'format' | 'version' | 'kind' | 'work' | 'content';
  constructor(why: BadKeyFile['why']) {
    super(`no usable key file: ${why}`);
    this.why = why;
  }
}

/** The password is not the one that the key was encrypted with. */
export class WrongPassword extends Error {
  override readonly name = 'WrongPassword';
}

const SCRYPT = { N: 1 << 17, r: 8, p: 1 };
/** Work that a foreign file may ask for: twice what polkadot.js uses. More is an attack on the browser. */
const MOST_WORK = 1 << 18;

const HEADER = Uint8Array.of(48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);
const DIVIDER = Uint8Array.of(161, 35, 3, 33, 0);
const SECRET = 64;
const PUBLIC = 32;

/** Parses the text of a file. Throws `BadKeyFile`. */
export function parseKeyFile(text: string): KeyFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadKeyFile('format');
  }
  const result = v.safeParse(Schema, json);
  if (!result.success) throw new BadKeyFile('format');
  kindOf(result.output);
  return result.output;
}

/** Throws `BadKeyFile` when the portal cannot keep such a key. */
export function kindOf({ encoding }: KeyFile): KeyKind {
  const types = [encoding.type].flat();
  if (encoding.version !== '3' || !types.includes('scrypt') || !types.includes('xsalsa20-poly1305')) {
    throw new BadKeyFile('version');
  }
  const [format, kind] = encoding.content;
  if (format !== 'pkcs8' || (kind !== 'sr25519' && kind !== 'ed25519')) throw new BadKeyFile('kind');
  return kind;
}

/** Encrypts a key. Takes a second or so, on purpose. @param cost what scrypt costs: a power of two */
export async function sealKey(
  key: OpenKey,
  password: string,
  meta: { name: string; whenCreated?: number },
  cost = SCRYPT.N,
): Promise<KeyFile> {
  const salt = randomBytes(32);
  const nonce = randomBytes(24);
  const plain = new Uint8Array([...HEADER, ...key.secret, ...DIVIDER, ...key.publicKey]);
  const cipher = xsalsa20poly1305(await stretch(password, salt, { ...SCRYPT, N: cost }), nonce).encrypt(
    plain,
  );
  plain.fill(0);
  const work = new Uint8Array(12);
  const view = new DataView(work.buffer);
  view.setUint32(0, cost, true);
  view.setUint32(4, SCRYPT.p, true);
  view.setUint32(8, SCRYPT.r, true);
  return {
    encoded: base64.encode(new Uint8Array([...salt, ...work, ...nonce, ...cipher])),
    encoding: { content: ['pkcs8', key.kind], type: ['scrypt', 'xsalsa20-poly1305'], version: '3' },
    address: addressOf(key.publicKey),
    meta: { ...meta, whenCreated: meta.whenCreated ?? Date.now() },
  };
}

/** Decrypts a key. Rejects with `WrongPassword` or `BadKeyFile`. */
export async function openKey(file: KeyFile, password: string): Promise<OpenKey> {
  const kind = kindOf(file);
  const { salt, work, nonce, cipher } = parts(file.encoded);
  const stretched = await stretch(password, salt, work);
  let plain: Uint8Array;
  try {
    plain = xsalsa20poly1305(stretched, nonce).decrypt(cipher);
  } catch {
    throw new WrongPassword('the key does not open with this password');
  }
  if (plain.length !== HEADER.length + SECRET + DIVIDER.length + PUBLIC || !startsWith(plain, HEADER)) {
    throw new BadKeyFile('content');
  }
  const secret = plain.slice(HEADER.length, HEADER.length + SECRET);
  const publicKey = plain.slice(-PUBLIC);
  plain.fill(0);
  if (!same(publicKey, publicKeyOf(file.address))) throw new BadKeyFile('content');
  return { kind, secret, publicKey };
}

function parts(encoded: string) {
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(encoded);
  } catch {
    throw new BadKeyFile('format');
  }
  if (bytes.length < 32 + 12 + 24 + 16) throw new BadKeyFile('format');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const work = { N: view.getUint32(32, true), p: view.getUint32(36, true), r: view.getUint32(40, true) };
  const fits = work.N >= 1 << 13 && work.N <= MOST_WORK && (work.N & (work.N - 1)) === 0;
  if (!fits || work.r !== 8 || work.p !== 1) throw new BadKeyFile('work');
  return { salt: bytes.subarray(0, 32), work, nonce: bytes.subarray(44, 68), cipher: bytes.subarray(68) };
}

async function stretch(password: string, salt: Uint8Array, work: { N: number; r: number; p: number }) {
  const stretched = await scryptAsync(new TextEncoder().encode(password), salt, {
    ...work,
    dkLen: 64,
    maxmem: 1 << 29,
    asyncTick: 20,
  });
  return stretched.slice(0, 32);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}
