/** The one wallet of this page. Its code is loaded by who first needs it. */
import { useSyncExternalStore } from 'react';
import type { Wallet, WalletState } from './wallet';

let opened: Promise<Wallet> | undefined;
let ready: Wallet | undefined;
const waiting = new Set<() => void>();

/** Opens the wallet: reads the keystore and greets the extensions that were used before. */
export function openWallet(): Promise<Wallet> {
  opened ??= import('./wallet').then(async (module) => {
    const wallet = new module.Wallet();
    await wallet.start();
    ready = wallet;
    for (const tell of waiting) tell();
    return wallet;
  });
  // A chunk that could not be loaded is asked for again the next time.
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

function follow(changed: () => void): () => void {
  let stop = ready?.follow(changed);
  const start = () => {
    stop = ready?.follow(changed);
    changed();
  };
  if (!ready) {
    waiting.add(start);
    void openWallet().catch(() => undefined);
  }
  return () => {
    waiting.delete(start);
    stop?.();
  };
}

/** What the wallet holds; undefined while it is being opened. */
export function useWallet(): WalletState | undefined {
  return useSyncExternalStore(follow, () => ready?.state());
}
