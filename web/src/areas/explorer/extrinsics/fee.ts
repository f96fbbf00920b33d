// Who bore the fee of an extrinsic: the index has what money paid, the chain's event what was charged, whoever paid.
import { micro } from '../../../format/money';

export type Fee =
  | { readonly by: 'money'; readonly units: bigint }
  /** The allowance of the signer's company: no money moved. */
  | { readonly by: 'allowance'; readonly units: bigint }
  | { readonly by: 'nobody' };

interface Charged {
  /** What money paid. */
  readonly fee: string;
  readonly events: ReadonlyArray<{
    readonly pallet: string;
    readonly name: string;
    readonly fields: unknown;
  }>;
}

export function feeOf({ fee, events }: Charged): Fee {
  const paid = micro(fee);
  if (paid > 0n) return { by: 'money', units: paid };
  const charged = events
    .filter(({ pallet, name }) => pallet === 'TransactionPayment' && name === 'TransactionFeePaid')
    .reduce((sum, { fields }) => sum + chargedIn(fields), 0n);
  return charged > 0n ? { by: 'allowance', units: charged } : { by: 'nobody' };
}

/** Nothing where it is no amount: a later runtime may call it something else. */
function chargedIn(fields: unknown): bigint {
  const given =
    typeof fields === 'object' && fields !== null && 'actual_fee' in fields ? String(fields.actual_fee) : '';
  return /^\d{1,39}$/.test(given) ? BigInt(given) : 0n;
}
