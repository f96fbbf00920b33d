// The one WebSocket of a tab, for what is pushed. It is there while somebody follows something, comes back by itself,
// and begins every subscription anew then: what follows starts with how things are.
import { backoffMs } from './backoff';
import { ApiError, noConnection, readError } from './errors';
import { type Message, readMessage } from './message';
import { type Subscriptions, subscriptions } from './methods';

export type Subscription = keyof Subscriptions;
export type Pushed<S extends Subscription> = Subscriptions[S]['pushes'];

export interface Follower<S extends Subscription> {
  /** Something was pushed. */
  next(pushed: Pushed<S>): void;
  /** The subscription begins, or begins anew: what was pushed before is pushed again where it still holds. */
  begin?(): void;
  /** It was refused, and will not come back by itself. */
  failed?(error: ApiError): void;
}

/** `idle`: nobody follows anything. `waiting`: the connection is lost, and is tried again by itself. */
export type SocketState = 'idle' | 'connecting' | 'open' | 'waiting';

/** What of a WebSocket is needed. */
export interface Wire {
  readonly readyState: number;
  readonly OPEN: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (message: { data: unknown }) => void): void;
}

export interface SocketSurroundings {
  readonly open: () => Wire;
  /** A good token, or null when nobody is logged in. */
  readonly token: () => Promise<string | null>;
  readonly refresh: (old: string) => Promise<string>;
  readonly sessionOver: (error: ApiError) => void;
  readonly after: (ms: number, task: () => void) => () => void;
}

interface Followed {
  readonly method: Subscription;
  readonly params: object;
  readonly next: (pushed: unknown) => void;
  readonly begin: () => void;
  readonly failed: (error: ApiError) => void;
  /** The id the service gave; undefined while there is none. */
  id?: number | undefined;
  tries: number;
}

interface Pending {
  readonly method: string;
  readonly done: (result: unknown) => void;
  readonly failed: (error: ApiError) => void;
  readonly cancelTimer: () => void;
}

const answerMs = 10_000;
const pulseMs = 30_000;
const lingerMs = 5_000;
/** What nobody follows (yet): pushes may come before the answer that tells the subscription's id. */
const mostEarly = 1_000;

export class ApiSocket {
  private state: SocketState = 'idle';
  private readonly watchers = new Set<() => void>();
  private readonly followed = new Set<Followed>();
  private readonly pending = new Map<number, Pending>();
  private early: Array<Message & { kind: 'push' }> = [];
  private socket: Wire | null = null;
  private lastId = 0;
  private attempt = 0;
  private attached: string | null = null;
  private cancelRetry: () => void = () => {};
  private cancelPulse: () => void = () => {};
  private cancelLinger: () => void = () => {};
  private readonly around: SocketSurroundings;

  constructor(around: SocketSurroundings) {
    this.around = around;
  }

