import { expect, test } from 'vitest';
import { hexOf } from '../bytes';
import { documentHash } from '../document';
import { keccak } from '../hash';

// Keccak-256 of the empty text and of `abc`, as Ethereum has them.
test.each([
  ['', '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['abc', '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
])('the hash of a document is that of its bytes: %j', async (text, hash) => {
  expect(await documentHash(new Blob([text]))).toBe(hash);
});

test('a document of several pieces is hashed as one', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);
  expect(await documentHash(new Blob([bytes]))).toBe(hexOf(keccak(bytes)));
});
