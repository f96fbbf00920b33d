import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Metadata } from '../../../chain/metadata';
import { mostFileBytes, readCallFile } from './callFile';
import { texts } from './texts';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const admit = {
  type: 'Consortium',
  value: { type: 'admit', value: { application: 1, until: undefined, seat: true } },
};
const bytes = metadata.encodeCall(admit);
const line = `0x${bytesToHex(bytes)}`;

test('a file of one line is a call, with or without an end of the line', () => {
  for (const content of [
    line,
    `${line}\n`,
    `  ${line}\r\n`,
    `\uFEFF${line}`,
    line.toUpperCase().replace('0X', '0x'),
  ])
    expect(readCallFile(content, metadata)).toEqual({ call: admit, bytes });
});

test('whatever is wrong has its own sentence', () => {
  const trouble = (content: string) => {
    const read = readCallFile(content, metadata);
    const found = 'trouble' in read ? read.trouble : undefined;
    if (found !== undefined) expect(texts.en[found].length).toBeGreaterThan(20);
    return found;
  };
  expect(trouble(' \n')).toBe('empty');
  expect(trouble(`${line}\n${line}\n`)).toBe('severalLines');
  expect(trouble(line.slice(2))).toBe('noPrefix');
  expect(trouble('0x')).toBe('notHex');
  expect(trouble(`${line}zz`)).toBe('notHex');
  expect(trouble(line.slice(0, -1))).toBe('cutOff');
  expect(trouble(line.slice(0, -2))).toBe('notCall');
  expect(trouble('0xffff')).toBe('notCall');
  expect(trouble(`${line}00`)).toBe('leftOver');
  expect(trouble(`0x${'0'.repeat(mostFileBytes)}`)).toBe('tooLong');
});

test('no content stops the page', () => {
  const content = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 200 }).map((some) => `0x${bytesToHex(some)}`),
    // Calls with something changed in them.
    fc
      .tuple(fc.nat(bytes.length - 1), fc.nat(255))
      .map(([at, value]) => `0x${bytesToHex(bytes.with(at, value))}`),
  );
  fc.assert(
    fc.property(content, (text) => {
      const read = readCallFile(text, metadata);
      if ('call' in read) expect(metadata.encodeCall(read.call)).toEqual(read.bytes);
    }),
    { numRuns: 500 },
  );
});
