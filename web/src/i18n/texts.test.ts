// What the types promise is held by the type check: each line below `@ts-expect-error` has to be an error.
import { afterEach, expect, test } from 'vitest';
import { i18n } from './setup';
import { defineTexts, say } from './texts';

const texts = defineTexts('test', {
  en: {
    plain: 'Vehicles',
    greeting: 'Good morning, {{name}}',
    found_one: '{{count}} vehicle',
    found_other: '{{count}} vehicles',
  },
  zh: { plain: '车辆', greeting: '{{name}}，早上好', found_other: '{{count}} 辆车' },
});

afterEach(() => i18n.changeLanguage('en'));

test('texts are said in the language of now, with their values and plurals', async () => {
  const english = say(texts);
  expect([english('plain'), english('greeting', { name: 'Li' })]).toEqual(['Vehicles', 'Good morning, Li']);
  expect([english('found', { count: 1 }), english('found', { count: 2 })]).toEqual([
    '1 vehicle',
    '2 vehicles',
  ]);
  await i18n.changeLanguage('zh');
  const chinese = say(texts);
  expect([chinese('plain'), chinese('found', { count: 1 })]).toEqual(['车辆', '1 辆车']);
});

test('values are put in as they are: what somebody typed is no markup and no key', () => {
  expect(say(texts)('greeting', { name: '<b>{{name}}</b> a.b:c' })).toContain('<b>');
});

test('what is missing is a type error', () => {
  const t = say(texts);
  // @ts-expect-error no such key
  t('other');
  // @ts-expect-error its value is missing
  t('greeting');
  // @ts-expect-error a value of another name
  t('greeting', { nam: 'Li' });
  // @ts-expect-error Chinese lacks a key
  defineTexts('test.lacks', { en: { a: 'A', b: 'B' }, zh: { a: '甲' } });
  // @ts-expect-error Chinese has a key more
  defineTexts('test.more', { en: { a: 'A' }, zh: { a: '甲', b: '乙' } });
  // @ts-expect-error Chinese has no singular
  defineTexts('test.one', { en: { a_one: 'A', a_other: 'As' }, zh: { a_one: '甲', a_other: '甲' } });
  expect(t('plain')).toBe('Vehicles');
});
