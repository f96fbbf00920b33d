import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tallyOf, voteOf } from './motion';

const members = ['A', 'B', 'C', 'D'] as const;
const end = 1_000;
const motion = (ayes: readonly string[], nays: readonly string[], threshold = 3) => ({
  threshold,
  ayes,
  nays,
  end,
});

test('three of four companies agree: it is carried, before the time is over', () => {
  expect(tallyOf(motion(['A', 'B'], []), members, 10)).toMatchObject({
    standing: 'voting',
    missing: 1,
    silent: ['C', 'D'],
  });
  expect(tallyOf(motion(['A', 'B', 'C'], []), members, 10)).toMatchObject({
    standing: 'carried',
    missing: 0,
  });
});

test('two of four refuse: what takes three is lost, what takes two is not', () => {
  expect(tallyOf(motion(['A'], ['B', 'C']), members, 10).standing).toBe('lost');
  expect(tallyOf(motion(['A'], ['B', 'C'], 2), members, 10).standing).toBe('voting');
});

test('who does not vote has not agreed: when the time is over it is dropped', () => {
  expect(tallyOf(motion(['A', 'B'], []), members, end - 1).standing).toBe('voting');
  expect(tallyOf(motion(['A', 'B'], []), members, end).standing).toBe('expired');
  expect(tallyOf(motion(['A', 'B', 'C'], []), members, end + 1).standing).toBe('carried');
});

test('an account is found on its side', () => {
  const votes = motion(['A'], ['B']);
  expect(members.map((member) => voteOf(votes, member))).toEqual(['aye', 'nay', undefined, undefined]);
});

/** What `close` of pallet_collective does at a block. */
function closed(seats: number, votes: ReturnType<typeof motion>, block: number): string {
  if (votes.ayes.length >= votes.threshold) return 'done';
  if (seats - votes.nays.length < votes.threshold) return 'dropped';
  if (block < votes.end) return 'too early';
  // Abstentions are counted as nays.
  return votes.ayes.length >= votes.threshold ? 'done' : 'dropped';
}

test('closing does what the standing says, whatever the votes', () => {
  const outcome = { carried: 'done', lost: 'dropped', expired: 'dropped', voting: 'too early' };
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('aye', 'nay', 'silent'), { minLength: 1, maxLength: 20 }),
      fc.nat(20),
      fc.nat(2_000),
      (sides, threshold, block) => {
        const all = sides.map((_, at) => String(at));
        const on = (side: string) => all.filter((_, at) => sides[at] === side);
        const votes = motion(on('aye'), on('nay'), threshold);
        const tally = tallyOf(votes, all, block);
        expect(outcome[tally.standing]).toBe(closed(all.length, votes, block));
        expect(tally.silent.length + tally.ayes + tally.nays).toBe(all.length);
      },
    ),
  );
});
