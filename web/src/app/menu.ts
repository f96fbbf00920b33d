// What of the menu somebody sees.
import type { Role } from '../api/role';
import type { Area, MenuGroup, MenuItem } from '../route/area';

/** `null`: nobody is logged in. */
export type Who = { readonly roles: readonly Role[] } | null;

function opens(needed: readonly Role[] | undefined, who: Who): boolean {
  if (needed === undefined) return true;
  return who !== null && needed.some((role) => who.roles.includes(role));
}

export function mayEnter(area: Area, who: Who): boolean {
  return opens(area.roles, who);
}

export function visibleAreas(areas: readonly Area[], who: Who): readonly Area[] {
  return areas.filter((area) => mayEnter(area, who));
}

/** The groups of a menu, each with what somebody sees of it. One of which nothing is seen is left out. */
export function visibleGroups(area: Area, who: Who): readonly MenuGroup[] {
  return area.menu
    .map((group) => ({ ...group, items: group.items.filter((item) => opens(item.roles, who)) }))
    .filter(({ items }) => items.length > 0);
}

export function visibleItems(area: Area, who: Who): readonly MenuItem[] {
  return visibleGroups(area, who).flatMap(({ items }) => items);
}

function leadsTo(path: string, to: string): boolean {
  return path === to || path.startsWith(to.endsWith('/') ? to : `${to}/`);
}

/** The area that a path belongs to. */
export function areaAt(areas: readonly Area[], path: string): Area | undefined {
  return areas.find((area) => leadsTo(path, `/${area.id}`));
}

/** The item that a path belongs to: the one with the longest path that leads there. */
export function itemAt(items: readonly MenuItem[], path: string): MenuItem | undefined {
  return items
    .filter((item) => leadsTo(path, item.to))
    .reduce<MenuItem | undefined>(
      (best, item) => (best && best.to.length >= item.to.length ? best : item),
      undefined,
    );
}
