// Whether the people of a company may act for it: the chain keeps what the council thinks of it, and until when it is a member.

/** `lapsed`: its membership ended, and was not renewed. */
export type Standing = 'active' | 'suspended' | 'expelled' | 'lapsed';

/** A company as the index has it. */
export interface Membership {
  readonly standing: string | null;
  /** From then on nobody acts for it. Null: it has no end. */
  readonly until: string | null;
  /** Whether the chain has told that it ended. */
  readonly lapsed: boolean | null;
}

/**
 * How a company stands. Undefined: the index does not say.
 * @param nowMs missing: as of an earlier block, for which the chain's own word has to do
 */
export function standingOf({ standing, until, lapsed }: Membership, nowMs?: number): Standing | undefined {
  switch (standing) {
    case 'Expelled':
      return 'expelled';
    case 'Suspended':
      return 'suspended';
    case 'Active': {
      // The chain tells of an end a block later.
      const isOver = until !== null && nowMs !== undefined && Date.parse(until) <= nowMs;
      return lapsed === true || isOver ? 'lapsed' : 'active';
    }
    default:
      return undefined;
  }
}

/** So long before the end the chain reminds of it for the first time (`REMINDERS` of pallets/consortium). */
const reminderMs = 30 * 86_400_000;

/** Whether a membership ends so soon that it should be renewed. */
export function endsSoon(until: string | null, nowMs: number): boolean {
  if (until === null) return false;
  const left = Date.parse(until) - nowMs;
  return left > 0 && left <= reminderMs;
}
