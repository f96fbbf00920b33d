/** An account that this person can sign with. */
export interface WalletAccount {
  /** SS58 with the chain's prefix, whatever the wallet writes. */
  address: string;
  name: string;
  source: AccountSource;
  /** Missing: the extension does not say. */
  kind: 'sr25519' | 'ed25519' | 'ecdsa' | undefined;
  /** The only chain for which the extension lends this account. Missing: any. */
  genesis: string | undefined;
}

export type AccountSource =
  | {
      type: 'extension';
      /** Its name in `injectedWeb3`, such as `polkadot-js`. */
      id: string;
      /** The address as the extension writes it, by which it finds the key. */
      address: string;
    }
  | { type: 'keystore' };

/** Tells accounts apart: two wallets may hold the same key. */
export function accountKey(account: WalletAccount): string {
  const { source } = account;
  return source.type === 'extension' ? `${source.id}:${account.address}` : `keystore:${account.address}`;
}
