// The company's book of rules: what follows from it for each class, what is wrong with it, and how two differ. As
// offchain/telemetry compiles and checks it (analysis/rules.rs, analysis/rules/check.rs).

import { classes, type RuleClass } from './classes';
import { above, alarms, classDefaults, type Field, fieldOf, type Path, paths } from './fields';

/** Temperatures in 0.1 °C. */
export interface Range {
  readonly low: number;
  readonly high: number;
}
export type Value = number | boolean | readonly string[] | Range | null;
export type Values = Readonly<Record<Path, Value>>;

type Tree = Readonly<Record<string, unknown>>;

/** All vehicles, or those of a class. */
export type Scope = 'all' | RuleClass;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the book itself says of a rule, for all or for a class. Undefined: nothing. */
export function said(book: Tree, scope: Scope, path: Path): unknown {
  const [section = '', name = ''] = path.split('.');
  const of = scope === 'all' ? book['rules'] : isTree(book['classes']) ? book['classes'][scope] : undefined;
  const within = isTree(of) ? of[section] : undefined;
  return isTree(within) ? within[name] : undefined;
}

/** The book with another word on a rule. Undefined: it says nothing of it. */
export function saying(book: Tree, scope: Scope, path: Path, value: Value | undefined): Tree {
  const [section = '', name = ''] = path.split('.');
  const way = scope === 'all' ? ['rules', section, name] : ['classes', scope, section, name];
  return put(book, way, value);
}

/** Parts of the book that became empty are left out. */
function put(tree: Tree, [first = '', ...rest]: readonly string[], value: Value | undefined): Tree {
  const { [first]: below, ...others } = tree;
  if (rest.length === 0) return value === undefined ? others : { ...others, [first]: value };
  const changed = put(isTree(below) ? below : {}, rest, value);
  return Object.keys(changed).length === 0 ? others : { ...others, [first]: changed };
}

/** Whether it is a value that the rule can have at all, whatever its bounds. */
function isOf(field: Field, value: unknown): value is Value {
  switch (field.kind) {
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value);
    case 'switch':
      return typeof value === 'boolean';
    case 'range':
      return (
        value === null ||
        (isTree(value) && [value['low'], value['high']].every((end) => Number.isSafeInteger(end)))
      );
    default:
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
  }
}

export function defaultOf(of: RuleClass, path: Path): Value {
  return classDefaults[of][path] ?? fieldOf(path).fallback;
}

/** The rules that hold for a class: its defaults, what is said for all, what is said for the class. */
export function rulesFor(book: Tree, of: RuleClass): Values {
  const found = paths.map((path) => {
    let value: unknown = defaultOf(of, path);
    for (const scope of ['all', of] as const) {
      const over = said(book, scope, path);
      if (over === undefined) continue;
      value = isTree(value) && isTree(over) ? { ...value, ...over } : over;
    }
    return [path, isOf(fieldOf(path), value) ? value : defaultOf(of, path)] as const;
  });
  return Object.fromEntries(found) as Values;
}

/** What holds where a scope says nothing itself; null where that is not the same for all classes. */
export function inherited(book: Tree, scope: Scope, path: Path): { readonly value: Value } | null {
  const without = saying(book, scope, path, undefined);
  if (scope !== 'all') return { value: rulesFor(without, scope)[path] };
  const all = classes.map((of) => defaultOf(of, path));
  return all.every((value) => isSame(value, all[0] ?? null)) ? { value: all[0] ?? null } : null;
}

export function isSame(one: Value, other: Value): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What is wrong with a book: with which rule, of which classes. */
export interface Fault {
  readonly path: Path;
  readonly classes: readonly RuleClass[];
  readonly why:
    | { readonly kind: 'bounds'; readonly least: number; readonly most: number }
    | { readonly kind: 'above'; readonly other: Path; readonly least: number }
    | { readonly kind: 'upsideDown' }
    | { readonly kind: 'unknown'; readonly name: string };
}

/** The faults of a book; each with the classes that have it. The service refuses a book with one. */
export function faultsOf(book: Tree): readonly Fault[] {
  const found = new Map<string, Fault>();
  for (const of of classes) {
    for (const { path, why } of faultsIn(rulesFor(book, of))) {
      const key = `${path} ${JSON.stringify(why)}`;
      const before = found.get(key)?.classes ?? [];
      found.set(key, { path, why, classes: [...before, of] });
    }
  }
  return [...found.values()];
}

function faultsIn(values: Values): Omit<Fault, 'classes'>[] {
  const faults = paths.flatMap((path) => {
    const why = wrong(fieldOf(path), values[path]);
    return why === null ? [] : [{ path, why }];
  });
  for (const [path, other] of above) {
    const [value, least] = [values[path], values[other]];
    if (typeof value === 'number' && typeof least === 'number' && value <= least)
      faults.push({ path, why: { kind: 'above', other, least } });
  }
  return faults;
}

function wrong(field: Field, value: Value): Fault['why'] | null {
  if (field.kind === 'alarms' && Array.isArray(value)) {
    const name = value.find((one) => !(alarms as readonly string[]).includes(one));
    return name === undefined ? null : { kind: 'unknown', name };
  }
  if (field.kind !== 'number' && field.kind !== 'range') return null;
  const { least, most } = field;
  const ends = typeof value === 'number' ? [value] : isRange(value) ? [value.low, value.high] : [];
  if (ends.some((end) => end < least || end > most)) return { kind: 'bounds', least, most };
  return isRange(value) && value.high < value.low ? { kind: 'upsideDown' } : null;
}

export function isRange(value: Value): value is Range {
  return isTree(value);
}

/** A rule that another book changes, with the classes for which it changes so. */
export interface RuleChange {
  readonly path: Path;
  readonly from: Value;
  readonly to: Value;
  readonly classes: readonly RuleClass[];
}

/** What changes for the vehicles when one book takes the place of the other. */
export function changesBetween(before: Tree, after: Tree): readonly RuleChange[] {
  const found = new Map<string, RuleChange>();
  for (const of of classes) {
    const [old, now] = [rulesFor(before, of), rulesFor(after, of)];
    for (const path of paths) {
      const [from, to] = [old[path], now[path]];
      if (isSame(from, to)) continue;
      const key = `${path} ${JSON.stringify([from, to])}`;
      found.set(key, { path, from, to, classes: [...(found.get(key)?.classes ?? []), of] });
    }
  }
  return [...found.values()].sort((one, other) => paths.indexOf(one.path) - paths.indexOf(other.path));
}

/** Whether what the service says of a class is what follows by this page's own knowledge of rules. */
export function agreesWith(book: Tree, effective: Tree): boolean {
  return classes.every((of) => {
    const rules = rulesFor(book, of);
    const told = effective[of];
    if (!isTree(told)) return false;
    const names = Object.entries(told).flatMap(([section, within]) =>
      isTree(within) ? Object.keys(within).map((name) => `${section}.${name}`) : [],
    );
    const isKnown = names.every((name) => (paths as readonly string[]).includes(name));
    return (
      isKnown &&
      paths.every((path) => {
        const [section = '', name = ''] = path.split('.');
        const within = told[section];
        // Nothing said is said by leaving it out as well.
        const value = (isTree(within) ? within[name] : undefined) ?? null;
        return isOf(fieldOf(path), value) && isSame(canonical(value), canonical(rules[path]));
      })
    );
  });
}

function canonical(value: Value): Value {
  return isRange(value) ? { low: value.low, high: value.high } : value;
}
