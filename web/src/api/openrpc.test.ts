import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { methodsText, source, target } from '../../scripts/openrpc';

test('the types of the API are those that docs/openrpc.json tells', () => {
  const made = methodsText(readFileSync(source, 'utf8'));
  expect(made === readFileSync(target, 'utf8'), 'src/api/methods.ts is old: run `npm run generate:api`').toBe(
    true,
  );
});

test('a method that the document gains changes the types', () => {
  const document = JSON.parse(readFileSync(source, 'utf8'));
  document.methods[0].params[0].name = 'somebody';
  expect(methodsText(JSON.stringify(document))).not.toBe(readFileSync(target, 'utf8'));
});

test('a schema of a kind that nobody foresaw is refused', () => {
  const document = JSON.parse(readFileSync(source, 'utf8'));
  document.components.schemas.Odd = { type: 'tuple' };
  expect(() => methodsText(JSON.stringify(document))).toThrow('tuple');
});
