// Papers of an application: the chain keeps their hashes, and which company answers for each.

export interface Paper {
  readonly place: number | null;
  /** Who answers for it; nobody does before it is attested. */
  readonly companyId: number | null;
}

/** In the order in which they were shown: the index gives them by the texts of their ids. */
export function inPlace<P extends Paper>(papers: readonly P[]): readonly P[] {
  return [...papers].sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
}

export function attestedOf(papers: readonly Paper[]): number {
  return papers.filter(({ companyId }) => companyId !== null).length;
}
