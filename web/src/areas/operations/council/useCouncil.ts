import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Description } from '../../../chain/calls/describe';
import { hex } from '../../../chain/calls/words';
import { useChainValue } from '../../../chain/hooks';
import type { DecodedCall, Metadata } from '../../../chain/metadata';
import { openPortalChain } from '../../../chain/shared';
import { useLanguage } from '../../../i18n/useTexts';
import type { WalletAccount } from '../../../wallet/account';
import { useWallet } from '../../../wallet/shared';
import { type Council, council$ } from './chainCouncil';

/** A node that does not answer is asked again so often. */
const againMs = 2_000;

/** The council as it is in the newest block; undefined while the node has not answered. */
export function useCouncil(): Council | undefined {
  return useChainValue<Council>(council$);
}

/** Accounts of this person's wallets that sit in the council, the one in use first. Undefined: the wallet is opening. */
export function useOwnSeats(members: readonly string[]): readonly WalletAccount[] | undefined {
  const wallet = useWallet();
  if (wallet?.ready !== true) return undefined;
  const seated = wallet.accounts.filter(({ address }) => members.includes(address));
  const used = seated.filter((account) => account === wallet.selected);
  return [...used, ...seated.filter((account) => account !== wallet.selected)];
}

/** What the chain says of itself; undefined while the node has not answered. Read anew after a minute: there may be an upgrade. */
export function useMetadata(): Metadata | undefined {
  const { data } = useQuery({
    queryKey: ['chain', 'metadata'],
    queryFn: async () => (await openPortalChain()).metadata(),
    staleTime: 60_000,
    retry: true,
    retryDelay: againMs,
    // An object with codecs, the same one until an upgrade: it is not compared field by field.
    structuralSharing: false,
  });
  return data;
}

/** Milliseconds from one block to the next until the chain has said it. */
const usualBlockMs = 2_000;

/** Milliseconds from one block to the next, as the runtime was built. */
export function useBlockMs(): number {
  const built = useConstant('Babe', 'ExpectedBlockTime');
  return built === undefined ? usualBlockMs : Number(built);
}

/** A number that the runtime was built with. Undefined: the node has not answered, or the runtime has none. */
export function useConstant(pallet: string, name: string): bigint | undefined {
  const metadata = useMetadata();
  return useMemo(() => {
    const found = metadata?.constants().find((one) => one.pallet === pallet && one.name === name)?.value;
    return typeof found === 'bigint' || typeof found === 'number' ? BigInt(found) : undefined;
  }, [metadata, pallet, name]);
}

/** What a call does, in the language of now; undefined while it is looked up. Null: this runtime has no such call. */
export function useDescription(call: DecodedCall | undefined): Description | null | undefined {
  const language = useLanguage();
  const metadata = useMetadata();
  const bytes = useMemo(() => encoded(metadata, call), [metadata, call]);
  const { data } = useQuery({
    queryKey: ['chain', 'words', language, bytes],
    enabled: metadata !== undefined && call !== undefined && typeof bytes === 'string',
    queryFn: async () => {
      const [chain, { describeWithNames }] = await Promise.all([
        openPortalChain(),
        import('../../../chain/known'),
      ]);
      if (metadata === undefined || call === undefined) return null;
      // Names that the node does not tell are left out there: what fails is the call.
      return describeWithNames(chain, metadata, call, language).catch(() => null);
    },
    staleTime: 60_000,
    retry: true,
    retryDelay: againMs,
    structuralSharing: false,
  });
  return bytes === null ? null : data;
}

/** Null: this runtime has no such call. */
function encoded(metadata: Metadata | undefined, call: DecodedCall | undefined): string | null | undefined {
  if (metadata === undefined || call === undefined) return undefined;
  try {
    return hex(metadata.encodeCall(call));
  } catch {
    return null;
  }
}
