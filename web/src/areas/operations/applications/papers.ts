// Papers of applications: hashes of documents, and the companies that answer for them.

export interface Paper {
  readonly place: number | null;
  readonly hash: string | null;
  /** Null: nobody attested it yet. */
  readonly companyId: number | null;
}

/** Whether the council may admit whose papers these are. */
export function isAttested(papers: ReadonlyArray<Pick<Paper, 'companyId'>>): boolean {
  return papers.length > 0 && papers.every(({ companyId }) => companyId !== null);
}

/** In the order in which the chain counts them: the index gives them by the texts of their ids. */
export function inPlace<P extends Pick<Paper, 'place'>>(papers: readonly P[]): readonly P[] {
  return [...papers].sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
}
