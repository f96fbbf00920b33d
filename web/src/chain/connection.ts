/**
 * The connection to a node of the company: one WebSocket, which comes back by itself.
 *
 * This file brings polkadot-api along. Load it with `openChain` of `shared.ts`, so that pages without the chain stay light.
 */
import { createWsClient, type StatusChange, WsEvent } from 'polkadot-api/ws';
import { BehaviorSubject, firstValueFrom, type Observable, Subscription, timer } from 'rxjs';
import { filter, map, retry, shareReplay, timeout } from 'rxjs/operators';
import { NodeSilent, WrongNetwork } from './connection-errors';
import { Metadata } from './metadata';
import { type ChainStatus, reachable } from './status';
import { type RuntimeVersion, runtimeVersion } from './version';

/** Which node, and which chain it must belong to. */
export interface Endpoint {
  /** `ws://` or `wss://`. */
  node: string;
  /** Genesis hash as hexadecimal. Missing: any chain with our runtime is accepted. */
  genesis?: string;
}

/** A block as both kinds of heads tell it. */
export interface Head {
  hash: string;
  number: number;
}

/** Only chains with this runtime are ours. */
export const SPEC_NAME = 'smartlinkdrive';
/** Nothing finalised for so long: the chain stands still. Blocks come every two seconds. */
const STALLED_AFTER_MS = 30_000;
const CONNECT_TIMEOUT_MS = 8_000;
const HEARTBEAT_TIMEOUT_MS = 20_000;
/** A request without an answer for so long has failed. */
const REQUEST_TIMEOUT_MS = 15_000;

