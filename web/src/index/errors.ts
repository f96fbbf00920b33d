/** `extensions.code` of the index (docs/graphql.md), and what the browser finds by itself. */
export type IndexErrorName =
  | 'TOO_EXPENSIVE'
  | 'BAD_USER_INPUT'
  | 'TIMEOUT'
  | 'TOO_MANY_REQUESTS'
  | 'PROOF_UNAVAILABLE'
  | 'INDEX_UNAVAILABLE'
  | 'INVALID_DOCUMENT'
  | 'NO_CONNECTION'
  | 'NO_ANSWER'
  | 'BAD_ANSWER'
  | (string & {});

export class IndexError extends Error {
  override readonly name = 'IndexError';
  readonly errorName: IndexErrorName;
  /** The field that had no answer, as `vehicle.proof`. */
  readonly path: string | undefined;

  constructor(errorName: IndexErrorName, message: string, path?: string) {
    super(message);
    this.errorName = errorName;
    this.path = path;
  }

  /** Whether the same question may have an answer in a moment. */
  get passes(): boolean {
    return ['TIMEOUT', 'TOO_MANY_REQUESTS', 'INDEX_UNAVAILABLE', 'NO_CONNECTION', 'NO_ANSWER'].includes(
      this.errorName,
    );
  }
}
