/** All accounts of this person, from extensions and from the keystore, and which one is used. */
import { type AccountSource, accountKey, type WalletAccount } from './account';
import {
  type ConnectedExtension,
  connectExtension,
  ExtensionFault,
  extensionAppears,
  installedExtensions,
} from './extensions';
import type { KeyFile } from './keystore/file';
import { Keystore } from './keystore/keystore';

export type ExtensionState = 'connecting' | 'connected' | ExtensionFault;

/** What pages see. A new object after each change. */
export interface WalletState {
  /** False until the wallets that were used before have been asked. */
  ready: boolean;
  accounts: readonly WalletAccount[];
  selected: WalletAccount | undefined;
  /** Wallets that are installed. */
  installed: readonly string[];
  /** Wallets that were asked to let us in. */
  extensions: ReadonlyMap<string, ExtensionState>;
  /** Addresses of the keystore whose keys are open. */
  open: ReadonlySet<string>;
  /** Why keys of the keystore cannot be read. */
  keystoreFault: Error | undefined;
}

const CONNECTED = 'smartlink.wallets';
const SELECTED = 'smartlink.account';

export class Wallet {
  readonly keystore: Keystore;
  readonly #connected = new Map<string, { extension: ConnectedExtension; stop: () => void }>();
  readonly #listed = new Map<string, readonly WalletAccount[]>();
  readonly #followers = new Set<() => void>();
  #kept: readonly KeyFile[] = [];
  #selected = localStorage.getItem(SELECTED) ?? undefined;
  #state: WalletState = {
    ready: false,
    accounts: [],
    selected: undefined,
    installed: [],
    extensions: new Map(),
    open: new Set(),
    keystoreFault: undefined,
  };
  #started: Promise<void> | undefined;

  constructor(keystore = new Keystore()) {
    this.keystore = keystore;
    keystore.follow(() => void this.#readKeystore());
  }

  state(): WalletState {
    return this.#state;
  }

  follow(changed: () => void): () => void {
    this.#followers.add(changed);
    return () => this.#followers.delete(changed);
  }

  /** Reads the keystore and asks the wallets that were used before. Once. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Looks again which wallets are installed. */
  look(): void {
    this.#set({ installed: installedExtensions() });
  }

  /** Asks a wallet to let us in. What became of it is in the state. */
  async connect(id: string): Promise<void> {
    this.#drop(id);
    this.#mark(id, 'connecting');
    try {
      const extension = await connectExtension(id);
      this.#listed.set(id, extension.accounts);
      const stop = extension.follow((accounts) => {
        this.#listed.set(id, accounts);
        this.#gather();
      });
      this.#connected.set(id, { extension, stop });
      this.#mark(id, 'connected');
      remember(this.#connected.keys());
    } catch (error) {
      this.#mark(id, error instanceof ExtensionFault ? error : new ExtensionFault('odd', id, error));
    }
  }

  /** Forgets a wallet. It keeps its permission until its person takes it away there. */
  disconnect(id: string): void {
    this.#drop(id);
    const extensions = new Map(this.#state.extensions);
    extensions.delete(id);
    remember(this.#connected.keys());
    this.#set({ extensions });
  }

  /** The wallet that holds an account. Throws `ExtensionFault` when it is gone. */
  extension(source: Extract<AccountSource, { type: 'extension' }>): ConnectedExtension {
    const connected = this.#connected.get(source.id);
    if (!connected || !installedExtensions().includes(source.id)) throw new ExtensionFault('gone', source.id);
    return connected.extension;
  }

  select(account: WalletAccount | undefined): void {
    this.#selected = account && accountKey(account);
    if (this.#selected === undefined) localStorage.removeItem(SELECTED);
    else localStorage.setItem(SELECTED, this.#selected);
    this.#gather();
  }

  /** Selects the account of a key that the keystore has just taken in. Undefined: it has no such key. */
  async selectKey(address: string): Promise<WalletAccount | undefined> {
    await this.#readKeystore();
    const account = this.#state.accounts.find((a) => a.address === address && a.source.type === 'keystore');
    if (account) this.select(account);
    return account;
  }

  async #start(): Promise<void> {
    await this.#readKeystore();
    const before = remembered();
    await Promise.all(
      before.map(async (id) => {
        if (await extensionAppears(id)) await this.connect(id);
        else this.#mark(id, new ExtensionFault('gone', id));
      }),
    );
    this.look();
    this.#set({ ready: true });
  }

  async #readKeystore(): Promise<void> {
    try {
      this.#kept = await this.keystore.keys();
      this.#set({ keystoreFault: undefined });
    } catch (error) {
      this.#set({ keystoreFault: error instanceof Error ? error : new Error(String(error)) });
    }
    this.#gather();
  }

  #drop(id: string): void {
    this.#connected.get(id)?.stop();
    this.#connected.delete(id);
    this.#listed.delete(id);
    this.#gather();
  }

  #mark(id: string, state: ExtensionState): void {
    this.#set({ extensions: new Map(this.#state.extensions).set(id, state) });
    this.#gather();
  }

  #gather(): void {
    const kept = this.#kept.map(fromKeystore);
    const accounts = [...kept, ...[...this.#listed.values()].flat()];
    const open = kept.map((a) => a.address).filter((address) => this.keystore.isOpen(address));
    this.#set({
      accounts,
      selected: accounts.find((account) => accountKey(account) === this.#selected) ?? accounts[0],
      open: new Set(open),
    });
  }

  #set(change: Partial<WalletState>): void {
    this.#state = { ...this.#state, ...change };
    for (const changed of this.#followers) changed();
  }
}

function fromKeystore(file: KeyFile): WalletAccount {
  return {
    address: file.address,
    name: file.meta.name ?? file.address.slice(0, 8),
    source: { type: 'keystore' },
    kind: file.encoding.content[1] === 'ed25519' ? 'ed25519' : 'sr25519',
    genesis: undefined,
  };
}

function remember(ids: Iterable<string>): void {
  localStorage.setItem(CONNECTED, JSON.stringify([...ids]));
}

function remembered(): string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(CONNECTED) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
