/** Wallets that are installed in the browser and show themselves in `injectedWeb3`. */
import * as v from 'valibot';
import type { WalletAccount } from './account';
import { BadAddress, ownAddress } from './address';

/** What a wallet signs transactions with. polkadot-api knows what is in the payload. */
export type SignPayload = (payload: object) => Promise<unknown>;
export type SignRaw = (payload: { address: string; data: string; type: 'bytes' }) => Promise<unknown>;

/** A wallet that has let us in. */
export interface ConnectedExtension {
  id: string;
  accounts: WalletAccount[];
  /** Calls back with the accounts whenever they change. */
  follow(changed: (accounts: WalletAccount[]) => void): () => void;
  /** Signs the bytes as they are; the wallet asks its person. Answers the signature. */
  signRaw: SignRaw;
  signPayload: SignPayload;
}

/** Why a wallet cannot be used. */
export class ExtensionFault extends Error {
  override readonly name = 'ExtensionFault';
  readonly why: 'gone' | 'refused' | 'silent' | 'odd';
  readonly extension: string;
  constructor(why: ExtensionFault['why'], extension: string, cause?: unknown) {
    super(`wallet ${extension}: ${why}`, { cause });
    this.why = why;
    this.extension = extension;
  }
}

/** As people call the wallets; others go by the name they give themselves. */
const NAMES: Readonly<Record<string, string>> = {
  'polkadot-js': 'Polkadot.js',
  'subwallet-js': 'SubWallet',
  'fearless-wallet': 'Fearless',
  'nova-wallet': 'Nova',
  talisman: 'Talisman',
};

export function extensionName(id: string): string {
  return NAMES[id] ?? id;
}

/** How we introduce ourselves to a wallet. */
const ORIGIN = 'SmartLinkDrive';
/** A person has so long to open the wallet and let us in. */
const ENABLE_WITHIN_MS = 120_000;

const Enabled = v.object({
  accounts: v.object({ get: v.function(), subscribe: v.function() }),
  signer: v.object({ signPayload: v.optional(v.function()), signRaw: v.optional(v.function()) }),
});
const Accounts = v.array(
  v.object({
    address: v.string(),
    name: v.nullish(v.string()),
    genesisHash: v.nullish(v.string()),
    type: v.nullish(v.string()),
  }),
);

type Injected = Readonly<Record<string, { enable?: unknown } | undefined>>;

function injected(): Injected {
  const { injectedWeb3 } = globalThis as { injectedWeb3?: Injected };
  return injectedWeb3 ?? {};
}

/** Wallets that are there now. Some need a moment after the page was loaded. */
export function installedExtensions(): string[] {
  return Object.entries(injected()).flatMap(([id, wallet]) =>
    typeof wallet?.enable === 'function' ? [id] : [],
  );
}

/** Waits for a wallet to show itself, up to `milliseconds`. */
export async function extensionAppears(id: string, milliseconds = 2_000): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!installedExtensions().includes(id)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** Asks a wallet to let us in. The wallet asks its person the first time. Rejects with `ExtensionFault`. */
export async function connectExtension(id: string): Promise<ConnectedExtension> {
  const enable = injected()[id]?.enable;
  if (typeof enable !== 'function') throw new ExtensionFault('gone', id);
  const entered = await inTime(id, async () => (await enable(ORIGIN)) as unknown);
  const parsed = v.safeParse(Enabled, entered);
  if (!parsed.success) throw new ExtensionFault('odd', id, parsed.issues);
  const { accounts, signer } = parsed.output;
  const listed = await inTime(id, async () => (await accounts.get()) as unknown);
  return {
    id,
    accounts: accountsOf(id, listed),
    follow: (changed) => unsubscribing(accounts.subscribe((list: unknown) => changed(accountsOf(id, list)))),
    signPayload: async (payload) => (await required(id, signer.signPayload)(payload)) as unknown,
    signRaw: async (payload) => (await required(id, signer.signRaw)(payload)) as unknown,
  };
}

async function inTime<T>(id: string, ask: () => Promise<T>): Promise<T> {
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new ExtensionFault('silent', id)), ENABLE_WITHIN_MS);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    // Wallets reject with texts of their own when their person says no.
    throw error instanceof ExtensionFault ? error : new ExtensionFault('refused', id, error);
  } finally {
    clearTimeout(deadline);
  }
}

function required(id: string, method: ((...args: unknown[]) => unknown) | undefined) {
  if (!method) throw new ExtensionFault('odd', id);
  return method;
}

function unsubscribing(answer: unknown): () => void {
  return () => {
    if (typeof answer === 'function') answer();
  };
}

/** Accounts of ours: those with Ethereum addresses are left out. */
function accountsOf(id: string, listed: unknown): WalletAccount[] {
  const parsed = v.safeParse(Accounts, listed);
  if (!parsed.success) throw new ExtensionFault('odd', id, parsed.issues);
  return parsed.output.flatMap(({ address, name, genesisHash, type }) => {
    try {
      const own = ownAddress(address);
      return [
        {
          address: own,
          name: name ?? own.slice(0, 8),
          source: { type: 'extension', id, address },
          kind: type === 'sr25519' || type === 'ed25519' || type === 'ecdsa' ? type : undefined,
          genesis: genesisHash ?? undefined,
        } satisfies WalletAccount,
      ];
    } catch (error) {
      if (error instanceof BadAddress) return [];
      throw error;
    }
  });
}
