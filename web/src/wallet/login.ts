/** Signs the challenge with which a person logs in (docs/api.md, "Logging in"). */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { SignedText, TextSigner } from '../api/signer';
import type { WalletAccount } from './account';
import { publicKeyOf } from './address';
import { ExtensionFault } from './extensions';
import { Refused } from './refused';
import type { Wallet } from './wallet';

const BEFORE = utf8ToBytes('<Bytes>');
const AFTER = utf8ToBytes('</Bytes>');

/**
 * A signer for `session.login`. Rejects with `Locked` when the key has to be opened first, with `Refused` when the
 * person says no, with `ExtensionFault` when the wallet is gone.
 */
export function textSigner(wallet: Wallet, account: WalletAccount): TextSigner {
  return { account: account.address, sign: (text) => signText(wallet, account, text) };
}

async function signText(wallet: Wallet, account: WalletAccount, text: string): Promise<SignedText> {
  // Wrapped, so that what is signed can never be a transaction. Extensions wrap by themselves.
  const wrapped = concatBytes(BEFORE, utf8ToBytes(text), AFTER);
  const { source } = account;
  if (source.type === 'keystore') {
    return { signature: `0x${bytesToHex(wallet.keystore.sign(account.address, wrapped))}` };
  }
  const extension = wallet.extension(source);
  let answer: unknown;
  try {
    const data = `0x${bytesToHex(utf8ToBytes(text))}`;
    answer = await extension.signRaw({ address: source.address, data, type: 'bytes' });
  } catch (error) {
    throw error instanceof ExtensionFault ? error : new Refused(error);
  }
  const signature = signatureOf(answer, source.id);
  const publicKey = account.kind === 'ecdsa' ? ecdsaKey(account, wrapped, signature) : undefined;
  return { signature, publicKey };
}

function signatureOf(answer: unknown, id: string): string {
  if (typeof answer === 'object' && answer !== null && 'signature' in answer) {
    const { signature } = answer;
    if (typeof signature === 'string' && /^0x([0-9a-f]{2}){64,66}$/i.test(signature)) return signature;
  }
  throw new ExtensionFault('odd', id);
}

/** An ecdsa account is a hash of its key: the key is recovered from the signature. */
function ecdsaKey(account: WalletAccount, message: Uint8Array, signature: string): string {
  const bytes = hexToBytes(signature.slice(2)).slice(-65);
  const recovered = Uint8Array.of(bytes[64] ?? 0, ...bytes.subarray(0, 64));
  const key = secp256k1.recoverPublicKey(recovered, blake2b(message, { dkLen: 32 }), { prehash: false });
  const own = blake2b(key, { dkLen: 32 });
  if (bytesToHex(own) !== bytesToHex(publicKeyOf(account.address))) {
    throw new ExtensionFault('odd', account.source.type === 'extension' ? account.source.id : 'keystore');
  }
  return `0x${bytesToHex(key)}`;
}
