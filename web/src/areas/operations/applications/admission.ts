// What the council waits for before it can admit who applied, as pallets/consortium rules it.
import type { DecodedCall } from '../../../chain/metadata';
import { accountHex, isAccount } from '../../../format/ids';
import { isAttested, type Paper } from './papers';

export type Missing = 'papers' | 'treasury' | 'papersAndTreasury';

export interface Waiting {
  readonly papers: ReadonlyArray<Pick<Paper, 'companyId'>>;
  /** Whether the treasury agreed to be the company's; whoever applies with the own account did. */
  readonly treasuryAccepted: boolean | null;
}

/** What is missing; null: the council can admit it. */
export function missingOf({ papers, treasuryAccepted }: Waiting): Missing | null {
  if (treasuryAccepted === true) return isAttested(papers) ? null : 'papers';
  return isAttested(papers) ? 'treasury' : 'papersAndTreasury';
}

/**
 * Whose account somebody names as the treasury: the applicant's, which agrees by applying, or another, which has to agree itself.
 * Undefined: there is no applicant, or no account yet.
 */
export function treasuryOf(typed: string, applicant: string | undefined): 'own' | 'other' | undefined {
  const treasury = typed.trim();
  if (applicant === undefined || !isAccount(treasury)) return undefined;
  return accountHex(treasury) === accountHex(applicant) ? 'own' : 'other';
}

/** The application that a call would admit. */
export function admittedBy({ type, value: { type: name, value } }: DecodedCall): number | undefined {
  if (type !== 'Consortium' || name !== 'admit') return undefined;
  const application: unknown =
    typeof value === 'object' && value !== null && 'application' in value ? value.application : undefined;
  return typeof application === 'number' ? application : undefined;
}
