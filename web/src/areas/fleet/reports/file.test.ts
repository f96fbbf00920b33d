import { expect, test } from 'vitest';
import { groupings } from './choices';
import { csvHead, csvRow } from './file';
import { noDrive, noMoney } from './sums';

test('every row has as many cells as there are columns, for whoever reads it', () => {
  const row = { key: '7', drive: noDrive, alerts: 3, money: noMoney };
  for (const drive of [true, false])
    for (const alerts of [true, false])
      for (const money of [true, false])
        for (const by of groupings) {
          const may = { drive, alerts, money };
          expect(csvRow(by, may, row, '7')).toHaveLength(csvHead(by, may).length);
        }
});

test('money keeps what is finer than a fen', () => {
  const may = { drive: false, alerts: false, money: true };
  const money = { ...noMoney, rides: 2n, gross: 12_345_600_001n, drivers: 10_500_000n };
  expect(csvRow('driver', may, { key: '7', drive: noDrive, alerts: 0, money }, 'Driver 7')).toEqual([
    'Driver 7',
    2n,
    '12345.600001',
    '10.50',
    '0.00',
    '0.00',
  ]);
});
