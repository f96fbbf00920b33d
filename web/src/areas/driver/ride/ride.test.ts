import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKm, parseTolls, writeKm } from './completion';
import { amapLink, geoLink } from './navigation';

test('kilometres are read as people write them', () => {
  expect(parseKm('12.35')).toEqual({ ok: true, value: 12_350 });
  expect(parseKm(' １２．３５公里 ')).toEqual({ ok: true, value: 12_350 });
  expect(parseKm('0.8 km')).toEqual({ ok: true, value: 800 });
  for (const odd of ['', 'far', '-1', '1.2345', '1,5.2.1', '99999', '2000.001'])
    expect(parseKm(odd), odd).toEqual({ ok: false });
});

test('what was measured is read back to ten metres', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000 }), (metres) => {
      const read = parseKm(writeKm(metres));
      expect(read.ok && Math.abs(read.value - metres) <= 5).toBe(true);
    }),
  );
});

test('tolls are yuan and fen, none where nothing is written', () => {
  expect(parseTolls('')).toEqual({ ok: true, value: 0 });
  expect(parseTolls('15')).toEqual({ ok: true, value: 1_500 });
  expect(parseTolls('¥5.5')).toEqual({ ok: true, value: 550 });
  for (const odd of ['5.555', '-1', 'much', '99999999999'])
    expect(parseTolls(odd), odd).toEqual({ ok: false });
});

test('map apps get the place, whatever its name has in it', () => {
  const place = { latitude: 22.5, longitude: 114.1, name: 'A&B, (east) 市民中心' };
  expect(geoLink(place)).toMatch(/^geo:22\.5,114\.1\?q=22\.5,114\.1\(A%26B%2C%20/);
  const to = new URL(amapLink(place)).searchParams.get('to');
  expect(to).toBe('114.1,22.5,A&B  (east) 市民中心');
});
