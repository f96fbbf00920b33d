import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { measures, nothing, readCapacities } from './capacities';

test('a refrigerated van has a tank and a range for its cargo, and no battery', () => {
  expect(readCapacities({ ...nothing, tank: '72.5', lowest: '-20', highest: '−17.5' })).toEqual({
    ok: true,
    params: { tank_ml: 72_500, cargo: { lowest_c: -20, highest_c: -17.5 } },
  });
});

test('nothing typed is that nothing is known', () => {
  expect(readCapacities({ ...nothing, tank: '  ' })).toEqual({ ok: true, params: {} });
});

test('each field says what is wrong with it', () => {
  const read = readCapacities({ tank: '0.5', battery: 'large', lowest: '8', highest: '2' });
  expect(read).toEqual({
    ok: false,
    faults: {
      tank: { kind: 'bounds', least: '1', most: '10000' },
      battery: { kind: 'notNumber' },
      highest: { kind: 'upsideDown' },
    },
  });
  expect(readCapacities({ ...nothing, highest: '4' })).toEqual({
    ok: false,
    faults: { lowest: { kind: 'bothEnds' } },
  });
  expect(readCapacities({ ...nothing, lowest: '2.05', highest: '4' })).toMatchObject({
    faults: { lowest: { kind: 'tooFine' } },
  });
});

test('the bounds are those of the service', () => {
  const source = readFileSync(
    resolve(import.meta.dirname, '../../../../../../offchain/telemetry/src/analysis/class.rs'),
    'utf8',
  );
  const bounds = (name: string) =>
    new RegExp(`const ${name}: RangeInclusive<\\w+> = (\\S+)\\.\\.=(\\S+);`)
      .exec(source)
      ?.slice(1)
      .map((text) => Number(text.replaceAll('_', '')));
  expect(bounds('TANK_ML')).toEqual([measures.tank.least, measures.tank.most]);
  expect(bounds('BATTERY_WH')).toEqual([measures.battery.least, measures.battery.most]);
  expect(bounds('CARGO_TEMPERATURE')).toEqual([measures.lowest.least, measures.highest.most]);
});
