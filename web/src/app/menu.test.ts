import { expect, test } from 'vitest';
import { areas } from './areas';
import { areaAt, itemAt, visibleAreas, visibleItems } from './menu';

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
    for (const item of area.menu) expect(areaAt(areas, item.to)).toBe(area);
    expect(new Set(area.menu.map((item) => item.to)).size).toBe(area.menu.length);
    for (const item of area.menu) expect(itemAt(area.menu, item.to)).toBe(item);
  }
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
  const more = { ...area, menu: [...area.menu, item] };
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
