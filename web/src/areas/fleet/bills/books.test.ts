import { expect, test } from 'vitest';
import { agrees, batchBook, chainBook, clearingAccount, lines, rideBook } from './books';

const answer = {
  batches: 2,
  rides: 3,
  gross: '30000001',
  drivers: '24000001',
  platform: '5000000',
  third_parties: '1000000',
};
const index = {
  _meta: null,
  company: null,
  withdrawalsAggregate: [],
  batchesAggregate: [
    {
      count: '2',
      sum: {
        rideCount: '3',
        gross: '30000001',
        drivers: '24000001',
        platform: '5000000',
        thirdParties: '1000000',
      },
    },
  ],
  ridesAggregate: [
    {
      count: '3',
      sum: {
        fare: '29000001',
        tolls: '1000000',
        driverShare: '24000001',
        platform: '5000000',
        thirdParties: '1000000',
      },
    },
  ],
};

test('index and chain agree to the last unit', () => {
  const books = [batchBook(index), rideBook(index), chainBook(answer)];
  for (const line of lines) expect(agrees(line, books), line).toBe(true);
});

test('one unit less is found, and on its line alone', () => {
  const books = [batchBook(index), rideBook(index), chainBook({ ...answer, gross: '30000000' })];
  expect(lines.filter((line) => !agrees(line, books))).toEqual(['gross']);
});

test('a company without rides has books of nothing', () => {
  const empty = { ...index, batchesAggregate: [], ridesAggregate: [] };
  expect(batchBook(empty)).toEqual({ ...rideBook(empty), batches: 0n });
});

test('an answer of another form is refused', () => {
  expect(() => chainBook({ ...answer, gross: 30 })).toThrow();
  expect(() => chainBook(null)).toThrow();
});

test("a company's clearing account is the one that the pallet derives", () => {
  expect(clearingAccount(1)).toBe('0x6d6f646c736c2f7269646573636c656172696e67010000000000000000000000');
  expect(clearingAccount(258).slice(42, 50)).toBe('02010000');
});
