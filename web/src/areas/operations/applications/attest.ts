// Who may attest papers of an application, as pallets/consortium rules it.
import { accountHex } from '../../../format/ids';
import { type Membership, standingOf } from '../../../format/standing';
import { accountsWith, type RoleRow } from '../tariffs/permissions';

/** Kinds of companies whose word about papers counts (`Attesters` of runtime/src/configs/business.rs). */
export const attesters: readonly string[] = ['Auditor', 'Regulator', 'Insurer', 'Bank', 'Platform'];

export type Fault =
  | 'closed'
  | 'loggedOut'
  | 'notAttester'
  | 'cannotAct'
  | 'notPermitted'
  /** Who applied works for the company that would attest. */
  | 'ownApplication';

interface Asked {
  readonly application: { readonly state: string | null; readonly applicant: string | null };
  /** Who would attest, and for which company. Null: nobody is logged in. */
  readonly session: { readonly wallet: string } | null;
  readonly company: (Membership & { readonly kind: string | null }) | null;
  /** The company's roles of who would attest, and of who applied. */
  readonly roles: readonly RoleRow[];
  readonly nowMs: number;
}

/** Why the chain would refuse; null: it would not. A paper that the company attested already it refuses as well. */
export function attestFault({ application, session, company, roles, nowMs }: Asked): Fault | null {
  if (application.state !== 'open') return 'closed';
  if (session === null) return 'loggedOut';
  if (company === null || !attesters.includes(company.kind ?? '')) return 'notAttester';
  if (standingOf(company, nowMs) !== 'active') return 'cannotAct';
  const me = accountHex(session.wallet);
  if (!accountsWith(roles, 'attest', nowMs).some((account) => accountHex(account) === me))
    return 'notPermitted';
  const works = roles.some(({ account }) => account !== null && account === application.applicant);
  return works ? 'ownApplication' : null;
}

/**
 * Whether anybody may close an application, because nobody decided on it for so long.
 * @param lifeS seconds that an application lives, as the runtime was built
 */
export function isOutlived(applied: string | null, lifeS: bigint, nowMs: number): boolean {
  const appliedMs = applied === null ? Number.NaN : Date.parse(applied);
  return !Number.isNaN(appliedMs) && nowMs >= appliedMs + Number(lifeS) * 1000;
}
