import { useCallback, useEffect, useState } from 'react';
import type { Subscription } from 'rxjs';
import type { Description } from '../../chain/calls/describe';
import { NO_NAMES } from '../../chain/calls/names';
import type { Chain } from '../../chain/connection';
import { WrongNetwork } from '../../chain/connection-errors';
import { genesisOfService } from '../../chain/expected';
import { follow, type Progress, type SignedTransaction } from '../../chain/follow';
import { describeWithNames } from '../../chain/known';
import type { DecodedCall } from '../../chain/metadata';
import { openPortalChain } from '../../chain/shared';
import type { Language } from '../../i18n/setup';
import { useLanguage } from '../../i18n/useTexts';
import type { WalletAccount } from '../account';
import { openWallet } from '../shared';
import { type Draft, draft, sign } from '../transaction';

/** Where the dialog stands. */
export type Stage =
  | { name: 'preparing' }
  | { name: 'review'; draft: Draft; description: Description; error: unknown }
  | { name: 'signing'; draft: Draft; description: Description }
  | {
      name: 'following';
      draft: Draft;
      description: Description;
      signed: SignedTransaction;
      progress: Progress;
    }
  /** The draft could not be made. */
  | { name: 'stuck'; error: unknown };

/** Prepares a transaction, signs it, follows it. */
export function useSigning(call: DecodedCall, account: WalletAccount | undefined) {
  const language = useLanguage();
  const [stage, setStage] = useState<Stage>({ name: 'preparing' });
  const [following, setFollowing] = useState<Subscription>();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt prepares again.
  useEffect(() => {
    if (!account) return;
    let gone = false;
    setStage({ name: 'preparing' });
    prepare(account, call, language).then(
      (prepared) => gone || setStage({ name: 'review', ...prepared, error: undefined }),
      (error: unknown) => gone || setStage({ name: 'stuck', error }),
    );
    return () => {
      gone = true;
    };
  }, [account, call, language, attempt]);

  useEffect(() => () => following?.unsubscribe(), [following]);

  const again = useCallback(() => setAttempt((before) => before + 1), []);

  const signNow = useCallback(async (made: Draft, description: Description) => {
    setStage({ name: 'signing', draft: made, description });
    try {
      const [chain, wallet] = await Promise.all([openPortalChain(), openWallet()]);
      const signed = await sign(chain, wallet, made);
      const stand = { name: 'following', draft: made, description, signed } as const;
      setStage({ ...stand, progress: { step: 'broadcast', hash: signed.hash } });
      setFollowing(follow(chain, signed).subscribe((progress) => setStage({ ...stand, progress })));
    } catch (error) {
      setStage({ name: 'review', draft: made, description, error });
    }
  }, []);

  return { stage, signNow, again };
}

async function prepare(account: WalletAccount, call: DecodedCall, language: Language) {
  const [chain, wallet] = await Promise.all([openPortalChain(), openWallet()]);
  await reachableOrWrong(chain);
  const [made, genesis] = await Promise.all([draft(chain, account, call), genesisOfService()]);
  // The connection may be older than what is known of the service.
  if (made.genesis !== genesis)
    throw new WrongNetwork(`the node is of ${made.genesis}, the service of ${genesis}`);
  const own = new Map(wallet.state().accounts.map((a) => [a.address, a.name]));
  const names = { ...NO_NAMES, account: (address: string) => own.get(address) };
  return { draft: made, description: await describeWithNames(chain, made.metadata, call, language, names) };
}

async function reachableOrWrong(chain: Chain): Promise<void> {
  const wrong = () => {
    if (chain.status$.value.state === 'wrong-network')
      throw new WrongNetwork('another chain than the service');
  };
  wrong();
  await chain.ready().catch((error: unknown) => {
    wrong();
    throw error;
  });
}
