import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeKey, peerIdOf } from './peers';

const hexOf = (bytes: Uint8Array) => `0x${bytesToHex(bytes)}`;

test('the peer id is the one that a node with `--node-key 00…01` writes of itself', () => {
  const secret = new Uint8Array(32);
  secret[31] = 1;
  const key = hexOf(ed25519.getPublicKey(secret));
  expect(peerIdOf(key)).toBe('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp');
});

test('a key goes into a peer id and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const key = hexOf(bytes);
      expect(nodeKey(peerIdOf(key))).toBe(key);
      expect(nodeKey(key.toUpperCase().replace('0X', '0x'))).toBe(key);
    }),
  );
});

test('nothing else is a machine', () => {
  const account = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
  // The key of another kind: RSA, as a hash.
  const rsa = 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N';
  const cut = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDE';
  for (const text of ['', '0x', '0Ol', account, rsa, cut, `0x${'ab'.repeat(31)}`])
    expect(nodeKey(text), text).toBeUndefined();
  expect(() => peerIdOf('0x12')).toThrow('not a key');
});
