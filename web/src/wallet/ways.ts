/** How the keys of this person can have an account do something: its own key, one that acts for it, or one of several that hold it. */
import type { DecodedCall } from '../chain/metadata';
import { agree, type Multisig, type Pending } from '../chain/multisig';
import {
  type Announcement,
  announce,
  doAnnounced,
  doFor,
  type Keys,
  mayDo,
  type ProxyKey,
  ripeAt,
} from '../chain/proxies';
import type { Weight } from '../chain/weight';
import type { WalletAccount } from './account';

interface Signed {
  readonly signer: WalletAccount;
  /** What is signed. */
  readonly call: DecodedCall;
}

export type Way =
  | (Signed & { readonly kind: 'own' })
  /** A key that acts for the account does it at once. */
  | (Signed & { readonly kind: 'proxy'; readonly proxy: ProxyKey })
  /** A key with a delay announces it. */
  | (Signed & { readonly kind: 'announce'; readonly proxy: ProxyKey })
  /** It was announced, and may be done from that block on. */
  | {
      readonly kind: 'wait';
      readonly signer: WalletAccount;
      readonly proxy: ProxyKey;
      readonly until: number;
    }
  /** It was announced long enough ago. */
  | (Signed & { readonly kind: 'announced'; readonly proxy: ProxyKey })
  /** One of those who hold the account agrees: `missing` more have to afterwards. */
  | (Signed & { readonly kind: 'multisig'; readonly threshold: number; readonly missing: number })
  /** This one has agreed already. */
  | { readonly kind: 'agreed'; readonly signer: WalletAccount; readonly missing: number };

/** What is known of an account when somebody wants it to do something. */
export interface Standing {
  readonly account: string;
  /** Accounts that this person can sign with. */
  readonly own: readonly WalletAccount[];
  readonly keys: Keys;
  /** Who holds it together. Missing: it is not known, or it has a key of its own. */
  readonly multisig: Multisig | undefined;
  /** What they have agreed to of this call already. */
  readonly pending: Pending | undefined;
  /** The newest block. */
  readonly block: number;
}

/** The ways to have an account do a call, the plainest first. None: it is for somebody else to sign. */
export function waysFor(call: DecodedCall, hash: string, weight: Weight, standing: Standing): readonly Way[] {
  const { account, own } = standing;
  const itself = own.filter(({ address }) => address === account);
  return [
    ...itself.map((signer): Way => ({ kind: 'own', signer, call })),
    ...own.flatMap((signer) => byMultisig(signer, call, weight, standing)),
    ...own.flatMap((signer) => byProxy(signer, call, hash, standing)),
  ];
}

function byMultisig(
  signer: WalletAccount,
  call: DecodedCall,
  weight: Weight,
  { multisig, pending }: Standing,
): readonly Way[] {
  if (multisig === undefined || !multisig.signatories.includes(signer.address)) return [];
  const { threshold } = multisig;
  const agreed = pending?.approvals ?? [];
  const left = Math.max(0, threshold - agreed.length);
  if (agreed.includes(signer.address) && left > 0) return [{ kind: 'agreed', signer, missing: left }];
  const signed = agree(multisig, signer.address, call, weight, pending);
  return [{ kind: 'multisig', signer, call: signed, threshold, missing: Math.max(0, left - 1) }];
}

function byProxy(
  signer: WalletAccount,
  call: DecodedCall,
  hash: string,
  { account, keys, block }: Standing,
): readonly Way[] {
  const announced = keys.announced.find((one) => one.hash === hash && one.delegate === signer.address);
  return keys.proxies
    .filter(({ delegate, kind }) => delegate === signer.address && mayDo(kind, call) !== false)
    .map((proxy): Way => {
      if (proxy.delay === 0) return { kind: 'proxy', signer, proxy, call: doFor(account, proxy.kind, call) };
      if (announced === undefined) return { kind: 'announce', signer, proxy, call: announce(account, hash) };
      return afterDelay(signer, proxy, announced, call, account, block);
    });
}

function afterDelay(
  signer: WalletAccount,
  proxy: ProxyKey,
  announced: Announcement,
  call: DecodedCall,
  account: string,
  block: number,
): Way {
  const until = ripeAt(announced, [proxy]) ?? 0;
  return block >= until
    ? { kind: 'announced', signer, proxy, call: doAnnounced(account, proxy, call) }
    : { kind: 'wait', signer, proxy, until };
}
