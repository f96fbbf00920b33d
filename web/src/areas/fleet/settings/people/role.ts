// Roles as pallets/consortium rules them: what the chain would refuse, and what somebody does to themselves.

/** Bits of `Permissions` (primitives/src/company.rs), the lowest first, as the vocabulary of the chain has them. */
export const permissions = [
  'roles',
  'fleet',
  'personnel',
  'finance',
  'tariffMaker',
  'tariffChecker',
  'settlement',
  'dispatch',
  'audit',
  'telemetry',
  'attest',
] as const;
export type Permission = (typeof permissions)[number];

export const all = (1 << permissions.length) - 1;
export const bitOf = (permission: Permission) => 1 << permissions.indexOf(permission);

export const covers = (own: number, other: number) => (own & other) === other;

export interface Role {
  /** 0x and 64 hexadecimal digits. */
  readonly account: string;
  readonly permissions: number;
  /** The first second of the Unix epoch at which it is void. Null: until it is revoked. */
  readonly expires: number | null;
  readonly grantedBy: string | null;
  /** The block that made it as it is. */
  readonly since: number;
}

/** The most roles of a company, expired ones included (runtime/src/configs/business.rs). */
export const mostRoles = 10_000;

export const hasExpired = ({ expires }: Pick<Role, 'expires'>, nowS: number) =>
  expires !== null && expires <= nowS;

const mayGrant = (role: Pick<Role, 'permissions'>) => covers(role.permissions, bitOf('roles'));

/** Whether its holder can grant and revoke for ever: a company must never be without. */
const isKeeper = (role: Pick<Role, 'permissions' | 'expires'>) => role.expires === null && mayGrant(role);

const outlasts = (own: number | null, other: number | null) =>
  own === null || (other !== null && other <= own);

export type Fault =
  | 'noRole'
  | 'roleExpired'
  | 'notPermitted'
  | 'emptyRole'
  | 'expiryInPast'
  | 'beyondOwnPermissions'
  | 'beyondOwnExpiry'
  | 'outranked'
  | 'tooManyRoles'
  | 'lastKeeper';

interface Asked {
  readonly roles: readonly Role[];
  /** Who signs, in hexadecimal digits. */
  readonly signer: string;
  readonly who: string;
  /** In seconds of the Unix epoch. */
  readonly nowS: number;
}

const of = (roles: readonly Role[], account: string) => roles.find((role) => role.account === account);

/** Why an account may not grant and revoke at all; null: it may. */
export function granterFault({ roles, signer, nowS }: Omit<Asked, 'who'>): Fault | null {
  const own = of(roles, signer);
  if (own === undefined) return 'noRole';
  if (hasExpired(own, nowS)) return 'roleExpired';
  return mayGrant(own) ? null : 'notPermitted';
}

/** Whether somebody else's role is more than one's own, so that one may not touch it. */
function isOutranked({ roles, signer, who }: Asked): boolean {
  const [own, present] = [of(roles, signer), of(roles, who)];
  if (own === undefined || present === undefined) return false;
  return !(covers(own.permissions, present.permissions) && outlasts(own.expires, present.expires));
}

function keepersWithout(roles: readonly Role[], who: string): number {
  return roles.filter((role) => role.account !== who && isKeeper(role)).length;
}

/** Why the chain would refuse to grant this; null: it would not. */
export function grantFault(
  asked: Asked,
  next: { readonly permissions: number; readonly expires: number | null },
): Fault | null {
  const { roles, signer, who, nowS } = asked;
  if (next.permissions === 0) return 'emptyRole';
  if (next.expires !== null && next.expires <= nowS) return 'expiryInPast';
  const fault = granterFault(asked);
  if (fault !== null) return fault;
  const own = of(roles, signer);
  if (own === undefined) return 'noRole';
  if (!covers(own.permissions, next.permissions)) return 'beyondOwnPermissions';
  if (!outlasts(own.expires, next.expires)) return 'beyondOwnExpiry';
  if (isOutranked(asked)) return 'outranked';
  if (of(roles, who) === undefined && roles.length >= mostRoles) return 'tooManyRoles';
  return keepersWithout(roles, who) === 0 && !isKeeper(next) ? 'lastKeeper' : null;
}

/** Why the chain would refuse to revoke this role; null: it would not. */
export function revokeFault(asked: Asked): Fault | null {
  const fault = granterFault(asked);
  if (fault !== null) return fault;
  if (of(asked.roles, asked.who) === undefined) return 'noRole';
  if (isOutranked(asked)) return 'outranked';
  return keepersWithout(asked.roles, asked.who) === 0 ? 'lastKeeper' : null;
}

/** What follows from a change that the chain would carry out, and that people may not have thought of. */
export type Consequence =
  | 'replaces'
  | 'lesser'
  | 'newGranter'
  | 'selfLocksOut'
  | 'selfEnds'
  | 'selfLesser'
  | 'oneKeeper';

/** `next` null: the role is revoked. */
export function consequences(
  { roles, signer, who }: Asked,
  next: { readonly permissions: number; readonly expires: number | null } | null,
): readonly Consequence[] {
  const present = of(roles, who);
  const isSelf = signer === who;
  const after = roles.filter((role) => role.account !== who && isKeeper(role)).length;
  const keepers = after + (next !== null && isKeeper(next) ? 1 : 0);
  const losesRoles = present !== undefined && mayGrant(present) && (next === null || !mayGrant(next));
  const isLess = present !== undefined && next !== null && !covers(next.permissions, present.permissions);
  const endsSooner = present !== undefined && next !== null && !outlasts(next.expires, present.expires);
  const found: readonly (readonly [Consequence, boolean])[] = [
    ['replaces', next !== null && present !== undefined],
    ['selfLocksOut', isSelf && losesRoles],
    ['selfEnds', isSelf && endsSooner],
    ['selfLesser', isSelf && isLess && !losesRoles],
    ['lesser', !isSelf && isLess],
    ['newGranter', next !== null && mayGrant(next) && (present === undefined || !mayGrant(present))],
    ['oneKeeper', keepers === 1 && losesRoles],
  ];
  return found.flatMap(([consequence, is]) => (is ? [consequence] : []));
}
