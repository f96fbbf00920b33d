// What an area gives to the shell: where its menu leads, and who sees it. Its routes are exported beside it.
import type { ComponentType } from 'react';
import type { Role } from '../api/role';
import type { Language } from '../i18n/setup';

/** A short text of the menu, which is there before the area's own texts are loaded. */
export type MenuText = Readonly<Record<Language, string>>;

export interface MenuItem {
  /** The path it leads to; `/fleet/live` is active on `/fleet/live/7` as well. */
  readonly to: string;
  readonly text: MenuText;
  readonly icon: ComponentType;
  /** Only who has one of these sees it. Missing: everybody who sees the area. */
  readonly roles?: readonly Role[];
}

/** Items of a menu that belong together. */
export interface MenuGroup {
  /** The heading above them. Missing: the area has so few pages that it needs none. */
  readonly text?: MenuText;
  readonly items: readonly MenuItem[];
}

export interface Area {
  readonly id: 'explorer' | 'fleet' | 'operations' | 'driver';
  readonly text: MenuText;
  readonly icon: ComponentType;
  /** The path of its first page. */
  readonly to: string;
  /** Only who has one of these sees it. Missing: everybody, also without logging in. */
  readonly roles?: readonly Role[];
  readonly menu: readonly MenuGroup[];
}
