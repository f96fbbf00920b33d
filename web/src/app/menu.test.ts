import { expect, test } from 'vitest';
import type { Area } from '../route/area';
import { areas } from './areas';
import { areaAt, itemAt, visibleAreas, visibleGroups, visibleItems } from './menu';

/** More pages than this are found only below headings. */
const mostWithout = 10;

const itemsOf = (area: Area) => area.menu.flatMap(({ items }) => items);
const names = (who: Parameters<typeof visibleAreas>[1]) => visibleAreas(areas, who).map((area) => area.id);

test('who is not logged in sees the explorer alone', () => {
  expect(names(null)).toEqual(['explorer']);
});

test('each role sees its areas', () => {
  expect(names({ roles: ['driver'] })).toEqual(['explorer', 'driver']);
  expect(names({ roles: ['rider'] })).toEqual(['explorer']);
  expect(names({ roles: ['fleet'] })).toContain('fleet');
  expect(names({ roles: ['operations', 'driver'] })).toEqual(['explorer', 'fleet', 'operations', 'driver']);
});

test('every item of a menu belongs to its area, and leads to one place', () => {
  for (const area of areas) {
    expect(area.to).toMatch(new RegExp(`^/${area.id}(/|$)`));
    const items = itemsOf(area);
    for (const item of items) expect(areaAt(areas, item.to)).toBe(area);
    expect(new Set(items.map((item) => item.to)).size).toBe(items.length);
    for (const item of items) expect(itemAt(items, item.to)).toBe(item);
  }
});

test('every item of a long menu stands below a heading of its own, in both languages', () => {
  const long = areas.filter((area) => itemsOf(area).length > mostWithout);
  expect(long.map(({ id }) => id)).toEqual(['explorer', 'fleet', 'operations']);
  for (const area of long) {
    const headings = area.menu.map(({ text }) => text);
    for (const { text, items } of area.menu) {
      expect(text?.en, area.id).toMatch(/^[A-Z][a-z]/);
      expect(text?.zh, area.id).toMatch(/^\p{Script=Han}+$/u);
      expect(items.length, text?.en).toBeGreaterThan(1);
    }
    for (const language of ['en', 'zh'] as const) {
      const said = [...headings, ...itemsOf(area).map(({ text }) => text)].map((text) => text?.[language]);
      expect(new Set(said).size, 'no heading is the name of another, or of a page').toBe(said.length);
    }
  }
});

test('a group of which somebody sees nothing has no heading', () => {
  const fleet = areaAt(areas, '/fleet');
  if (fleet === undefined) throw new Error('no fleet');
  const [watched, company] = fleet.menu;
  if (watched === undefined || company === undefined) throw new Error('no groups');
  const closed = { ...watched, items: watched.items.map((item) => ({ ...item, roles: ['fleet'] as const })) };
  const area = { ...fleet, menu: [closed, company] };
  expect(visibleGroups(area, { roles: ['finance'] }).map(({ text }) => text)).toEqual([company.text]);
  expect(visibleGroups(area, { roles: ['fleet'] })).toHaveLength(2);
});

test('an item with roles of its own is seen by them alone', () => {
  const area = areaAt(areas, '/operations');
  if (area === undefined) throw new Error('no operations');
  const item = {
    to: '/operations/secret',
    text: { en: '', zh: '' },
    icon: () => null,
    roles: ['admin'] as const,
  };
  const more = { ...area, menu: [...area.menu, { items: [item] }] };
  expect(visibleItems(more, { roles: ['operations'] })).not.toContain(item);
  expect(visibleItems(more, { roles: ['admin'] })).toContain(item);
});

test('a page below an item is of that item', () => {
  const items = ['/fleet', '/fleet/live', '/fleet/livestock'].map((to) => ({
    to,
    text: { en: to, zh: to },
    icon: () => null,
  }));
  expect(itemAt(items, '/fleet/live/7')?.to).toBe('/fleet/live');
  expect(itemAt(items, '/fleet/other')?.to).toBe('/fleet');
  expect(itemAt(items, '/driver')).toBeUndefined();
});