  now(): SocketState {
    return this.state;
  }

  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }

  /** Follows something until the function it gives is called. */
  follow<S extends Subscription>(
    method: S,
    params: Subscriptions[S]['params'],
    follower: Follower<S>,
  ): () => void {
    const one: Followed = {
      method,
      params,
      // A push is what docs/openrpc.json says of the subscription.
      next: (pushed) => follower.next(pushed as Pushed<S>),
      begin: () => follower.begin?.(),
      failed: (error) => follower.failed?.(error),
      tries: 0,
    };
    this.followed.add(one);
    this.cancelLinger();
    if (this.state === 'idle') this.connect();
    else if (this.state === 'open') void this.subscribe(one);
    return () => this.unfollow(one);
  }

  /** Tries at once, when the connection is lost. */
  retry(): void {
    if (this.state !== 'waiting') return;
    this.cancelRetry();
    this.connect();
  }

  /** Another token, or none: it goes along from now on. Who logs in as somebody else begins anew. */
  async tokenChanged(): Promise<void> {
    if (this.state !== 'open') return;
    const token = await this.around.token().catch(() => null);
    if (token === this.attached) return;
    if (token === null) this.drop();
    else await this.attach(token).catch(() => this.drop());
  }

  private unfollow(one: Followed): void {
    if (!this.followed.delete(one)) return;
    if (one.id !== undefined && this.state === 'open') {
      this.send(subscriptions[one.method].unsubscribe, [one.id]).catch(() => {});
      one.id = undefined;
    }
    if (this.followed.size > 0) return;
    this.cancelLinger();
    this.cancelLinger = this.around.after(lingerMs, () => {
      if (this.followed.size === 0) this.close();
    });
  }

  private set(state: SocketState): void {
    if (state === this.state) return;
    this.state = state;
    for (const watcher of [...this.watchers]) watcher();
  }

  private connect(): void {
    this.set('connecting');
    const socket = this.around.open();
    this.socket = socket;
    const mine = (task: () => void) => () => {
      if (this.socket === socket) task();
    };
    const cancelOpening = this.around.after(
      answerMs,
      mine(() => this.drop()),
    );
    socket.addEventListener(
      'open',
      mine(() => void this.opened()),
    );
    socket.addEventListener('open', cancelOpening);
    socket.addEventListener('close', cancelOpening);
    socket.addEventListener(
      'close',
      mine(() => this.lost()),
    );
    socket.addEventListener('message', (message) => {
      if (this.socket === socket) this.receive(message.data);
    });
  }

  private async opened(): Promise<void> {
    const socket = this.socket;
    try {
      const token = await this.around.token();
      if (token !== null) await this.attach(token);
    } catch (error) {
      if (this.socket !== socket) return;
      if (error instanceof ApiError && error.endsSession) this.around.sessionOver(error);
      this.drop();
      return;
    }
    if (this.socket !== socket) return;
    this.set('open');
    this.pulse();
    for (const one of this.followed) void this.subscribe(one);
  }

  private async attach(token: string): Promise<void> {
    try {
      await this.send('auth_attach', { access_token: token });
      this.attached = token;
    } catch (error) {
      if (!(error instanceof ApiError) || error.errorName !== 'token_expired') throw error;
      const next = await this.around.refresh(token);
      await this.send('auth_attach', { access_token: next });
      this.attached = next;
    }
  }

  private async subscribe(one: Followed): Promise<void> {
    const socket = this.socket;
    try {
      const id = await this.send(one.method, one.params);
      if (this.socket !== socket) return;
      if (typeof id !== 'number') throw readError(null, one.method);
      if (!this.followed.has(one)) {
        this.send(subscriptions[one.method].unsubscribe, [id]).catch(() => {});
        return;
      }
      this.attempt = 0;
      one.id = id;
      one.begin();
      this.takeEarly(one);
    } catch (error) {
      if (this.socket === socket && error instanceof ApiError) this.ended(one, error);
    }
  }

  private takeEarly(one: Followed): void {
    const mine = this.early.filter((push) => push.subscription === one.id);
    this.early = this.early.filter((push) => push.subscription !== one.id);
    for (const push of mine) this.pushed(one, push);
  }

  private pushed(one: Followed, push: Message & { kind: 'push' }): void {
    if (push.error !== undefined) this.ended(one, readError(push.error, one.method));
    else {
      one.tries = 0;
      one.next(push.result);
    }
  }

  /** A subscription was refused or closed. What may pass is tried again; the rest is told. */
  private ended(one: Followed, error: ApiError): void {
    one.id = undefined;
    if (!this.followed.has(one)) return;
    if (error.endsSession) {
      this.around.sessionOver(error);
      one.failed(error);
    } else if (error.errorName === 'token_expired') {
      this.drop();
    } else if (error.nothingBegun || error.unsure || ['slow_reader', 'ended'].includes(error.errorName)) {
      const wait = Math.max(error.retryAfterMs ?? 0, backoffMs(one.tries));
      one.tries += 1;
      this.around.after(wait, () => {
        const there = this.state === 'open' && one.id === undefined && this.followed.has(one);
        if (there) void this.subscribe(one);
      });
    } else {
      one.failed(error);
    }
  }

  private send(method: string, params: object): Promise<unknown> {
    const socket = this.socket;
    if (socket === null || socket.readyState !== socket.OPEN) return Promise.reject(noConnection(method));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((done, failed) => {
      const cancelTimer = this.around.after(answerMs, () => {
        this.pending.delete(id);
        failed(noConnection(method));
        // Whoever does not answer in time is not there: a dead connection does not tell.
        if (this.socket === socket) this.drop();
      });
      this.pending.set(id, { method, done, failed, cancelTimer });
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  private receive(data: unknown): void {
    const message = readMessage(data);
    if (message === null) return;
    if (message.kind === 'push') {
      const one = [...this.followed].find((followed) => followed.id === message.subscription);
      if (one !== undefined) this.pushed(one, message);
      else if (this.early.length < mostEarly) this.early.push(message);
      return;
    }
    const asked = this.pending.get(message.id);
    if (asked === undefined) return;
    this.pending.delete(message.id);
    asked.cancelTimer();
    if (message.kind === 'error') asked.failed(readError(message.error, asked.method));
    else asked.done(message.result);
  }

  /** Asks for a sign of life now and then: browsers cannot ping. */
  private pulse(): void {
    this.cancelPulse();
    this.cancelPulse = this.around.after(pulseMs, () => {
      this.send('system_version', {}).catch(() => {});
      this.pulse();
    });
  }

  private drop(): void {
    const socket = this.socket;
    this.lost();
    socket?.close();
  }

  private lost(): void {
    this.forget();
    if (this.followed.size === 0) {
      this.set('idle');
      return;
    }
    const wait = backoffMs(this.attempt);
    this.attempt += 1;
    this.set('waiting');
    this.cancelRetry = this.around.after(wait, () => this.connect());
  }

  private close(): void {
    const socket = this.socket;
    this.cancelRetry();
    this.forget();
    this.set('idle');
    socket?.close();
  }

  private forget(): void {
    this.socket = null;
    this.attached = null;
    this.early = [];
    this.cancelPulse();
    this.cancelRetry();
    for (const one of this.followed) one.id = undefined;
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const { method, failed, cancelTimer } of pending) {
      cancelTimer();
      failed(noConnection(method));
    }
  }
}
