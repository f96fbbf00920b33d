// The chain of hashes of the audit log. An entry is JSON, its hash SHA-256 over its bytes as the service stores them, and each
// carries the hash of the one before (docs/api.md). So the browser can check what it was given, entry by entry.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { AuditEntry } from '../../../api/methods';

/** The hash of an entry: its fields in the order in which the service writes them. */
export function hashOf(entry: AuditEntry): string {
  // Numbers of 64 bits are texts of the api and digits of the store: they are put in as they are.
  const text = (value: string | null | undefined) => JSON.stringify(value ?? null);
  const fields = [
    `"sequence":${entry.sequence}`,
    `"at_ms":${entry.at_ms}`,
    `"account":${entry.account ?? '0'}`,
    `"roles":${JSON.stringify(entry.roles)}`,
    `"method":${text(entry.method)}`,
    `"subject":${text(entry.subject)}`,
    `"idempotency_key":${text(entry.idempotency_key)}`,
    `"outcome":${entry.outcome}`,
    `"address":${text(entry.address)}`,
    `"request":${text(entry.request)}`,
    `"previous":${text(entry.previous)}`,
  ];
  return bytesToHex(sha256(utf8ToBytes(`{${fields.join(',')}}`)));
}

export type Linked =
  /** The entry after it carries its hash, or it is the last one and the service names its hash. */
  | 'fine'
  | 'broken'
  /** The entry after it is not among those that were given. */
  | 'unknown';

/**
 * For each entry whether what follows it carries its hash. `head` is the hash of the log's last entry, and how many there
 * are, as `ops_figures` tells them.
 */
export function linked(
  entries: readonly AuditEntry[],
  head: { readonly entries: number; readonly hash: string } | undefined,
): ReadonlyMap<string, Linked> {
  const previousOf = new Map(entries.map(({ sequence, previous }) => [BigInt(sequence), previous]));
  return new Map(
    entries.map((entry) => {
      const isLast = head !== undefined && BigInt(entry.sequence) === BigInt(head.entries);
      const said = isLast ? head.hash : previousOf.get(BigInt(entry.sequence) + 1n);
      if (said === undefined) return [entry.sequence, 'unknown'];
      return [entry.sequence, said === hashOf(entry) ? 'fine' : 'broken'];
    }),
  );
}
