/** Follows a signed transaction to finality, through losses of the connection. */
import type { TxBroadcastEvent } from 'polkadot-api';
import { firstValueFrom, Observable, type Subscriber, Subscription, timer } from 'rxjs';
import { filter, timeout } from 'rxjs/operators';
import { hex } from './calls/words';
import type { Chain } from './connection';
import { type ChainEvent, eventsOf, type Inclusion, inclusionOf } from './inclusion';
import { type Refusal, validityRefusal } from './refusals/refusal';
import { reachable } from './status';

/** Where a transaction stands. */
export type Progress =
  | { step: 'broadcast'; hash: string }
  /** Nothing was heard of it for a while. It may still come. */
  | { step: 'waiting'; hash: string; why: 'connection' | 'slow' }
  | { step: 'in-block'; hash: string; inclusion: Inclusion }
  | { step: 'final'; hash: string; inclusion: Inclusion }
  /** The node did not let it in. It is in no block. */
  | { step: 'refused'; hash: string; refusal: Refusal }
  /** Its time is over and it is in no final block: it never will be. */
  | { step: 'expired'; hash: string }
  /** The node stayed away. It may be in a block or not. */
  | { step: 'unknown'; hash: string };

/** A transaction that was signed. */
export interface SignedTransaction {
  bytes: Uint8Array;
  /** Its hash, as explorers name it. */
  hash: string;
  /** The final block when it was signed; it cannot be in an earlier one. */
  birth: number;
  /** Blocks after its birth in which it may still be included. */
  period: number;
}

/** Without any news for so long, the reader is told that it takes time. */
const SLOW_AFTER_MS = 20_000;
/** A node that is away for longer is not waited for. */
const RETURN_WITHIN_MS = 10 * 60_000;
/** Blocks after the last possible one until nobody waits any more: they have to become final. */
const GRACE_BLOCKS = 8;

/** Submits a transaction and tells where it stands. Completes when that is decided; sending it again does no harm. */
export function follow(chain: Chain, transaction: SignedTransaction): Observable<Progress> {
  return new Observable((subscriber) => {
    const walk = new Walk(chain, transaction, subscriber);
    walk.run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => walk.stop();
  });
}

class Walk {
  readonly #chain: Chain;
  readonly #tx: SignedTransaction;
  readonly #out: Subscriber<Progress>;
  readonly #stopped = new AbortController();
  #scanned: number;

