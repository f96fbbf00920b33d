import * as v from 'valibot';
import { Money, Nothing } from '../detail/values';
import { useNodeAnswer } from '../node/useNode';

const answer = v.nullable(v.object({ balance: v.pipe(v.string(), v.regex(/^\d{1,39}$/)) }));

/** What a company owes a driver, as the node says it now. */
export function Owed({ company, driver }: { company: number; driver: number }) {
  const query = useNodeAnswer(['ledger', company, driver], async (chain) =>
    v.parse(answer, await chain.request('smartlink_driverLedger', company, driver)),
  );
  return query.data == null ? <Nothing /> : <Money units={query.data.balance} />;
}