export class Chain {
  readonly endpoint: Endpoint;
  readonly status$ = new BehaviorSubject<ChainStatus>({
    state: 'connecting',
    since: Date.now(),
    attempts: 0,
  });
  /** The newest block; it may still be replaced. */
  readonly best$: Observable<Head>;
  /** The newest block that is final. */
  readonly finalised$: Observable<Head>;
  readonly client: ReturnType<typeof createWsClient>;
  readonly #running = new Subscription();
  #metadata: { version: number; made: Promise<Metadata> } | undefined;
  #attempts = 0;
  #lastFinal = { number: 0, at: Date.now() };

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    this.client = createWsClient(endpoint.node, {
      timeout: CONNECT_TIMEOUT_MS,
      heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
      onStatusChanged: (change) => this.#socket(change),
    });
    const again = { delay: () => timer(1_000) };
    const last = { bufferSize: 1, refCount: true };
    this.best$ = this.client.bestBlocks$.pipe(
      retry(again),
      map((blocks) => blocks[0]),
      filter((block) => block !== undefined),
      shareReplay(last),
    );
    this.finalised$ = this.client.finalizedBlock$.pipe(retry(again), shareReplay(last));
    this.#running.add(this.finalised$.subscribe((head) => this.#final(head)));
    this.#running.add(timer(5_000, 5_000).subscribe(() => this.#checkStall()));
  }

  /** Resolves when requests can be answered; rejects after `milliseconds`. */
  async ready(milliseconds = 30_000): Promise<void> {
    await firstValueFrom(this.status$.pipe(filter(reachable), timeout(milliseconds)));
  }

  /** Asks the node by a JSON-RPC method. Rejects with `NodeSilent`, or with the node's error. */
  async request(method: string, ...params: unknown[]): Promise<unknown> {
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      deadline = setTimeout(() => reject(new NodeSilent(method, REQUEST_TIMEOUT_MS)), REQUEST_TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.client._request<unknown, unknown[]>(method, params), late]);
    } finally {
      clearTimeout(deadline);
    }
  }

  /** What the node pushes by a JSON-RPC subscription. Comes again after a loss of the connection. */
  subscribe(method: string, unsubscribe: string): Observable<unknown> {
    return this.client
      ._subscribe<unknown, unknown[]>(method, unsubscribe, [])
      .pipe(retry({ delay: () => timer(2_000) }));
  }

  /** Metadata of the present runtime. Read anew after an upgrade. */
  async metadata(): Promise<Metadata> {
    const { specVersion } = await this.version();
    if (this.#metadata?.version !== specVersion) {
      this.#metadata = { version: specVersion, made: this.#readMetadata() };
      this.#metadata.made.catch(() => {
        this.#metadata = undefined;
      });
    }
    return this.#metadata.made;
  }

  async version(): Promise<RuntimeVersion> {
    return runtimeVersion(await this.request('state_getRuntimeVersion'));
  }

  /** Genesis hash that signatures are made for. Rejects with `WrongNetwork` where it is not the one that was asked for. */
  async genesis(): Promise<string> {
    const { genesisHash } = await this.client.getChainSpecData();
    const { genesis: expected } = this.endpoint;
    if (expected !== undefined && genesisHash !== expected) {
      this.#wrong(genesisHash, expected);
      throw new WrongNetwork(`the node is of ${genesisHash}, the service of ${expected}`);
    }
    return genesisHash;
  }

  /**
   * The decoded value of a storage item, or undefined where there is none.
   * @param at hash of the block; missing: the best one
   */
  async read(pallet: string, item: string, keys: readonly unknown[] = [], at?: string): Promise<unknown> {
    const metadata = await this.metadata();
    const key = metadata.storageKey(pallet, item, ...keys);
    const value = await this.request('state_getStorage', key, ...(at === undefined ? [] : [at]));
    return typeof value === 'string' ? metadata.decodeStorage(pallet, item, value) : undefined;
  }

  /**
   * What an API of the runtime answers. Rejects with `NotInMetadata` when the runtime has no such method.
   * @param at hash of the block; missing: the best one
   */
  async ask(api: string, method: string, args: readonly unknown[] = [], at?: string): Promise<unknown> {
    const metadata = await this.metadata();
    const question = metadata.encodeQuestion(api, method, args);
    const block = at === undefined ? [] : [at];
    const answer = await this.request('state_call', `${api}_${method}`, question, ...block);
    if (typeof answer !== 'string') throw new TypeError(`${api}_${method} answered no bytes`);
    return metadata.decodeAnswer(api, method, answer);
  }

  /** Ends the connection for good. */
  close(): void {
    this.#running.unsubscribe();
    this.client.destroy();
    this.#set({ state: 'closed', since: Date.now() });
  }

  async #readMetadata(): Promise<Metadata> {
    const head = await this.client.getFinalizedBlock();
    return new Metadata(await this.client.getMetadata(head.hash));
  }

  #socket(change: StatusChange): void {
    if (this.status$.value.state === 'closed' || this.status$.value.state === 'wrong-network') return;
    if (change.type === WsEvent.CONNECTED) {
      this.#attempts = 0;
      this.#lastFinal.at = Date.now();
      this.#set({ state: 'connected', since: Date.now() });
      // The client is not there yet while its constructor connects.
      queueMicrotask(() => void this.#identify());
    } else {
      if (change.type === WsEvent.CONNECTING) this.#attempts += 1;
      const since = this.status$.value.state === 'connecting' ? this.status$.value.since : Date.now();
      this.#set({ state: 'connecting', since, attempts: this.#attempts });
    }
  }

  /** After each connection: a node may have been replaced by one of another chain. */
  async #identify(): Promise<void> {
    try {
      const [genesis, version] = await Promise.all([
        this.request('chainSpec_v1_genesisHash'),
        this.version(),
      ]);
      const { genesis: expected } = this.endpoint;
      if (version.specName !== SPEC_NAME) this.#wrong(version.specName, SPEC_NAME);
      else if (expected !== undefined && genesis !== expected) this.#wrong(String(genesis), expected);
    } catch {
      // The connection went away again: the next one is asked.
    }
  }

  #wrong(found: string, expected: string): void {
    this.#set({ state: 'wrong-network', since: Date.now(), found, expected });
  }

  #final(head: Head): void {
    this.#lastFinal = { number: head.number, at: Date.now() };
    if (this.status$.value.state === 'stalled') this.#set({ state: 'connected', since: Date.now() });
  }

  #checkStall(): void {
    const { number, at } = this.#lastFinal;
    if (this.status$.value.state === 'connected' && Date.now() - at > STALLED_AFTER_MS) {
      this.#set({ state: 'stalled', since: at, finalised: number });
    }
  }

  #set(status: ChainStatus): void {
    this.status$.next(status);
  }
}
