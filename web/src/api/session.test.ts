import { expect, test, vi } from 'vitest';
import { serverNow } from './clock';
import { ApiError } from './errors';
import type { post } from './http';
import { SessionKeeper, type Surroundings } from './session';

/** A browser whose tabs share storage and lock, and a service that knows one refresh token at a time. */
function browser() {
  const stored = new Map<string, string>();
  const tabs: Array<() => void> = [];
  let queue: Promise<unknown> = Promise.resolve();
  const service = { good: 'r0', refreshed: 0, loggedOut: 0, failing: null as ApiError | null };
  const answers = async (method: string, params: Record<string, unknown>) => {
    if (service.failing !== null && method === 'auth_refresh') throw service.failing;
    if (method === 'auth_challenge') return { challenge: 'sign me', expires_at_ms: serverNow() + 60_000 };
    if (method === 'auth_logout') {
      service.loggedOut += 1;
      return {};
    }
    if (method === 'auth_refresh') {
      if (params['refresh_token'] !== service.good) throw apiError('refresh_reused');
      service.refreshed += 1;
      service.good = `r${service.refreshed}`;
    }
    return {
      access_token: `a${service.refreshed}`,
      refresh_token: service.good,
      whoami: {
        account: '7',
        roles: ['driver', 'fleet', 'astronaut'],
        company: 1,
        session: '9',
        expires_at_ms: serverNow() + 600_000,
      },
    };
  };
  const timers: Array<{ ms: number; task: () => void }> = [];
  const around: Surroundings = {
    post: answers as typeof post,
    storage: {
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => stored.set(name, value),
      removeItem: (name) => stored.delete(name),
    },
    alone: (task) => {
      const turn = queue.then(task);
      queue = turn.catch(() => {});
      return turn;
    },
    after: (ms, task) => {
      const timer = { ms, task };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
    onStored: (changed) => tabs.push(changed),
  };
  return {
    service,
    stored,
    timers,
    tab: () => new SessionKeeper(around),
    tellTabs: () => {
      for (const tell of tabs) tell();
    },
  };
}

function apiError(name: string): ApiError {
  return new ApiError({ name, message: name, remedy: '', method: 'auth_refresh' });
}

const wallet = { account: '5Alice', sign: async () => ({ signature: '0x00' }) };

test('who logs in has the roles of the chain, also after the page is loaded anew and in another tab', async () => {
  const { tab, tellTabs } = browser();
  const [first, second] = [tab(), tab()];
  await first.login(wallet);
  expect(first.now()?.roles).toEqual(['driver', 'fleet']);
  expect(tab().now()?.wallet).toBe('5Alice');
  expect(second.now()).toBeNull();
  tellTabs();
  expect(second.now()?.account).toBe('7');
});

test('two tabs whose token ended renew it once', async () => {
  const { tab, service } = browser();
  const one = tab();
  await one.login(wallet);
  const other = tab();
  const tokens = await Promise.all([one.refresh('a0'), one.refresh('a0'), other.refresh('a0')]);
  expect(tokens).toEqual(['a1', 'a1', 'a1']);
  expect(service.refreshed).toBe(1);
});

test('a token is renewed before it ends, and again after a failure that may pass', async () => {
  const { tab, timers, service } = browser();
  const keeper = tab();
  await keeper.login(wallet);
  expect(timers).toHaveLength(1);
  expect(timers[0]?.ms).toBeGreaterThan(500_000);
  service.failing = apiError('no_connection');
  await expect(keeper.refresh('a0')).rejects.toThrow('no_connection');
  expect(keeper.now()).not.toBeNull();
  service.failing = null;
  timers[0]?.task();
  await vi.waitFor(() => expect(service.refreshed).toBe(1));
});

test('a token that somebody copied ends the session, and says so', async () => {
  const { tab, service } = browser();
  const keeper = tab();
  await keeper.login(wallet);
  const changed = vi.fn();
  keeper.follow(changed);
  service.good = 'of the thief';
  await expect(keeper.refresh('a0')).rejects.toThrow('refresh_reused');
  expect(keeper.now()).toBeNull();
  expect(keeper.ended()).toBe('expired');
  expect(changed).toHaveBeenCalledOnce();
});

test('who logs out is out in all tabs, and the service knows', async () => {
  const { tab, tellTabs, service, timers } = browser();
  const one = tab();
  await one.login(wallet);
  const other = tab();
  await one.logout();
  tellTabs();
  expect([one.now(), other.now(), service.loggedOut]).toEqual([null, null, 1]);
  expect(one.ended()).toBe('logged_out');
  expect(timers).toHaveLength(0);
});

test('what is stored and cannot be read is nobody', () => {
  const { tab, stored } = browser();
  stored.set('smartlink.session', '{"access":1}');
  expect(tab().now()).toBeNull();
  expect(stored.size).toBe(0);
});

test('a person who refuses to sign stays logged out', async () => {
  const keeper = browser().tab();
  const refusing = { account: '5Alice', sign: () => Promise.reject(new Error('Cancelled')) };
  await expect(keeper.login(refusing)).rejects.toThrow('Cancelled');
  expect(keeper.now()).toBeNull();
});
