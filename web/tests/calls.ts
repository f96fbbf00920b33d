/** Calls as files, as `smartlink-node company` writes them, and how people put them into the portal. */
import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { texts as callsTexts } from '../src/areas/operations/calls/texts';
import { type DecodedCall, Metadata } from '../src/chain/metadata';
import { addressOf } from '../src/wallet/address';
import { pairOf } from '../src/wallet/keystore/phrase';
import { expect, type Visitor } from './story';
import { DEVELOPMENT_PHRASE } from './wallet';

const metadata = new Metadata(new Uint8Array(readFileSync('../offchain/chain/metadata.scale')));

/** The account of a development key. */
export async function accountOf(path: string): Promise<string> {
  return addressOf((await pairOf(DEVELOPMENT_PHRASE, path)).publicKey);
}

export function call(pallet: string, name: string, value?: object): DecodedCall {
  return { type: pallet, value: { type: name, value } };
}

/** What is in the file of a call. */
export function contentOf(one: DecodedCall): string {
  return `0x${bytesToHex(metadata.encodeCall(one))}\n`;
}

/** Goes to the page that reads files of calls, and gives it one. */
export async function bringFile(visitor: Visitor, name: string, content: string): Promise<void> {
  const t = visitor.texts(callsTexts);
  await visitor.open('/operations/calls');
  await expect(visitor.title(t('title'))).toBeVisible();
  await expect(visitor.button(t('choose'))).toBeVisible();
  await give(visitor, name, content);
}

/** Gives the page another file. */
export async function give(visitor: Visitor, name: string, content: string): Promise<void> {
  const buffer = Buffer.from(content);
  await visitor.page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/plain', buffer });
}

/** Chooses one of what a field offers. */
export async function pick(visitor: Visitor, label: string, option: string): Promise<void> {
  await visitor.page.getByRole('combobox', { name: label }).click();
  // The list was placed for the width that the page had when it was last looked at: it is not where one would click.
  await visitor.page
    .locator('.ant-select-item-option')
    .filter({ hasText: option })
    .last()
    .dispatchEvent('click');
}
