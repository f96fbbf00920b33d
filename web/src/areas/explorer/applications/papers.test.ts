import { expect, test } from 'vitest';
import { attestedOf, inPlace } from './papers';

test('papers stand as they were shown, the eleventh after the third', () => {
  const papers = [0, 10, 2].map((place) => ({ place, companyId: null }));
  expect(inPlace(papers).map(({ place }) => place)).toEqual([0, 2, 10]);
});

test('a paper is attested when a company answers for it', () => {
  const of = (...companies: (number | null)[]) =>
    attestedOf(companies.map((companyId, place) => ({ place, companyId })));
  expect([of(), of(null, null), of(2, null), of(2, 3)]).toEqual([0, 0, 1, 2]);
});
