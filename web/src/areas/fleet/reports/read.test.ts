import { expect, test } from 'vitest';
import { readPages } from './read';

test('a list is read to its end', async () => {
  const asked: (string | undefined)[] = [];
  const read = await readPages(5_000, async (cursor) => {
    asked.push(cursor);
    return cursor === undefined ? { rows: [1, 2], next: 'two' } : { rows: [3] };
  });
  expect(read).toEqual({ rows: [1, 2, 3], isCut: false });
  expect(asked).toEqual([undefined, 'two']);
});

test('at the bound it stops and says so, also where pages are empty', async () => {
  let pages = 0;
  const full = await readPages(1_000, async () => {
    pages += 1;
    return { rows: Array.from({ length: 500 }, () => pages), next: String(pages) };
  });
  expect(full).toMatchObject({ isCut: true, rows: { length: 1_000 } });
  expect(pages).toBe(2);
  const empty = await readPages<number>(1_000, async () => ({ rows: [], next: 'again' }));
  expect(empty).toEqual({ rows: [], isCut: true });
});

test('what ends right at the bound is whole', async () => {
  const read = await readPages(500, async () => ({ rows: Array.from({ length: 500 }, () => 0) }));
  expect(read.isCut).toBe(false);
});
