import { expect, test } from 'vitest';
import { around, pageAt, windowOf } from './paging';

const middle = { hasNextPage: true, hasPreviousPage: true, startCursor: 'a', endCursor: 'z' };

test('an address says a page, and what is none is the first one', () => {
  expect(windowOf(pageAt({}))).toEqual({ first: 20 });
  expect(windowOf(pageAt({ after: 'x', size: 50 }))).toEqual({ first: 50, after: 'x' });
  expect(windowOf(pageAt({ before: 'x' }))).toEqual({ last: 20, before: 'x' });
  expect(windowOf(pageAt({ end: true }))).toEqual({ last: 20 });
  expect(windowOf(pageAt({ after: 7, size: 33, end: 'yes' }))).toEqual({ first: 20 });
});

test('the usual size is not in addresses', () => {
  expect(pageAt({ size: 20 })).toEqual({});
});

test('from the first page there is a next and a last one, and nothing before', () => {
  expect(around({}, { ...middle, hasPreviousPage: false })).toEqual({
    first: undefined,
    previous: undefined,
    next: { after: 'z' },
    last: { end: true },
  });
});

test('a page behind a cursor has one before it, whatever the index says of that direction', () => {
  const pages = around({ after: 'x', size: 50 }, { ...middle, hasPreviousPage: false, hasNextPage: false });
  expect(pages).toEqual({
    first: { size: 50 },
    previous: { before: 'a', size: 50 },
    next: undefined,
    last: undefined,
  });
});

test('a page before a cursor has one after it', () => {
  const pages = around({ before: 'x' }, { ...middle, hasNextPage: false });
  expect(pages.next).toEqual({ after: 'z' });
  expect(pages.last).toEqual({ end: true });
});

test('an empty list has no other pages', () => {
  const empty = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  expect(Object.values(around({}, empty))).toEqual([undefined, undefined, undefined, undefined]);
});
