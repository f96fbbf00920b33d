// Whose seats those of the council are. The chain knows accounts alone: a company's is its treasury, or one that may grant its
// roles.
import { ss58 } from '../../../format/ids';
import { permissionBits } from '../tariffs/permissions';

export interface CompanyRow {
  readonly company: number | null;
  readonly name: string | null;
  readonly treasury: string | null;
}

export interface RoleRow {
  readonly companyId: number | null;
  readonly account: string | null;
  readonly permissions: number | null;
  readonly expires: string | null;
}

export interface Seat {
  readonly account: string;
  /** The companies for which the account acts. None: the index knows of none. */
  readonly companies: readonly number[];
}

/** The seats, in the order of the council's accounts. */
export function seatsOf(
  members: readonly string[],
  companies: readonly CompanyRow[],
  roles: readonly RoleRow[],
  nowMs: number,
): readonly Seat[] {
  return members.map((account) => {
    const isHers = (other: string | null) => other !== null && ss58(other) === account;
    const treasuries = companies.flatMap(({ company, treasury }) =>
      company !== null && isHers(treasury) ? [company] : [],
    );
    const administered = roles.flatMap((role) =>
      role.companyId !== null && isHers(role.account) && mayGrant(role, nowMs) ? [role.companyId] : [],
    );
    return { account, companies: [...new Set([...treasuries, ...administered])].sort((a, b) => a - b) };
  });
}

function mayGrant({ permissions, expires }: RoleRow, nowMs: number): boolean {
  const isOver = expires !== null && Date.parse(expires) <= nowMs;
  return !isOver && ((permissions ?? 0) & permissionBits.roles) !== 0;
}
