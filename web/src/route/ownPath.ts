/** Only a path of this portal is come back to, never an address elsewhere. */
export function ownPath(from: unknown): string | undefined {
  return typeof from === 'string' && /^\/(?![/\\])/.test(from) && from.length <= 2_000 ? from : undefined;
}
