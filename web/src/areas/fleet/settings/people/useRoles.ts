import { useQuery } from '@tanstack/react-query';
import { accountHex } from '../../../../format/ids';
import { ask } from '../../../../index/ask';
import type { FleetRolesQuery } from '../../graphql/graphql';
import { rolesQuery } from './queries';
import { mostRoles, type Role } from './role';

/** All roles of a company, by account. Asked for again each half minute. */
export function useRoles(company: number) {
  return useQuery({
    queryKey: ['fleet', 'roles', company],
    queryFn: ({ signal }) => readRoles(company, signal),
    refetchInterval: 30_000,
  });
}

async function readRoles(company: number, signal: AbortSignal): Promise<readonly Role[]> {
  const found: Role[] = [];
  let after = `0x${'0'.repeat(64)}`;
  // The chain has no more: MaxRoles.
  while (found.length < mostRoles) {
    const { roles } = await ask(rolesQuery, { company, after }, { signal });
    found.push(...roles.flatMap(read));
    const last = roles.at(-1)?.account;
    if (roles.length < 1_000 || last == null) break;
    after = last;
  }
  return found;
}

function read(row: FleetRolesQuery['roles'][number]): Role[] {
  if (row.account === null || row.permissions === null) return [];
  return [
    {
      account: accountHex(row.account),
      permissions: row.permissions,
      expires: row.expires === null ? null : Math.floor(Date.parse(row.expires) / 1000),
      grantedBy: row.grantedBy,
      since: row.blockNumber,
    },
  ];
}
