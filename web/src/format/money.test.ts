import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactMoney, formatMoney, micro, parseMoney, plottedYuan } from './money';

const most = 2n ** 128n - 1n;
const amount = fc.bigInt({ min: -most, max: most });

test('law: what is written is read as the same amount, to the last digit', () => {
  fc.assert(
    fc.property(amount, fc.boolean(), fc.boolean(), (value, plus, bare) => {
      expect(parseMoney(formatMoney(value, { plus, bare }))).toEqual({ ok: true, value });
    }),
  );
});

test('law: rounding to fen moves an amount by half a fen at most, and the sign with it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n }), (value) => {
      const read = parseMoney(formatMoney(value, { fen: true }));
      if (!read.ok) throw new Error(read.trouble);
      const away = read.value - value;
      expect(away <= 5_000n && away >= -5_000n && read.value % 10_000n === 0n).toBe(true);
      expect(formatMoney(-value, { fen: true }).replace('−', '')).toBe(
        formatMoney(value, { fen: true }).replace('−', ''),
      );
    }),
  );
});

test('law: whatever is typed is an amount or has its trouble', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (typed) => {
      const read = parseMoney(typed);
      expect(read.ok ? typeof read.value : typeof read.trouble).toBe(read.ok ? 'bigint' : 'string');
    }),
  );
});

test.each([
  [0n, '¥0.00'],
  [1n, '¥0.000001'],
  [1_230_000n, '¥1.23'],
  [1_234_500_000n, '¥1,234.50'],
  [-12_345_678_900_000n, '−¥12,345,678.90'],
  [9_007_199_254_740_993_000_001n, '¥9,007,199,254,740,993.000001'],
])('%d micro is %s', (value, text) => {
  expect(formatMoney(value)).toBe(text);
});

test.each([
  ['１，２３４．５', 1_234_500_000n],
  ['￥12', 12_000_000n],
  ['12 元', 12_000_000n],
  ['.5', 500_000n],
  ['-3.', -3_000_000n],
  ['0.0000010', 1n],
])('a person who types %s means %d', (typed, value) => {
  expect(parseMoney(typed)).toEqual({ ok: true, value });
});

test.each([
  ['', 'empty'],
  ['12,34', 'not_money'],
  ['1e3', 'not_money'],
  ['0x10', 'not_money'],
  ['.', 'not_money'],
  ['1.0000001', 'too_fine'],
  ['9'.repeat(40), 'too_large'],
])('%s is refused: %s', (typed, trouble) => {
  expect(parseMoney(typed)).toEqual({ ok: false, trouble });
});

test('large amounts are short in the words of each language', () => {
  expect(compactMoney(123_456_000_000n, 'zh')).toBe('¥12.3万');
  expect(compactMoney(123_456_000_000n, 'en')).toBe('¥123.5K');
  expect(compactMoney(-250_000_000_000_000n, 'zh')).toBe('−¥2.5亿');
  expect(compactMoney(9_990_000n, 'zh')).toBe('¥9.99');
});

test('what the services send is taken as it is, or refused', () => {
  expect(micro('340282366920938463463374607431768211455')).toBe(most);
  expect(() => micro('1.5')).toThrow('1.5');
  expect(() => micro('')).toThrow();
  expect(plottedYuan(1_239_999n)).toBe(1.23);
});
