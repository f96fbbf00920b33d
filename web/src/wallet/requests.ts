/** What pages ask the person for. One dialog after the other, shown by `WalletHost`. */
import type { SignedText, TextSigner } from '../api/signer';
import type { Inclusion } from '../chain/inclusion';
import type { DecodedCall } from '../chain/metadata';
import type { Refusal } from '../chain/refusals/refusal';
import type { WalletAccount } from './account';
import { Refused } from './refused';
import { openWallet } from './shared';

/** How a transaction ended. */
export type Outcome =
  /** It is final and was carried out. `inclusion.parts` names steps of a batch that were not. */
  | { result: 'done'; hash: string; inclusion: Inclusion }
  /** It is final and was not carried out. */
  | { result: 'failed'; hash: string; inclusion: Inclusion; refusal: Refusal }
  /** It is in no block. */
  | { result: 'refused' | 'expired'; hash: string }
  /** The node stayed away, or the person closed the dialog before: it may still come. */
  | { result: 'unknown'; hash: string }
  /** Nothing was signed. */
  | { result: 'cancelled' };

export type WalletRequest =
  | { kind: 'connect'; resolve: (account: WalletAccount | undefined) => void }
  | { kind: 'unlock'; account: WalletAccount; resolve: (opened: boolean) => void }
  | {
      kind: 'sign';
      call: DecodedCall;
      account: WalletAccount | undefined;
      resolve: (outcome: Outcome) => void;
    };

const queue: WalletRequest[] = [];
const followers = new Set<() => void>();

export function followRequests(changed: () => void): () => void {
  followers.add(changed);
  return () => followers.delete(changed);
}

/** The request whose dialog is shown. */
export function currentRequest(): WalletRequest | undefined {
  return queue[0];
}

/** Ends the dialog of a request. */
export function endRequest(request: WalletRequest): void {
  const at = queue.indexOf(request);
  if (at >= 0) queue.splice(at, 1);
  tell();
}

/** Lets the person choose an account, or make one. Undefined: the person closed the dialog. */
export function chooseAccount(): Promise<WalletAccount | undefined> {
  return new Promise((resolve) => add({ kind: 'connect', resolve }));
}

/**
 * Shows what a call does, lets the person sign it, and follows it to finality. Never rejects.
 * @param account who signs; missing: the account that is selected, or one that the person chooses
 */
export function submit(call: DecodedCall, account?: WalletAccount): Promise<Outcome> {
  return new Promise((resolve) => add({ kind: 'sign', call, account, resolve }));
}

/** A call by its names, for `submit`. */
export function callOf(pallet: string, name: string, args?: Readonly<Record<string, unknown>>): DecodedCall {
  return { type: pallet, value: { type: name, value: args } };
}

/** A signer for `session.login`, which asks for the key's password where it is locked. */
export function loginSigner(account: WalletAccount): TextSigner {
  return { account: account.address, sign: (text) => signText(account, text) };
}

async function signText(account: WalletAccount, text: string): Promise<SignedText> {
  const [wallet, { textSigner }] = await Promise.all([openWallet(), import('./login')]);
  const locked = account.source.type === 'keystore' && !wallet.keystore.isOpen(account.address);
  if (locked && !(await unlock(account))) throw new Refused();
  return textSigner(wallet, account).sign(text);
}

function unlock(account: WalletAccount): Promise<boolean> {
  return new Promise((resolve) => add({ kind: 'unlock', account, resolve }));
}

function add(request: WalletRequest): void {
  queue.push(request);
  tell();
}

function tell(): void {
  for (const changed of followers) changed();
}
