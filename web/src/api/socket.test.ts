// The WebSocket against a server as the api is one: tokens end, connections break, followers are too slow.
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import type { ApiError } from './errors';
import { ApiSocket, type SocketSurroundings } from './socket';

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** Answers as it is told, and remembers what it was asked. */
class Service {
  readonly asked: Asked[] = [];
  good = 'token 1';
  connections = 0;
  private nextSubscription = 1;
  private readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  refuse: ((asked: Asked) => { code: number; message: string; data: object } | null) | null = null;

  constructor() {
    this.server.on('connection', (socket) => {
      this.connections += 1;
      socket.on('message', (data) => this.answer(socket, JSON.parse(String(data)) as Asked));
    });
  }

  async url(): Promise<string> {
    if (this.server.address() === null) await new Promise((done) => this.server.once('listening', done));
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  private answer(socket: WebSocket, asked: Asked): void {
    this.asked.push(asked);
    const error =
      this.refuse?.(asked) ??
      (asked.method === 'auth_attach' && asked.params['access_token'] !== this.good ? expired : null);
    const subscribes = asked.method.endsWith('_subscribe');
    const result = subscribes ? this.nextSubscription++ : {};
    socket.send(
      JSON.stringify({ jsonrpc: '2.0', id: asked.id, ...(error === null ? { result } : { error }) }),
    );
  }

  push(subscription: number, what: { result: unknown } | { error: unknown }): void {
    const text = JSON.stringify({ jsonrpc: '2.0', method: 'ops_changed', params: { subscription, ...what } });
    for (const client of this.server.clients) client.send(text);
  }

  cut(): void {
    for (const client of this.server.clients) client.terminate();
  }

  methods(): string[] {
    return this.asked.map((asked) => asked.method);
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}

const expired = { code: 30002, message: 'over', data: { name: 'token_expired', remedy: 'refresh' } };

let service: Service;
let around: SocketSurroundings & { token: ReturnType<typeof vi.fn>; over: ApiError[] };
let live: ApiSocket;
/** A test that is over tries nothing again. */
let end: () => void;

beforeEach(async () => {
  let ended = false;
  end = () => {
    ended = true;
  };
  service = new Service();
  const url = await service.url();
  const over: ApiError[] = [];
  around = {
    over,
    // A browser's WebSocket tells of errors by closing; that of `ws` throws where nobody listens.
    open: () => new WebSocket(url).on('error', () => {}),
    token: vi.fn(async () => service.good),
    refresh: async () => service.good,
    sessionOver: (error) => over.push(error),
    // Waiting is short here: what is tested is the order of things.
    after: (ms, task) => {
      if (ended) return () => {};
      const timer = setTimeout(task, ms >= 5_000 ? ms : ms / 50);
      return () => clearTimeout(timer);
    },
  };
  live = new ApiSocket(around);
});

afterEach(() => {
  end();
  service.close();
});

function follower() {
  const got: unknown[] = [];
  const begun = vi.fn(() => got.splice(0));
  const failed = vi.fn();
  return { got, begun, failed, next: (pushed: unknown) => got.push(pushed), begin: begun };
}

test('who follows is logged in first, and gets what is pushed, also before the answer', async () => {
  const one = follower();
  live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledOnce());
  expect(service.methods()).toEqual(['auth_attach', 'ops_subscribe']);
  service.push(1, { result: { kind: 'caught_up' } });
  await vi.waitFor(() => expect(one.got).toEqual([{ kind: 'caught_up' }]));
  expect(live.now()).toBe('open');
});

test('a push of a subscription whose answer is still on its way is not lost', async () => {
  const one = follower();
  service.refuse = (asked) => {
    if (asked.method === 'ops_subscribe') service.push(1, { result: 'early' });
    return null;
  };
  live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.got).toEqual(['early']));
});

test('after a lost connection everything begins anew', async () => {
  const one = follower();
  live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledOnce());
  service.push(1, { result: 'old' });
  await vi.waitFor(() => expect(one.got).toEqual(['old']));
  const states: string[] = [];
  live.watch(() => states.push(live.now()));
  service.cut();
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledTimes(2));
  expect(one.got).toEqual([]);
  expect(states).toEqual(['waiting', 'connecting', 'open']);
  service.push(2, { result: 'new' });
  await vi.waitFor(() => expect(one.got).toEqual(['new']));
});

test('a token that ended meanwhile is renewed before anything is followed', async () => {
  around.token.mockResolvedValue('an old token');
  const one = follower();
  live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledOnce());
  expect(service.asked.map((asked) => asked.params['access_token']).slice(0, 2)).toEqual([
    'an old token',
    'token 1',
  ]);
});

test('each new token goes along', async () => {
  live.follow('ops_subscribe', {}, follower());
  await vi.waitFor(() => expect(live.now()).toBe('open'));
  service.good = 'token 2';
  await live.tokenChanged();
  await live.tokenChanged();
  expect(service.methods().filter((method) => method === 'auth_attach')).toHaveLength(2);
});

test('who was too slow is let in again; who may not follow is told', async () => {
  const one = follower();
  live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledOnce());
  service.push(1, { error: { code: 30022, message: 'slow', data: { name: 'slow_reader', remedy: '' } } });
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledTimes(2));
  service.refuse = (asked) =>
    asked.method === 'inbox_subscribe'
      ? { code: 30005, message: 'no', data: { name: 'forbidden', remedy: 'ask' } }
      : null;
  const two = follower();
  live.follow('inbox_subscribe', {}, two);
  await vi.waitFor(() => expect(two.failed).toHaveBeenCalledOnce());
  expect(two.failed.mock.calls[0]?.[0].errorName).toBe('forbidden');
  expect(around.over).toEqual([]);
});

test('a session that was ended elsewhere is over here', async () => {
  const one = follower();
  live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledOnce());
  service.push(1, {
    error: { code: 30004, message: 'ended', data: { name: 'session_revoked', remedy: '' } },
  });
  await vi.waitFor(() => expect(around.over.map((error) => error.errorName)).toEqual(['session_revoked']));
});

test('who follows no more is unsubscribed, and a second follower needs no second connection', async () => {
  const one = follower();
  const stop = live.follow('ops_subscribe', {}, one);
  await vi.waitFor(() => expect(one.begun).toHaveBeenCalledOnce());
  const two = follower();
  live.follow('inbox_subscribe', {}, two);
  await vi.waitFor(() => expect(two.begun).toHaveBeenCalledOnce());
  stop();
  await vi.waitFor(() =>
    expect(service.asked.at(-1)).toMatchObject({ method: 'ops_unsubscribe', params: [1] }),
  );
  expect(service.connections).toBe(1);
});
