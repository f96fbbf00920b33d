// What the chain lets the accounts of a company do: bits of `Permissions` (primitives/src/company.rs).

export const permissionBits = {
  roles: 1,
  fleet: 1 << 1,
  personnel: 1 << 2,
  finance: 1 << 3,
  tariffMaker: 1 << 4,
  tariffChecker: 1 << 5,
  settlement: 1 << 6,
  dispatch: 1 << 7,
  audit: 1 << 8,
  telemetry: 1 << 9,
  attest: 1 << 10,
} as const;

export type Permission = keyof typeof permissionBits;

export interface RoleRow {
  readonly account: string | null;
  readonly permissions: number | null;
  readonly expires: string | null;
}

/** The accounts that may do it now. */
export function accountsWith(
  rows: readonly RoleRow[],
  permission: Permission,
  nowMs: number,
): readonly string[] {
  return rows.flatMap(({ account, permissions, expires }) => {
    const isOver = expires !== null && Date.parse(expires) <= nowMs;
    const has = ((permissions ?? 0) & permissionBits[permission]) !== 0;
    return account !== null && has && !isOver ? [account] : [];
  });
}
