// Steps that were taken and not answered yet. They are kept in the browser until the service has answered, so that each
// is taken once: after a lost connection, and after a reload. They are sent one after the other, in their order.
import * as v from 'valibot';
import { backoffMs } from '../../../api/backoff';
import { ApiError } from '../../../api/errors';
import type { Order } from '../../../api/methods';
import { type StepCall, stepMethods } from './steps';

export type Step = StepCall & {
  /** The idempotency key. */
  readonly key: string;
  /** When it was taken, by the service's clock. */
  readonly madeMs: number;
};

/** Steps that may wait at the same time: an order has seven. */
export const mostSteps = 20;

/** The first step cannot be sent for now: why, and since how many attempts. */
export interface Held {
  readonly error: ApiError;
  readonly tries: number;
}

/** What the outbox needs of its surroundings; tests give their own. */
export interface Surroundings {
  readonly storage: Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>;
  readonly send: (step: Step) => Promise<Order>;
  readonly after: (ms: number, task: () => void) => () => void;
  /** The service granted it. */
  readonly granted: (step: Step, order: Order) => void;
  /** The service refused it: later steps of the same order are gone as well. */
  readonly refused: (step: Step, error: unknown) => void;
}

const stored = v.object({
  method: v.picklist(stepMethods),
  params: v.looseObject({ order: v.string() }),
  key: v.string(),
  madeMs: v.number(),
});

export class Outbox {
  private list: readonly Step[];
  private why: Held | null = null;
  private sending = false;
  private closed = true;
  private cancelTimer: () => void = () => {};
  private readonly followers = new Set<() => void>();
  private readonly prefix: string;
  private readonly around: Surroundings;

  /** The outbox of an account. */
  constructor(account: string, around: Surroundings) {
    this.prefix = `smartlink.driver.step.${account}.`;
    this.around = around;
    this.list = this.read();
  }

  /** The steps that wait, the first one first. */
  steps(): readonly Step[] {
    return this.list;
  }

  held(): Held | null {
    return this.why;
  }

  follow(changed: () => void): () => void {
    this.followers.add(changed);
    return () => this.followers.delete(changed);
  }

  /** Takes a step. False: too many wait, and nothing was done. */
  put(step: Step): boolean {
    if (this.list.length >= mostSteps) return false;
    this.around.storage.setItem(this.prefix + step.key, JSON.stringify(step));
    this.set([...this.list, step]);
    this.retry();
    return true;
  }

  /** Sends now what waits. */
  retry(): void {
    this.cancelTimer();
    this.cancelTimer = () => {};
    void this.work();
  }

  /** Begins to send what was kept. */
  open(): void {
    this.closed = false;
    this.retry();
  }

  /** Sends nothing more. What waits is kept. */
  close(): void {
    this.closed = true;
    this.cancelTimer();
  }

  private async work(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let first = this.list[0]; first !== undefined && !this.closed; first = this.list[0]) {
        if (!(await this.deliver(first))) break;
      }
    } finally {
      this.sending = false;
    }
  }

  /** Whether the step is over, one way or the other. */
  private async deliver(step: Step): Promise<boolean> {
    try {
      const order = await this.around.send(step);
      this.drop((one) => one.key === step.key);
      this.around.granted(step, order);
      return true;
    } catch (error) {
      const again =
        error instanceof ApiError &&
        (error.unsure || error.nothingBegun || error.errorName === 'token_expired');
      if (again) return this.hold(error);
      // A session that ended says nothing of the step: it is sent when the driver is logged in again.
      if (error instanceof ApiError && error.endsSession) {
        this.why = { error, tries: 1 };
        this.set(this.list);
        return false;
      }
      this.drop((one) => one.key === step.key || one.params.order === step.params.order);
      this.around.refused(step, error);
      return true;
    }
  }

  private hold(error: ApiError): false {
    const tries = (this.why?.tries ?? 0) + 1;
    this.why = { error, tries };
    this.set(this.list);
    if (!this.closed)
      this.cancelTimer = this.around.after(error.retryAfterMs ?? backoffMs(tries), () => void this.work());
    return false;
  }

  private drop(those: (step: Step) => boolean): void {
    for (const step of this.list.filter(those)) this.around.storage.removeItem(this.prefix + step.key);
    this.why = null;
    this.set(this.list.filter((step) => !those(step)));
  }

  private set(list: readonly Step[]): void {
    this.list = list;
    for (const changed of [...this.followers]) changed();
  }

  private read(): readonly Step[] {
    const { storage } = this.around;
    const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at));
    return keys
      .filter((key): key is string => key?.startsWith(this.prefix) === true)
      .map((key) => readStep(storage.getItem(key)))
      .filter((step) => step !== null)
      .sort((a, b) => a.madeMs - b.madeMs);
  }
}

function readStep(text: string | null): Step | null {
  try {
    // Which parameters belong to which method is what was written here.
    return v.parse(stored, JSON.parse(text ?? '')) as Step;
  } catch {
    return null;
  }
}
