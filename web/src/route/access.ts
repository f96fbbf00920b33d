import { redirect } from '@tanstack/react-router';
import type { Role } from '../api/role';
import { session } from '../api/session';

/** None of the account's roles opens this page. */
export class NoPermission extends Error {
  override readonly name = 'NoPermission';
  readonly needed: readonly Role[];
  constructor(needed: readonly Role[]) {
    super(`needs one of the roles ${needed.join(', ')}`);
    this.needed = needed;
  }
}

/**
 * For `beforeLoad` of a route: who is not logged in goes to the login page and comes back afterwards; who has none of
 * the roles sees the page that says whom to ask.
 */
export function needs(...needed: readonly Role[]): (at: { location: { href: string } }) => void {
  return ({ location }) => {
    const now = session.now();
    if (now === null) throw redirect({ to: '/login', search: { from: location.href } });
    if (needed.length > 0 && !needed.some((role) => now.roles.includes(role))) throw new NoPermission(needed);
  };
}
