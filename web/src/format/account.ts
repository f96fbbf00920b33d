// Accounts in their two spellings. A module of its own: the shell needs none of its cryptography.
import { blake2b } from '@noble/hashes/blake2.js';
import { base58 } from '@scure/base';

/** The prefix of the chain's accounts in SS58: that of Substrate in general. */
const prefix = 42;

function checksum(payload: Uint8Array): Uint8Array {
  const context = new TextEncoder().encode('SS58PRE');
  return blake2b(Uint8Array.of(...context, ...payload), { dkLen: 64 }).slice(0, 2);
}

/** An account of 0x and 64 hexadecimal digits in SS58; one in SS58 as it is. Throws where it is neither. */
export function ss58(account: string): string {
  const payload = Uint8Array.of(prefix, ...accountBytes(account));
  return base58.encode(Uint8Array.of(...payload, ...checksum(payload)));
}

/** An account as 0x and 64 hexadecimal digits. Throws where it is none. */
export function accountHex(account: string): string {
  return `0x${Array.from(accountBytes(account), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Whether it is an account, in SS58 of any chain or in hexadecimal digits. */
export function isAccount(text: string): boolean {
  try {
    accountBytes(text);
    return true;
  } catch {
    return false;
  }
}

function accountBytes(account: string): Uint8Array {
  if (/^0x[0-9a-fA-F]{64}$/.test(account))
    return Uint8Array.from({ length: 32 }, (_, i) =>
      Number.parseInt(account.slice(2 + 2 * i, 4 + 2 * i), 16),
    );
  const bytes = base58.decode(account);
  const start = (bytes[0] ?? 0) < 64 ? 1 : 2;
  const payload = bytes.slice(0, -2);
  const sum = checksum(payload);
  if (payload.length !== start + 32 || sum[0] !== bytes.at(-2) || sum[1] !== bytes.at(-1))
    throw new Error(`not an account: ${account.slice(0, 80)}`);
  return payload.slice(start);
}
