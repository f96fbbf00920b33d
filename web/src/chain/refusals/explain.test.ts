import { readFileSync } from 'node:fs';
import { InvalidTxError } from 'polkadot-api';
import { describe, expect, it } from 'vitest';
import { Metadata } from '../metadata';
import { CHINESE } from './chinese';
import { explain } from './explain';
import { dispatchRefusal, validityRefusal } from './refusal';

const metadata = new Metadata(
  new Uint8Array(readFileSync(new URL('../../../../offchain/chain/metadata.scale', import.meta.url))),
);
const OURS = [
  'Consortium',
  'Validators',
  'Checkpoints',
  'Drivers',
  'Vehicles',
  'Tariffs',
  'Settlement',
  'Telemetry',
  'Nodes',
  'Allowance',
];
const moduleError = (pallet: string, name: string, value?: unknown) => ({
  type: 'Module',
  value: { type: pallet, value: { type: name, value } },
});

describe('errors of our pallets', () => {
  const ours = metadata.errors().filter((e) => OURS.includes(e.pallet));

  it.each(ours.map((e) => [`${e.pallet}.${e.name}`, e] as const))('%s', (_, error) => {
    const refusal = { kind: 'pallet', pallet: error.pallet, name: error.name } as const;
    expect(explain(metadata, refusal, 'zh').sentence).toMatch(/\p{Script=Han}.*。$/u);
    expect(explain(metadata, refusal, 'en').sentence).toBe(error.docs);
    expect(error.docs).not.toBe('');
  });
});

it('has Chinese for no error that is not there', () => {
  const names = new Set(metadata.errors().map((e) => `${e.pallet}.${e.name}`));
  const said = Object.entries(CHINESE).flatMap(([pallet, all]) =>
    Object.keys(all).map((n) => `${pallet}.${n}`),
  );
  expect(said.filter((name) => !names.has(name))).toEqual([]);
});

it('names the error of a pallet, with or without details', () => {
  for (const details of [undefined, { type: 'CheckDigit', value: { expected: 88 } }]) {
    const refusal = dispatchRefusal(moduleError('Vehicles', 'Vin', details));
    expect(explain(metadata, refusal, 'en')).toEqual({
      name: 'Vehicles.Vin',
      sentence: 'The VIN is wrong: compare it with the vehicle’s papers.'.replace('’', "'"),
    });
  }
});

it('says what to do about errors that no pallet owns', () => {
  const broke = dispatchRefusal({ type: 'Token', value: { type: 'FundsUnavailable', value: undefined } });
  expect(explain(metadata, broke, 'en').sentence).toContain('put money in first');
  const stale = validityRefusal(new InvalidTxError({ type: 'Invalid', value: { type: 'Stale' } }));
  expect(stale && explain(metadata, stale, 'zh').sentence).toContain('该账户已有其他交易先行完成');
});

it('names what it does not know', () => {
  const odd = dispatchRefusal({ type: 'Trie', value: { type: 'Odd', value: undefined } });
  expect(explain(metadata, odd, 'en').sentence).toBe(
    'The chain answered: Trie.Odd. Look at the page again and repeat what you did.',
  );
  expect(dispatchRefusal('nonsense')).toEqual({ kind: 'dispatch', name: 'Unknown' });
  expect(validityRefusal(new Error('lost'))).toBeUndefined();
});
