// Who is logged in: one session for all tabs of the browser, kept over reloads, its token renewed in time and by one
// tab at a time.
import * as v from 'valibot';
import { serverNow } from './clock';
import { ApiError } from './errors';
import { post } from './http';
import type { Tokens } from './methods';
import { persist } from './persist';
import { type Role, roles } from './role';
import type { TextSigner } from './signer';

const schema = v.object({
  access: v.string(),
  refresh: v.string(),
  wallet: v.string(),
  account: v.string(),
  session: v.string(),
  company: v.number(),
  roles: v.array(v.picklist(roles)),
  driver: v.optional(v.number()),
  seat: v.optional(v.number()),
  expiresAtMs: v.number(),
});

export interface Session {
  /** The account as the wallet names it. */
  readonly wallet: string;
  /** The account's id in this api. */
  readonly account: string;
  readonly session: string;
  readonly company: number;
  readonly roles: readonly Role[];
  /** The driver's id on the chain. */
  readonly driver?: number | undefined;
  /** The driver's place in the company's ledger. */
  readonly seat?: number | undefined;
  /** Until when the access token is good, in milliseconds of the Unix epoch by the service's clock. */
  readonly expiresAtMs: number;
}

interface Kept extends Session {
  readonly access: string;
  readonly refresh: string;
}

/** Why there is no session any more. */
export type Ended = 'logged_out' | 'expired' | 'revoked';

/** What the session needs of the browser; tests give their own. */
export interface Surroundings {
  readonly post: typeof post;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Runs the task while no other tab runs one. */
  readonly alone: <T>(task: () => Promise<T>) => Promise<T>;
  readonly after: (ms: number, task: () => void) => () => void;
  /** Calls back when another tab changed what is stored. */
  readonly onStored: (changed: () => void) => void;
}

const key = 'smartlink.session';
/** A token is renewed so long before it ends. */
const aheadMs = 90_000;
/** Two renewals by the timer are at least so far apart, also if the clocks disagree. */
const leastMs = 20_000;

export class SessionKeeper {
  private kept: Kept | null;
  private why: Ended | null = null;
  private readonly followers = new Set<() => void>();
  private refreshing: Promise<string> | null = null;
  private cancelTimer: () => void = () => {};
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
    this.kept = this.stored();
    around.onStored(() => this.adopt(this.stored()));
    this.schedule();
  }

  now(): Session | null {
    return this.kept;
  }

  /** Why the last session ended; null while there is one, or was none. */
  ended(): Ended | null {
    return this.why;
  }

  follow(changed: () => void): () => void {
    this.followers.add(changed);
    return () => this.followers.delete(changed);
  }

  /** Lets the wallet sign a challenge, and begins a session. Rejects with `ApiError`, or as the signer does. */
  async login(signer: TextSigner): Promise<Session> {
    const { account } = signer;
    const { challenge } = await persist(() => this.around.post('auth_challenge', { account }, null));
    const { signature, publicKey } = await signer.sign(challenge);
    const answer = { account, challenge, signature, public_key: publicKey };
    // A challenge is taken once: it is sent again only when nothing was begun.
    const tokens = await persist(
      () => this.around.post('auth_login', answer, null),
      (error) => error.nothingBegun,
    );
    return this.keep(tokens, account);
  }

  /** Ends the session here at once, and at the service as soon as it answers. */
  async logout(): Promise<void> {
    const token = this.kept?.access ?? null;
    this.end('logged_out');
    if (token !== null) await this.around.post('auth_logout', {}, token).catch(() => {});
  }

  /** A token that is still good for a moment, or null when nobody is logged in. */
  async token(): Promise<string | null> {
    if (this.kept === null) return null;
    return this.kept.expiresAtMs - serverNow() > 5_000 ? this.kept.access : this.refresh(this.kept.access);
  }

  /**
   * The token after `old`: that of another tab, if one was faster, else a new one. When the service says that the
   * session is over, it ends here too, and the call rejects.
   */
  refresh(old: string): Promise<string> {
    this.refreshing ??= this.around
      .alone(() => this.renew(old))
      .finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  /** Ends the session of this browser. */
  end(why: Ended): void {
    this.around.storage.removeItem(key);
    if (this.kept === null) return;
    this.why = why;
    this.adopt(null, why);
  }

  private async renew(old: string): Promise<string> {
    const stored = this.stored();
    if (stored !== null && stored.access !== old) {
      this.adopt(stored);
      return stored.access;
    }
    if (stored === null) {
      this.end('expired');
      throw new ApiError({
        name: 'session_revoked',
        message: 'The session was ended.',
        remedy: 'log in again',
        method: 'auth_refresh',
      });
    }
    try {
      const tokens = await this.around.post('auth_refresh', { refresh_token: stored.refresh }, null);
      this.keep(tokens, stored.wallet);
      return tokens.access_token;
    } catch (error) {
      if (error instanceof ApiError && error.endsSession)
        this.end(error.errorName === 'session_revoked' ? 'revoked' : 'expired');
      else this.schedule(leastMs);
      throw error;
    }
  }

  private keep(tokens: Tokens, wallet: string): Session {
    const { whoami } = tokens;
    const kept: Kept = {
      access: tokens.access_token,
      refresh: tokens.refresh_token,
      wallet,
      account: whoami.account,
      session: whoami.session,
      company: whoami.company,
      roles: roles.filter((role) => whoami.roles.includes(role)),
      driver: whoami.driver,
      seat: whoami.seat,
      expiresAtMs: whoami.expires_at_ms,
    };
    this.around.storage.setItem(key, JSON.stringify(kept));
    this.adopt(kept);
    return kept;
  }

  private stored(): Kept | null {
    const text = this.around.storage.getItem(key);
    if (text === null) return null;
    try {
      return v.parse(schema, JSON.parse(text));
    } catch {
      this.around.storage.removeItem(key);
      return null;
    }
  }

  private adopt(kept: Kept | null, why: Ended = 'logged_out'): void {
    if (kept === null && this.kept === null) return;
    this.why = kept === null ? why : null;
    this.kept = kept;
    this.schedule();
    for (const follower of [...this.followers]) follower();
  }

  private schedule(leastDelay = leastMs): void {
    this.cancelTimer();
    this.cancelTimer = () => {};
    const kept = this.kept;
    if (kept === null) return;
    const delay = Math.max(kept.expiresAtMs - serverNow() - aheadMs, leastDelay);
    this.cancelTimer = this.around.after(delay, () => {
      this.refresh(kept.access).catch(() => {});
    });
  }
}

/** Without Web Locks (a page that is not secure) tabs are not kept apart: then the service's grace of 30 s helps. */
function alone<T>(task: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks === undefined ? task() : locks.request('smartlink.refresh', task);
}

const memory = new Map<string, string>();
const inMemory: Surroundings['storage'] = {
  getItem: (name) => memory.get(name) ?? null,
  setItem: (name, value) => memory.set(name, value),
  removeItem: (name) => memory.delete(name),
};

export const session = new SessionKeeper({
  post,
  storage: globalThis.localStorage ?? inMemory,
  alone,
  after: (ms, task) => {
    const timer = globalThis.setTimeout(task, ms);
    return () => globalThis.clearTimeout(timer);
  },
  onStored: (changed) => {
    globalThis.addEventListener?.('storage', (stored: StorageEvent) => {
      if (stored.key === key || stored.key === null) changed();
    });
  },
});
