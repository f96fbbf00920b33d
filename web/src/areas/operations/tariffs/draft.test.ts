import fc from 'fast-check';
import { expect, test } from 'vitest';
import settled from '../../../tariff/fixtures/settled.json';
import { readTariff } from '../../../tariff/tariff';
import { scaled, unscaled } from './decimal';
import { draftOf, minuteOf, readDraft } from './draft';

const tariff = readTariff(settled.tariffs[0]?.tariff);
if (tariff === undefined) throw new Error('the tariff of the fixture is not read');
const draft = draftOf(tariff);

test('what people type is exact, and what does not come out whole is said', () => {
  expect(scaled('2.6', 1_000_000n)).toEqual({ ok: true, value: 2_600_000n });
  expect(scaled('１２．５', 10n)).toEqual({ ok: true, value: 125n });
  expect(scaled('1,000', 1n)).toEqual({ ok: true, value: 1000n });
  expect(scaled('0.0001', 1_000n)).toEqual({ ok: false, trouble: 'tooFine' });
  expect(scaled('-1', 10n)).toEqual({ ok: false, trouble: 'notNumber' });
  expect(scaled('1e3', 10n)).toEqual({ ok: false, trouble: 'notNumber' });
  expect(scaled(' ', 10n)).toEqual({ ok: false, trouble: 'empty' });
});

test('what is written is read back', () => {
  const amounts = fc.bigInt({ min: 0n, max: 2n ** 62n });
  fc.assert(
    fc.property(amounts, (value) => {
      expect(scaled(unscaled(value, 1_000_000n), 1_000_000n)).toEqual({ ok: true, value });
    }),
  );
});

test('a tariff of the chain, typed and read, is the same tariff', () => {
  const read = readDraft(draft);
  expect([...read.troubles]).toEqual([]);
  expect(read.tariff).toEqual(tariff);
  expect(read.fault).toBeNull();
  expect(read.missingPpm).toBe(0);
});

test('a wrong field is named, and nothing is proposed with it', () => {
  const read = readDraft({ ...draft, values: { ...draft.values, perKm: 'two' } });
  expect([...read.troubles]).toEqual([['perKm', 'notNumber']]);
  expect(read.tariff).toBeUndefined();
});

test('shares that do not make a whole say what is missing', () => {
  const read = readDraft({ ...draft, values: { ...draft.values, driver: '75' } });
  expect(read.fault).toBe('shares');
  expect(read.missingPpm).toBe(30_000);
});

test('a window needs a day and a length, and may end at midnight', () => {
  const window = { days: 1, from: '22:00', until: '24:00', surcharge: '10' };
  expect(readDraft({ ...draft, windows: [window] }).fault).toBeNull();
  expect(readDraft({ ...draft, windows: [{ ...window, days: 0 }] }).troubles.get('window 0')).toBe('noDay');
  const none = { ...window, until: '22:00' };
  expect(readDraft({ ...draft, windows: [none] }).troubles.get('window 0')).toBe('noLength');
  expect([minuteOf('24:00'), minuteOf('24:01'), minuteOf('7:05'), minuteOf('07:60')]).toEqual([
    1440,
    undefined,
    425,
    undefined,
  ]);
});
