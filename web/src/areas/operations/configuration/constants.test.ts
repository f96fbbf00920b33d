import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NO_NAMES } from '../../../chain/calls/names';
import { line, Shower } from '../../../chain/calls/shown';
import { Words } from '../../../chain/calls/words';
import { Metadata } from '../../../chain/metadata';
import { fileOf, forever, told } from './constants';
import { constantTexts } from './constantTexts';

const root = new URL('../../../../../', import.meta.url);
const metadata = new Metadata(new Uint8Array(readFileSync(new URL('offchain/chain/metadata.scale', root))));
const constants = metadata.constants();

test('the chain has each constant that is told, as a whole number', () => {
  for (const { of } of told) {
    const found = constants.find(({ pallet, name }) => `${pallet}.${name}` === of);
    expect(['number', 'bigint'], of).toContain(typeof found?.value);
    expect(Object.hasOwn(constantTexts.en, of), of).toBe(true);
  }
});

test('each pallet with constants has its file, and that file configures it', () => {
  // How the pallet's crate is called, where it is not `pallet_` and its name in the runtime.
  const crates: Record<string, string> = {
    System: 'frame_system',
    Council: 'pallet_collective',
    MultiBlockMigrations: 'pallet_migrations',
  };
  const snake = (name: string) => name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  for (const pallet of new Set(constants.map((constant) => constant.pallet))) {
    const file = fileOf(pallet);
    expect(file, pallet).toBeDefined();
    const crate = crates[pallet] ?? `pallet_${snake(pallet)}`;
    expect(readFileSync(new URL(file ?? '', root), 'utf8'), pallet).toContain(`impl ${crate}::Config`);
  }
});

test('the runtime says of what never changes that it never does', () => {
  const consensus = readFileSync(new URL('runtime/src/configs/consensus.rs', root), 'utf8');
  expect(consensus.match(/Cannot change after genesis/g)).toHaveLength(forever.size);
});

test('every constant of the chain can be written down', () => {
  for (const language of ['en', 'zh'] as const) {
    const shower = new Shower(metadata, new Words(language, NO_NAMES));
    for (const { pallet, name, type, value } of constants)
      expect(typeof line(shower.value(type, value)), `${pallet}.${name}`).toBe('string');
  }
});
