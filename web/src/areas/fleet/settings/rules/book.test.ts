import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertKinds } from '../../alerts/alert';
import { agreesWith, changesBetween, faultsOf, inherited, rulesFor, said, saying } from './book';
import { classes } from './classes';
import { applied, draftKey, entryOf, tidied } from './draft';
import { above, alarms, classDefaults, fieldOf, type Path, paths, sectionNames, sections } from './fields';
import { fromUnit, inUnit, type Unit, units } from './units';
import { ruleTexts } from './words';

const root = resolve(import.meta.dirname, '../../../../../../offchain');
const rust = (file: string) => readFileSync(resolve(root, file), 'utf8');

/** `4 * 3_600_000` and `90 * DAY` as numbers. */
function numberOf(text: string): number {
  const names: Readonly<Record<string, number>> = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 };
  return text
    .split('*')
    .map((part) => names[part.trim()] ?? Number(part.trim().replaceAll('_', '')))
    .reduce((product, factor) => product * factor, 1);
}

test('every rule of the service is here, with its default', () => {
  const types = new Map(
    [...rust('telemetry/src/analysis/rules.rs').matchAll(/pub (\w+): (\w+(?:Rules|Time)),/g)].map(
      ([, section = '', type = '']) => [type, section],
    ),
  );
  const found: Record<string, unknown> = {};
  const source = rust('telemetry/src/analysis/rules/sections.rs');
  for (const [, type = '', body = ''] of source.matchAll(/^ {4}(\w+) \{\n(.*?)^ {4}\}/gms)) {
    for (const [, name = '', value = ''] of body.matchAll(/^ {8}(\w+): [^=]+=\s*([^;]+);/gm))
      found[`${types.get(type)}.${name}`] = value.replace(/\s+/g, ' ').trim();
  }
  expect(Object.keys(found).sort()).toEqual([...paths].sort());
  for (const path of paths) {
    const { kind, fallback } = fieldOf(path);
    const text = String(found[path]);
    if (kind === 'number') expect(fallback, path).toBe(numberOf(text));
    else if (kind === 'switch') expect(fallback, path).toBe(text === 'true');
    else if (kind === 'range') expect(text, path).toBe('None');
    else if (kind === 'alarms')
      expect([...text.matchAll(/"(\w+)"/g)].map(([, name]) => name)).toEqual(fallback);
    else {
      const snake = (name = '') => name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
      expect([...text.matchAll(/AlertKind::(\w+)/g)].map(([, name]) => snake(name))).toEqual(fallback);
    }
  }
});

