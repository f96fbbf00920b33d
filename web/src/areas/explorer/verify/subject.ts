// What the verify page is asked to prove, as its address says it.

export type Kind = 'ride' | 'vehicle' | 'anchor';

/** `?ride=1-12-714985639337984123`, `?vehicle=42`, `?anchor=1-7`; nothing: a file will come. */
export interface SubjectSearch {
  readonly ride?: string | undefined;
  readonly vehicle?: string | undefined;
  readonly anchor?: string | undefined;
}

export interface Subject {
  readonly kind: Kind;
  /** The id in the index. */
  readonly id: string;
}

const forms: Readonly<Record<Kind, RegExp>> = {
  ride: /^\d{1,10}-\d{1,20}-\d{1,20}$/,
  vehicle: /^\d{1,10}$/,
  anchor: /^\d{1,10}-\d{1,20}$/,
};

const kinds: readonly Kind[] = ['ride', 'vehicle', 'anchor'];

export function subjectSearch(search: Readonly<Record<string, unknown>>): SubjectSearch {
  for (const kind of kinds) {
    const value = search[kind];
    const id = typeof value === 'number' ? String(value) : value;
    if (typeof id === 'string' && forms[kind].test(id)) return { [kind]: id };
  }
  return {};
}

export function subjectOf(search: SubjectSearch): Subject | null {
  for (const kind of kinds) {
    const id = search[kind];
    if (id !== undefined) return { kind, id };
  }
  return null;
}
