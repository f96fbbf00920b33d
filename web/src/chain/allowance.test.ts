import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { accountHex } from '../format/ids';
import { allowanceOf, commonAllowance, payerOf } from './allowance';
import { Metadata } from './metadata';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../offchain/chain/metadata.scale', import.meta.url))),
);
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const utf8 = new TextEncoder();

const le = (value: bigint, bytes: number) =>
  bytesToHex(Uint8Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn)));
const amounts = (...all: readonly bigint[]) => `0x${all.map((one) => le(one, 16)).join('')}`;

/** A node that answers these questions in SCALE, and knows company 2. */
function chain(answers: Readonly<Record<string, string>>, known = metadata) {
  return {
    metadata: async () => known,
    ask: async (api: string, method: string, args: readonly unknown[] = []) => {
      const question = `${method}(${known.encodeQuestion(api, method, args)})`;
      const answer = answers[question];
      if (answer === undefined) throw new Error(`asked ${question}`);
      return known.decodeAnswer(api, method, answer);
    },
    read: async (_pallet: string, _item: string, [id]: readonly unknown[] = []) =>
      id === 2 ? { name: utf8.encode('Xinghe Ride'), treasury: ALICE } : undefined,
  };
}

const ofAlice = `payer(${accountHex(ALICE)})`;
const ofBob = `payer(${accountHex(BOB)})`;

test('an account draws on its company: who it is, what is left, of how much, and what comes back', async () => {
  const node = chain({
    [ofAlice]: '0x0102000000',
    'allowance(0x02000000)': amounts(8_700_001n, 10_000_000n, 33_334n),
  });
  expect(await payerOf(node, ALICE)).toEqual({
    company: 2,
    name: 'Xinghe Ride',
    left: 8_700_001n,
    max: 10_000_000n,
    recovery: 33_334n,
  });
});

test('who works for nobody draws on nobody', async () => {
  expect(await payerOf(chain({ [ofBob]: '0x00' }), BOB)).toBeUndefined();
});

test('a company whose name cannot be read is one all the same', async () => {
  const node = chain({ [ofBob]: '0x0109000000', 'allowance(0x09000000)': amounts(0n, 1n, 1n) });
  expect(await payerOf(node, BOB)).toMatchObject({ company: 9, name: undefined, left: 0n });
});

test('all companies have what the runtime tells of an id that none has', async () => {
  const node = chain({ 'allowance(0x00000000)': amounts(7n, 7n, 3n) });
  expect(await commonAllowance(node)).toEqual({ left: 7n, max: 7n, recovery: 3n });
});

test('an older runtime is asked nothing, and fees are in money as ever', async () => {
  const older = new Proxy(metadata, {
    get: (its, name) => (name === 'hasApi' ? () => false : Reflect.get(its, name, its)),
  });
  const node = chain({}, older);
  expect(await payerOf(node, ALICE)).toBeUndefined();
  expect(await allowanceOf(node, 2)).toBeUndefined();
  expect(metadata.hasApi('AllowanceApi', 'payer')).toBe(true);
  expect(metadata.hasApi('AllowanceApi', 'nothing')).toBe(false);
  expect(() => metadata.encodeQuestion('NothingApi', 'payer', [])).toThrow('NothingApi.payer');
});

test('a node that does not answer is not taken for one without allowances', async () => {
  await expect(payerOf(chain({}), ALICE)).rejects.toThrow('asked payer');
});
