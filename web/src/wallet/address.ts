/** Accounts as keys and as the SS58 addresses of this chain. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { accountHex, ss58 } from '../format/ids';

/** The text is no address, or one with a wrong check sum. */
export class BadAddress extends Error {
  override readonly name = 'BadAddress';
}

/** The address of a public key of 32 bytes. */
export function addressOf(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new BadAddress(`a key of ${publicKey.length} bytes is no account`);
  return ss58(`0x${bytesToHex(publicKey)}`);
}

/** The account of an address, whatever chain's prefix it has. Throws `BadAddress`. */
export function publicKeyOf(address: string): Uint8Array {
  try {
    return hexToBytes(accountHex(address).slice(2));
  } catch (error) {
    throw new BadAddress(error instanceof Error ? error.message : 'not an address');
  }
}

/** The same account with this chain's prefix. Throws `BadAddress`. */
export function ownAddress(address: string): string {
  return addressOf(publicKeyOf(address));
}
