import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Metadata } from '../../../chain/metadata';
import { readUpgrade } from './chainSettings';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../../offchain/chain/metadata.scale', import.meta.url))),
);

test('an upgrade that the council allowed is read out of the chain’s own encoding', () => {
  const hash = `0x${'ab'.repeat(32)}`;
  const stored = (checked: string) =>
    readUpgrade(metadata.decodeStorage('System', 'AuthorizedUpgrade', `${hash}${checked}`));
  expect(stored('01')).toEqual({ hash, isChecked: true });
  expect(stored('00')).toEqual({ hash, isChecked: false });
  expect(readUpgrade(undefined)).toBeUndefined();
});
