/** The keys of this browser: stored encrypted, open for a while after the password was given. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sign as signSr25519 } from '@scure/sr25519';
import { type KeyFile, kindOf, type OpenKey, openKey, parseKeyFile, sealKey } from './file';
import { pairOf } from './phrase';
import { forgetKey, storedKeys, storeKey } from './vault';

/** The key is locked: the password has to be given first. */
export class Locked extends Error {
  override readonly name = 'Locked';
}

/** A key is locked again after so long without a signature. */
export const OPEN_FOR_MS = 15 * 60_000;

interface Opened {
  key: OpenKey;
  timer: ReturnType<typeof setTimeout>;
}

export class Keystore {
  readonly #opened = new Map<string, Opened>();
  readonly #followers = new Set<() => void>();
  readonly #openFor: number;
  readonly #cost: number | undefined;

  /**
   * @param openFor milliseconds until a key locks again
   * @param cost what scrypt costs; missing: as much as for polkadot.js
   */
  constructor(openFor = OPEN_FOR_MS, cost?: number) {
    this.#openFor = openFor;
    this.#cost = cost;
  }

  /** Calls back whenever a key comes, goes, opens or locks. */
  follow(changed: () => void): () => void {
    this.#followers.add(changed);
    return () => this.#followers.delete(changed);
  }

  keys(): Promise<KeyFile[]> {
    return storedKeys();
  }

  /** Keeps a key made from words. It is open afterwards. Rejects with `BadPhrase` or `BadPath`. */
  async add(phrase: string, path: string, name: string, password: string): Promise<KeyFile> {
    const pair = await pairOf(phrase, path);
    const key: OpenKey = { kind: 'sr25519', ...pair };
    const file = await sealKey(key, password, { name }, this.#cost);
    await storeKey(file);
    this.#hold(file.address, key);
    this.#tell();
    return file;
  }

  /** Keeps a key from a file of another wallet. Rejects with `BadKeyFile` or `WrongPassword`. */
  async import(text: string, password: string): Promise<KeyFile> {
    const file = parseKeyFile(text);
    const key = await openKey(file, password);
    const kept = await sealKey(
      key,
      password,
      {
        name: file.meta.name ?? file.address.slice(0, 8),
        ...(file.meta.whenCreated === undefined ? {} : { whenCreated: file.meta.whenCreated }),
      },
      this.#cost,
    );
    await storeKey(kept);
    this.#hold(kept.address, key);
    this.#tell();
    return kept;
  }

  /** The key's file, for another wallet, after the password was given once more. */
  async export(address: string, password: string): Promise<KeyFile> {
    const file = await this.#file(address);
    await openKey(file, password);
    return file;
  }

  /** Opens a key for a while. Rejects with `WrongPassword`. */
  async unlock(address: string, password: string): Promise<void> {
    this.#hold(address, await openKey(await this.#file(address), password));
    this.#tell();
  }

  isOpen(address: string): boolean {
    return this.#opened.has(address);
  }

  /** Locks one key, or all. */
  lock(address?: string): void {
    for (const one of address === undefined ? [...this.#opened.keys()] : [address]) {
      const opened = this.#opened.get(one);
      if (!opened) continue;
      clearTimeout(opened.timer);
      opened.key.secret.fill(0);
      this.#opened.delete(one);
    }
    this.#tell();
  }

  /** Forgets a key for good. */
  async remove(address: string): Promise<void> {
    this.lock(address);
    await forgetKey(address);
    this.#tell();
  }

  /** Signs exactly these bytes. Throws `Locked`. */
  sign(address: string, bytes: Uint8Array): Uint8Array {
    const opened = this.#opened.get(address);
    if (!opened) throw new Locked('give the password of the key first');
    const { key } = opened;
    this.#hold(address, key);
    return key.kind === 'sr25519'
      ? signSr25519(key.secret, bytes)
      : ed25519.sign(bytes, key.secret.subarray(0, 32));
  }

  async #file(address: string): Promise<KeyFile> {
    const file = (await storedKeys()).find((one) => one.address === address);
    if (!file) throw new Error(`no key of ${address} in this browser`);
    kindOf(file);
    return file;
  }

  #hold(address: string, key: OpenKey): void {
    const before = this.#opened.get(address);
    clearTimeout(before?.timer);
    const timer = setTimeout(() => this.lock(address), this.#openFor);
    this.#opened.set(address, { key, timer });
  }

  #tell(): void {
    for (const changed of this.#followers) changed();
  }
}
