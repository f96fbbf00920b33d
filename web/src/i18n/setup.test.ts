import { expect, test } from 'vitest';
import { firstLanguage } from './setup';

test('the language is the remembered one, else the first of the system, else English', () => {
  expect(firstLanguage('zh', ['en-US'])).toBe('zh');
  expect(firstLanguage(null, ['fr-FR', 'zh-Hans-CN', 'en'])).toBe('zh');
  expect(firstLanguage('fr', ['de'])).toBe('en');
});
