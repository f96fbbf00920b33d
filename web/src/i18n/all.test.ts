// Laws of all texts of the portal: whatever file defines them.
import { expect, test } from 'vitest';
import { errorCodes } from '../api/methods';
import { errorTexts } from '../api/texts';
import { definedTexts } from './texts';

const files = import.meta.glob('../**/{texts,*.texts,*Texts}.ts');
await Promise.all(Object.values(files).map((load) => load()));
const defined = [...definedTexts()];

function names(text: string): string[] {
  return [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? '').sort();
}

test('there are texts', () => {
  expect(defined.length).toBeGreaterThan(3);
});

test.each(defined)('%s: Chinese says what English says, with the same values', (_, { en, zh }) => {
  for (const [key, text] of Object.entries(zh)) {
    const english = en[key] ?? '';
    expect(names(text), key).toEqual(names(english));
    expect(text.trim(), key).not.toBe('');
  }
});

test.each(defined)('%s: Chinese is Chinese', (_, { en, zh }) => {
  for (const [key, text] of Object.entries(zh)) {
    const sentence = /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(en[key] ?? '');
    if (sentence) expect(text, key).toMatch(/\p{Script=Han}/u);
    expect(text, `${key}: Chinese has its own punctuation`).not.toMatch(/\p{Script=Han}[,;?!]/u);
  }
});

test('every error of the API has its sentence and its remedy', () => {
  for (const name of Object.keys(errorCodes)) {
    expect(errorTexts.en).toHaveProperty(name);
    expect(errorTexts.en).toHaveProperty([`${name}.do`]);
  }
});
