import { createContext, use } from 'react';
import type { ApiError } from '../../../api/errors';
import type { Order } from '../../../api/methods';
import type { Way } from '../position/odometer';
import type { Tracker, Tracking } from '../position/tracker';
import type { Feed } from './feed';
import type { Held, Step } from './outbox';
import type { StepCall } from './steps';

/** What all pages of a driver share. */
export interface Work {
  /** The driver's id on the chain. */
  readonly driver: number;
  readonly feed: Feed;
  /** Why nothing is pushed; null: it is. */
  readonly failure: ApiError | null;
  readonly tracker: Tracker;
  readonly tracking: Tracking;
  /** Steps that were taken and not answered. */
  readonly waiting: readonly Step[];
  readonly held: Held | null;
  /** Takes a step. It is sent until it is answered. */
  readonly take: (call: StepCall) => void;
  /** Sends now what waits. */
  readonly retry: () => void;
  /** The ride that is driven, as it will be when what waits was taken, and the one after it. */
  readonly ride: Order | null;
  readonly next: Order | null;
  /** How far the trip was so far; null: nobody is in the vehicle. */
  readonly way: Way | null;
  /** The ride that ended last, until the driver is done with it. */
  readonly ended: Order | null;
  readonly dismissEnded: () => void;
}

export const WorkContext = createContext<Work | null>(null);

export function useWork(): Work {
  const work = use(WorkContext);
  if (work === null) throw new Error('useWork is for pages below WorkProvider');
  return work;
}
