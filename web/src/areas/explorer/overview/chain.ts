// The newest blocks as the overview shows them: those that are final, and beyond them those that may still be taken back.

/** A block of the node's view beyond the last final one. */
export interface LiveBlock {
  readonly number: number;
  readonly hash: string;
  readonly time: string | null;
  readonly authority: number | null;
  readonly extrinsics: readonly unknown[];
  readonly events: readonly unknown[];
}

export interface LiveView {
  readonly connected: boolean;
  readonly finalized: { readonly number: number; readonly hash: string } | null;
  readonly gap: number;
  readonly blocks: readonly LiveBlock[];
}

/** The view of now, and the last blocks of earlier ones that became final: the index may not have them yet. */
export interface Followed<View extends LiveView = LiveView> {
  readonly live: View;
  readonly passed: readonly LiveBlock[];
}

/** Blocks that are kept until the index has them. */
const mostPassed = 16;

type Retracting = LiveView & { readonly retracted: readonly { readonly hash: string }[] | null };

/** Goes on to the next view. What was taken back is forgotten. */
export function followed<View extends Retracting>(
  before: Followed<View> | undefined,
  live: View,
): Followed<View> {
  const { finalized, retracted } = live;
  // Nothing said of what was taken back: all that was not final has to be forgotten.
  if (before === undefined || finalized === null || retracted === null) return { live, passed: [] };
  const gone = new Set(retracted.map(({ hash }) => hash));
  const passed = [...before.passed, ...before.live.blocks].filter(
    ({ number, hash }) => number <= finalized.number && !gone.has(hash),
  );
  return { live, passed: passed.slice(-mostPassed) };
}

/** A block of the index. */
export interface FinalBlock {
  readonly number: number;
  readonly hash: string;
  readonly time: string;
  readonly authority: number | null;
  readonly extrinsicCount: number;
  readonly eventCount: number;
}

export interface ChainRow {
  readonly number: number;
  readonly hash: string;
  readonly time: string | null;
  readonly authority: number | null;
  readonly extrinsics: number;
  readonly events: number;
  readonly isFinal: boolean;
}

/** The newest blocks, the highest first. What is final in the index is not shown a second time as not final. */
export function newestBlocks(
  view: Followed | undefined,
  final: readonly FinalBlock[],
  most: number,
): readonly ChainRow[] {
  const rows = new Map<number, ChainRow>();
  for (const block of view?.passed ?? []) rows.set(block.number, rowOf(block, true));
  for (const block of view?.live.blocks ?? []) rows.set(block.number, rowOf(block, false));
  for (const { number, hash, time, authority, extrinsicCount, eventCount } of final) {
    rows.set(number, {
      number,
      hash,
      time,
      authority,
      extrinsics: extrinsicCount,
      events: eventCount,
      isFinal: true,
    });
  }
  return [...rows.values()].sort((one, other) => other.number - one.number).slice(0, most);
}

function rowOf(block: LiveBlock, isFinal: boolean): ChainRow {
  const { number, hash, time, authority, extrinsics, events } = block;
  return { number, hash, time, authority, extrinsics: extrinsics.length, events: events.length, isFinal };
}

export interface Heights {
  readonly best: number | undefined;
  readonly final: number | undefined;
  /** Blocks between them. */
  readonly lag: number | undefined;
}

/** How far the chain is, and how far it is final. Nothing while the node is not heard. */
export function heightsOf(live: LiveView | undefined): Heights {
  if (live === undefined || !live.connected || live.finalized === null) {
    return { best: undefined, final: undefined, lag: undefined };
  }
  const final = live.finalized.number;
  // The highest blocks are shown, so the last one is the best.
  const best = live.blocks.at(-1)?.number ?? final;
  return { best, final, lag: best - final };
}
