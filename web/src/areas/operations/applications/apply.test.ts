import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeCall } from '../../../chain/calls/describe';
import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { Metadata } from '../../../chain/metadata';
import { accountHex } from '../../../format/ids';
import { callOf } from '../../../wallet/requests';
import { companyKinds, type Draft, mostPapers, nextKind, paperKinds, readApplication } from './apply';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const paper = (byte: number) =>
  ({
    kind: 'BusinessLicence',
    file: 'licence.pdf',
    hash: `0x${byte.toString(16).padStart(2, '0').repeat(32)}`,
  }) as const;
const draft: Draft = { name: ' 河山出行 ', kind: 'Carrier', treasury: ALICE, papers: [paper(1), paper(2)] };
const nobody = new Set<string>();
const troubles = (part: Partial<Draft>, treasuries = nobody) => {
  const read = readApplication({ ...draft, ...part }, treasuries);
  expect(read.call).toBeUndefined();
  return Object.fromEntries(read.troubles);
};

test('what was filled in is what the chain takes, and says again', () => {
  const { call } = readApplication(draft, nobody);
  if (call === undefined) throw new Error('nothing was made');
  const bytes = metadata.encodeCall(callOf('Consortium', 'apply', call));
  const back = metadata.decodeCall(bytes);
  expect(metadata.encodeCall(back)).toEqual(bytes);
  expect(describeCall(metadata, back, 'zh').sentence).toContain('河山出行');
  expect(back.value.value).toMatchObject({ treasury: ALICE, papers: [{ hash: paper(1).hash }, {}] });
});

test('what is wrong is named', () => {
  expect(troubles({ name: ' ', kind: undefined, treasury: '', papers: [] })).toEqual({
    name: 'empty',
    kind: 'empty',
    treasury: 'empty',
    papers: 'empty',
  });
  expect(troubles({ name: '出'.repeat(22) })).toEqual({ name: 'tooLong' });
  expect(troubles({ treasury: '5Grw' })).toEqual({ treasury: 'notAccount' });
  expect(troubles({}, new Set([accountHex(ALICE)]))).toEqual({ treasury: 'taken' });
  expect(troubles({ papers: [paper(1), paper(1)] })).toEqual({ papers: 'twice' });
  const many = Array.from({ length: mostPapers + 1 }, (_, at) => paper(at));
  expect(troubles({ papers: many })).toEqual({ papers: 'tooMany' });
});

test('kinds are those of the chain', () => {
  expect([...companyKinds]).toEqual(Object.keys(VOCABULARY['CompanyKind'] ?? {}));
  expect([...paperKinds]).toEqual(Object.keys(VOCABULARY['PaperKind'] ?? {}));
});

test('of each kind there is usually one paper', () => {
  expect(nextKind([])).toBe('BusinessLicence');
  expect(nextKind([paper(1)])).toBe('TransportLicence');
  const all = paperKinds.map((kind, at) => ({ ...paper(at), kind }));
  expect(nextKind(all)).toBe('Other');
});