  constructor(chain: Chain, tx: SignedTransaction, out: Subscriber<Progress>) {
    this.#chain = chain;
    this.#tx = tx;
    this.#out = out;
    this.#scanned = tx.birth;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const error = await this.#watch();
      if (error === undefined || this.#stopped.signal.aborted) return;
      if (!(await this.#returned())) return this.#say({ step: 'unknown', hash: this.#tx.hash });
      // Whatever went wrong: what is final decides.
      const found = await this.#search().catch(() => undefined);
      if (found) return this.#say({ step: 'final', hash: this.#tx.hash, inclusion: found });
      const refusal = validityRefusal(error);
      if (refusal && !(await this.#inBest())) {
        const over = await this.#over();
        return this.#say(
          over ? { step: 'expired', hash: this.#tx.hash } : { step: 'refused', hash: this.#tx.hash, refusal },
        );
      }
      if (await this.#over()) return this.#say({ step: 'expired', hash: this.#tx.hash });
      await firstValueFrom(timer(1_000));
    }
  }

  /** Submits and listens. Answers undefined when it became final, otherwise why the listening ended. */
  #watch(): Promise<unknown> {
    return new Promise((resolve) => {
      let slow: ReturnType<typeof setTimeout> | undefined;
      const news = () => {
        clearTimeout(slow);
        slow = setTimeout(
          () => this.#say({ step: 'waiting', hash: this.#tx.hash, why: 'slow' }),
          SLOW_AFTER_MS,
        );
      };
      const listening = new Subscription();
      const end = (why: unknown) => {
        clearTimeout(slow);
        listening.unsubscribe();
        resolve(why);
      };
      news();
      listening.add(
        this.#chain.client.submitAndWatch(this.#tx.bytes).subscribe({
          next: (event) => {
            news();
            this.#hear(event);
          },
          error: (error: unknown) => end(error ?? new Error('the node gave no reason')),
          complete: () => end(undefined),
        }),
      );
      listening.add(
        this.#chain.status$
          .pipe(filter((status) => !reachable(status)))
          .subscribe(() => end(new Error('the connection was lost'))),
      );
      listening.add(
        this.#chain.finalised$
          .pipe(filter((head) => head.number > this.#last()))
          .subscribe(() => end(new Error('its time is over'))),
      );
      this.#stopped.signal.addEventListener('abort', () => end(undefined), { once: true });
    });
  }

  #hear(event: TxBroadcastEvent): void {
    const { hash } = this.#tx;
    if (event.type === 'broadcasted') this.#say({ step: 'broadcast', hash });
    if (event.type === 'txBestBlocksState') {
      if (event.found) this.#say({ step: 'in-block', hash, inclusion: fromClient(event) });
      else if (event.isValid) this.#say({ step: 'broadcast', hash });
    }
    if (event.type === 'finalized') this.#say({ step: 'final', hash, inclusion: fromClient(event) });
  }

  /** Waits for the node. False: it did not come back. */
  async #returned(): Promise<boolean> {
    const { status$ } = this.#chain;
    if (reachable(status$.value)) return true;
    this.#say({ step: 'waiting', hash: this.#tx.hash, why: 'connection' });
    try {
      await firstValueFrom(status$.pipe(filter(reachable), timeout(RETURN_WITHIN_MS)));
      return true;
    } catch {
      return false;
    }
  }

  /** Looks through the final blocks that nobody listened to. */
  async #search(): Promise<Inclusion | undefined> {
    const head = await firstValueFrom(this.#chain.finalised$.pipe(timeout(30_000)));
    const until = Math.min(head.number, this.#last());
    while (this.#scanned < until) {
      const hash = await this.#chain.request('chain_getBlockHash', this.#scanned + 1);
      const found = await this.#lookInto(String(hash), this.#scanned + 1);
      if (found) return found;
      this.#scanned += 1;
    }
    return undefined;
  }

  /** Whether it is in a block that is not final yet, so that listening again is right. */
  async #inBest(): Promise<boolean> {
    const final = await firstValueFrom(this.#chain.finalised$);
    const best = await firstValueFrom(this.#chain.best$);
    for (let number = final.number + 1; number <= best.number; number += 1) {
      const hash = await this.#chain.request('chain_getBlockHash', number).catch(() => undefined);
      if (typeof hash === 'string' && (await this.#lookInto(hash, number))) return true;
    }
    return false;
  }

  async #lookInto(hash: string, number: number): Promise<Inclusion | undefined> {
    const index = extrinsicsOf(await this.#chain.request('chain_getBlock', hash)).indexOf(
      hex(this.#tx.bytes),
    );
    if (index < 0) return undefined;
    const records = await this.#chain.read('System', 'Events', [], hash);
    return inclusionOf({ hash, number, index }, eventsOf(records, index));
  }

  async #over(): Promise<boolean> {
    const head = await firstValueFrom(this.#chain.finalised$.pipe(timeout(30_000)));
    return head.number > this.#last();
  }

  #last(): number {
    return this.#tx.birth + this.#tx.period + GRACE_BLOCKS;
  }

  #say(progress: Progress): void {
    this.#out.next(progress);
  }
}

type Found = Extract<TxBroadcastEvent, { block: unknown }>;

function fromClient(event: Found): Inclusion {
  const events: ChainEvent[] = event.events.map((e) => {
    const { type, value } = e.event as { type: string; value: { type: string; value: unknown } };
    return { pallet: type, name: value.type, value: value.value };
  });
  return inclusionOf(event.block, events);
}

function extrinsicsOf(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null || !('block' in answer)) return [];
  const { block } = answer;
  if (typeof block !== 'object' || block === null || !('extrinsics' in block)) return [];
  return Array.isArray(block.extrinsics) ? block.extrinsics.map(String) : [];
}
