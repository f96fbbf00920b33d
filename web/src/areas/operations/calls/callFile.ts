// A call as companies hand it to each other: a file of one line, 0x and the hexadecimal digits of the encoded call.
import { hexToBytes } from '@noble/hashes/utils.js';
import { type DecodedCall, type Metadata, NotInMetadata } from '../../../chain/metadata';

/** The longest file that is read. A runtime has about two million bytes. */
export const mostFileBytes = 16 * 1024 * 1024;

export type Trouble =
  | 'empty'
  | 'tooLong'
  /** The file has more lines than one. */
  | 'severalLines'
  /** It does not begin with 0x. */
  | 'noPrefix'
  /** Something in it is no hexadecimal digit. */
  | 'notHex'
  /** Its digits are not in pairs: one is missing. */
  | 'cutOff'
  /** The bytes are no call of this chain's runtime. */
  | 'notCall'
  /** They begin with a call, and go on after it. */
  | 'leftOver';

export type CallFile =
  | { readonly call: DecodedCall; readonly bytes: Uint8Array }
  | { readonly trouble: Trouble };

/** Reads what is in a file or was pasted: exactly one call, or what is wrong. */
export function readCallFile(content: string, metadata: Metadata): CallFile {
  if (content.length > mostFileBytes) return { trouble: 'tooLong' };
  const text = content.replace(/^\uFEFF/, '').trim();
  if (text === '') return { trouble: 'empty' };
  if (/[\r\n]/.test(text)) return { trouble: 'severalLines' };
  if (!/^0x/i.test(text)) return { trouble: 'noPrefix' };
  const digits = text.slice(2);
  if (!/^[0-9a-f]+$/i.test(digits)) return { trouble: 'notHex' };
  if (digits.length % 2 === 1) return { trouble: 'cutOff' };
  const bytes = hexToBytes(digits);
  try {
    return { call: metadata.decodeCall(bytes), bytes };
  } catch (error) {
    // What decodes to a call that is shorter than the bytes.
    return { trouble: error instanceof NotInMetadata ? 'leftOver' : 'notCall' };
  }
}