test('the bounds are those by which the service checks', () => {
  const source = rust('telemetry/src/analysis/rules/check.rs').replace(/\s+/g, ' ');
  const bounds = new Map<string, readonly [number, number]>();
  for (const [, path = '', least = '', most = ''] of source.matchAll(
    /"([a-z_]+\.[a-z0-9_]+)", [^,]+?, ([-A-Z0-9_ *]+)\.\.=([-A-Z0-9_ *]+),? ?\)/g,
  ))
    bounds.set(path, [numberOf(least), numberOf(most)]);
  // Rules that are checked in loops share their bounds.
  for (const [, list = '', least = '', most = ''] of source.matchAll(
    /for \(field, \w+\) in \[(.*?)\] \{ checker\.within\(field, \w+, (\S+)\.\.=(\S+)\)/g,
  ))
    for (const [, path = ''] of list.matchAll(/\("([\w.]+)"/g))
      bounds.set(path, [numberOf(least), numberOf(most)]);
  const ours = paths.flatMap((path) => {
    const field = fieldOf(path);
    return field.kind === 'number' ? [[path, [field.least, field.most]] as const] : [];
  });
  expect(Object.fromEntries(bounds)).toEqual(Object.fromEntries(ours));
  expect(source).toContain('within("cargo.temperature.low", range.low, -1_000..=2_000)');
  expect(
    [...source.matchAll(/above\( ?"([\w.]+)", \w+\.\w+, "([\w.]+)"/g)].map((found) => found.slice(1)),
  ).toEqual(expect.arrayContaining(above.map((pair) => [...pair])));
});

test('classes, alarms and what differs between classes are those of the service', () => {
  const names = (source: string) => [...source.matchAll(/=> "(\w+)"/g)].map(([, name]) => name);
  expect(names(rust('telemetry/src/analysis/class.rs'))).toEqual([...classes]);
  const signals = rust('records/src/signals.rs').split('Alarms {')[1] ?? '';
  expect([...signals.matchAll(/ = \d+, "(\w+)"/g)].map(([, name]) => name)).toEqual([...alarms]);
  const source = rust('telemetry/src/analysis/rules.rs');
  const lines = [...source.matchAll(/Class::\w+ => \((\d+), \[(\d+), (\d+), (\d+)\], ([\d_]+), ([\d_]+)\)/g)];
  expect(lines.length).toBe(classes.length);
  for (const [at, line] of lines.entries()) {
    const of = classes[at] ?? 'car';
    const numbers = line.slice(1).map((text) => Number(text.replaceAll('_', '')));
    const { 'speeding.night_permille': _night, ...own } = classDefaults[of] as Record<string, number>;
    expect(Object.values(own), of).toEqual(numbers);
  }
  expect(classDefaults.bus['speeding.night_permille']).toBe(800);
  expect(alertKinds).toEqual(expect.arrayContaining([...sections.alerts.held.fallback]));
});

test('every rule is named and explained', () => {
  const texts = Object.assign({}, ...ruleTexts.map(({ en }) => en)) as Record<string, string>;
  for (const section of sectionNames) {
    expect(texts).toHaveProperty([section]);
    expect(texts).toHaveProperty([`${section}.why`]);
  }
  for (const path of paths.filter((one) => !one.endsWith('.enabled'))) {
    expect(texts).toHaveProperty([path]);
    expect(texts).toHaveProperty([`${path}.why`]);
  }
});

test('a class wins over the company and the company over the defaults', () => {
  const book = {
    rules: { speeding: { limit_kmh: 110 }, tow: { enabled: false } },
    classes: { heavy_truck: { speeding: { limit_kmh: 70 } } },
  };
  expect(rulesFor(book, 'car')['speeding.limit_kmh']).toBe(110);
  expect(rulesFor(book, 'heavy_truck')['speeding.limit_kmh']).toBe(70);
  expect(rulesFor(book, 'heavy_truck')['tow.enabled']).toBe(false);
  expect(rulesFor(book, 'bus')['speeding.night_permille']).toBe(800);
  expect(inherited(book, 'heavy_truck', 'speeding.limit_kmh')).toEqual({ value: 110 });
  expect(inherited(book, 'all', 'speeding.limit_kmh')).toBeNull();
});

test('what the service would refuse is named with its classes', () => {
  const low = saying({}, 'van', 'speeding.limit_kmh', 0);
  expect(faultsOf(low)).toEqual([
    { path: 'speeding.limit_kmh', classes: ['van'], why: { kind: 'bounds', least: 5, most: 400 } },
  ]);
  expect(faultsOf(saying({}, 'all', 'harsh.gap_least_ms', 4_000))).toEqual([
    {
      path: 'harsh.gap_most_ms',
      classes,
      why: { kind: 'above', other: 'harsh.gap_least_ms', least: 4_000 },
    },
  ]);
  expect(faultsOf(saying({}, 'van', 'cargo.temperature', { low: 80, high: 20 }))[0]?.why).toEqual({
    kind: 'upsideDown',
  });
  expect(faultsOf({})).toEqual([]);
});

test('a change shows for whom it changes what, and nothing else', () => {
  const before = saying({}, 'heavy_truck', 'speeding.limit_kmh', 80);
  const after = saying(before, 'all', 'speeding.limit_kmh', 90);
  expect(changesBetween(before, after)).toEqual([
    { path: 'speeding.limit_kmh', from: 120, to: 90, classes: ['car', 'van'] },
    { path: 'speeding.limit_kmh', from: 100, to: 90, classes: ['bus', 'light_truck'] },
    { path: 'speeding.limit_kmh', from: 80, to: 90, classes: ['dangerous_goods'] },
  ]);
});

test('what is taken back leaves no trace in the book', () => {
  const book = saying(saying({}, 'van', 'tow.fixes', 5), 'all', 'tow.enabled', false);
  expect(said(book, 'van', 'tow.fixes')).toBe(5);
  expect(saying(saying(book, 'van', 'tow.fixes', undefined), 'all', 'tow.enabled', undefined)).toEqual({});
});

test('a field that is emptied is inherited again, and one that cannot be read changes nothing', () => {
  const book = saying({}, 'all', 'fatigue.day_ms', 3 * 3_600_000);
  expect(entryOf(book, 'all', 'fatigue.day_ms')).toEqual({ is: 'typed', text: '3' });
  const emptied = applied(book, new Map([[draftKey('all', 'fatigue.day_ms'), { is: 'typed', text: ' ' }]]));
  expect(emptied).toEqual({ book: {}, faults: new Map() });
  const bad = applied(book, new Map([[draftKey('all', 'fatigue.day_ms'), { is: 'typed', text: 'three' }]]));
  expect(bad.book).toEqual(book);
  expect([...bad.faults.values()]).toEqual(['notNumber']);
  const half = applied(
    {},
    new Map([[draftKey('van', 'cargo.temperature'), { is: 'range', low: '2', high: '' }]]),
  );
  expect([...half.faults.values()]).toEqual(['missing']);
});

test('typing what was there is no change', () => {
  const book = saying({}, 'all', 'tow.distance_m', 300);
  const draft = new Map([
    [draftKey('all', 'tow.distance_m'), { is: 'typed', text: '300' } as const],
    [draftKey('all', 'tow.fixes'), { is: 'inherited' } as const],
  ]);
  expect(tidied(book, draft).size).toBe(0);
});

test('any draft leaves a book of which the service could say the same', () => {
  const numbers = paths.filter((path) => fieldOf(path).kind === 'number');
  const entry = fc.tuple(
    fc.constantFrom('all' as const, ...classes),
    fc.constantFrom<Path>(...numbers),
    fc.integer({ min: -10, max: 1_000 }),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const draft = new Map(
        entries.map(([scope, path, value]) => [
          draftKey(scope, path),
          { is: 'typed', text: String(value) } as const,
        ]),
      );
      const { book, faults } = applied({}, draft);
      expect(faults.size).toBe(0);
      const effective = Object.fromEntries(
        classes.map((of) => {
          const told: Record<string, Record<string, unknown>> = {};
          for (const [path, value] of Object.entries(rulesFor(book, of))) {
            const [section = '', name = ''] = path.split('.');
            told[section] = { ...told[section], [name]: value };
          }
          return [of, told];
        }),
      );
      expect(agreesWith(book, effective)).toBe(true);
      expect(changesBetween(book, book)).toEqual([]);
    }),
  );
});

test('numbers come back from their units as they were', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(units) as Unit[])),
      fc.integer({ min: -1_000, max: 100_000 }),
      (unit, steps) => {
        // People give parts of units that decimals can write.
        const { factor } = units[unit];
        const value = steps * (factor % 60_000 === 0 ? factor / 8 : factor === 60 ? 15 : 1);
        expect(fromUnit(inUnit(value, unit), unit)).toBe(value);
      },
    ),
  );
  expect(fromUnit('１２．５', 'litre')).toBe(12_500);
  expect(fromUnit('−3', 'celsius')).toBe(-30);
  expect(fromUnit('0.0001', 'g')).toBe('tooFine');
  expect(fromUnit('1,5', 'g')).toBe('notNumber');
  expect(fromUnit('1e3', 'm')).toBe('notNumber');
});
