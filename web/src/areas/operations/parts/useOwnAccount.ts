import { useSession } from '../../../api/hooks';
import { accountHex } from '../../../format/ids';
import type { WalletAccount } from '../../../wallet/account';
import { useWallet } from '../../../wallet/shared';

/** The account of the session in this person's wallets. Undefined: they have it not, or nobody is logged in. */
export function useOwnAccount(): WalletAccount | undefined {
  const session = useSession();
  const wallet = useWallet();
  if (session === null) return undefined;
  const own = accountHex(session.wallet);
  return wallet?.accounts.find(({ address }) => accountHex(address) === own);
}
