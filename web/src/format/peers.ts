// Machines in the network: the chain knows their ed25519 keys, people the peer ids that nodes write of themselves.
import { base58 } from '@scure/base';

/**
 * What the peer id of an ed25519 key begins with: an identity multihash of 36 bytes, which are the key in protobuf
 * (pallets/nodes/src/types.rs).
 */
const prefix = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20);
const keyBytes = 32;

/** The libp2p peer id of a key of 0x and 64 hexadecimal digits. Throws where it is none. */
export function peerIdOf(key: string): string {
  if (!/^0x[0-9a-f]{64}$/i.test(key)) throw new Error(`not a key: ${key.slice(0, 80)}`);
  const bytes = Uint8Array.from({ length: keyBytes }, (_, at) =>
    Number.parseInt(key.slice(2 + 2 * at, 4 + 2 * at), 16),
  );
  return base58.encode(Uint8Array.of(...prefix, ...bytes));
}

/** The key of a peer id, or a key as it is; undefined where it is neither. */
export function nodeKey(text: string): string | undefined {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  try {
    const bytes = base58.decode(text);
    const isOurs = prefix.every((byte, at) => bytes[at] === byte);
    if (bytes.length !== prefix.length + keyBytes || !isOurs) return undefined;
    const key = bytes.slice(prefix.length);
    return `0x${Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  } catch {
    return undefined;
  }
}
