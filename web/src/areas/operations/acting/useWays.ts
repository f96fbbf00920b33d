import { useQuery } from '@tanstack/react-query';
import { firstValueFrom } from 'rxjs';
import type { DecodedCall } from '../../../chain/metadata';
import type { Pending } from '../../../chain/multisig';
import { callHash, type Keys } from '../../../chain/proxies';
import { openPortalChain } from '../../../chain/shared';
import type { Weight } from '../../../chain/weight';
import { useShared } from '../../../keys/useKeys';
import { useWallet } from '../../../wallet/shared';
import { type Way, waysFor } from '../../../wallet/ways';

/** What the chain says about an account that shall do a call. */
interface Told {
  readonly keys: Keys;
  readonly pending: Pending | undefined;
  readonly weight: Weight;
  readonly block: number;
}

/** How this person's keys can have an account do a call, as of the newest block. */
export function useWays(
  account: string,
  call: DecodedCall,
  bytes: Uint8Array,
): { readonly ways: readonly Way[] | undefined; readonly error: Error | null } {
  const wallet = useWallet();
  const shared = useShared(account);
  const hash = callHash(bytes);
  const { data, error } = useQuery({
    queryKey: ['chain', 'ways', account, hash],
    queryFn: () => ask(account, call, bytes, hash),
    refetchInterval: 6_000,
    retry: 1,
  });
  if (data === undefined || wallet?.ready !== true) return { ways: undefined, error };
  const standing = { account, own: wallet.accounts, multisig: shared?.multisig, ...data };
  return { ways: waysFor(call, hash, data.weight, standing), error: null };
}

async function ask(account: string, call: DecodedCall, bytes: Uint8Array, hash: string): Promise<Told> {
  const [chain, { keysOf }, { pendingOn }, { weightOf }] = await Promise.all([
    openPortalChain(),
    import('../../../chain/proxies'),
    import('../../../chain/multisig'),
    import('../../../chain/weight'),
  ]);
  await chain.ready(15_000);
  const [keys, pending, weight, head] = await Promise.all([
    keysOf(chain, account),
    pendingOn(chain, account, hash),
    weightOf(chain, call, bytes.length),
    firstValueFrom(chain.best$),
  ]);
  return { keys, pending, weight, block: head.number };
}
