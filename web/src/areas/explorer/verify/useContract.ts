import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { portal } from '../../../portal';
import { type Asked, type Held, look, type Verification, whereOf } from '../../../proof';
import { signedRootOf } from './whole';

/** What is asked of the contract: the block that was signed, and its root, as the check computed it. */
function askedOf(verification: Verification | undefined): Asked | undefined {
  if (verification === undefined || verification.bundle === null) return undefined;
  const root = signedRootOf(verification);
  if (root === undefined) return undefined;
  return { block: verification.bundle.commitment.block, root };
}

/** Asks the contract of this deployment. Nothing is asked while nothing was checked, or where it names none. */
export function useContract(verification: Verification | undefined): UseQueryResult<Held, Error> {
  const { ethereum } = portal();
  const asked = ethereum === null ? undefined : askedOf(verification);
  return useQuery<Held, Error>({
    queryKey: ['ethereum', ethereum, asked ?? null],
    enabled: asked !== undefined,
    queryFn: ({ signal }) => {
      if (ethereum === null || asked === undefined) throw new Error('there is nothing to ask the contract');
      return look(whereOf(ethereum.url, ethereum.contract), asked, { signal });
    },
    staleTime: 30_000,
    retry: false,
  });
}
