// Whose seats those of the council are: the chain has one for each company that has a vote.
import * as v from 'valibot';
import type { Chain } from '../../../chain/connection';

export interface Seat {
  readonly account: string;
  /** For which it votes. Undefined: for none that the chain knows. */
  readonly company: number | undefined;
}

const Company = v.optional(v.number());

/** The seats, in the order of the council's accounts. */
export function seatsOf(chain: Pick<Chain, 'read'>, members: readonly string[]): Promise<readonly Seat[]> {
  return Promise.all(
    members.map(async (account) => {
      const company = await chain.read('Consortium', 'CompanyOfSeat', [account]);
      return { account, company: v.parse(Company, company) };
    }),
  );
}
