import { expect, test } from 'vitest';
import type { Channels } from '../../../../api/methods';
import { emailFault, tidyCode, type Webhook, webhookFault, withEmail, withWebhook } from './channels';

const none: Channels = { pending: [] };
const hook = (over: Partial<Webhook> = {}): Webhook => ({
  url: 'https://fleet.example/hook',
  shape: 'json',
  secret: 'correct horse',
  ...over,
});

test('a webhook of ours is signed, unless it is the one whose secret is kept', () => {
  expect(webhookFault(hook(), none)).toBeNull();
  expect(webhookFault(hook({ secret: '' }), none)).toBe('secretMissing');
  const set: Channels = { pending: [], webhook_url: 'https://fleet.example/hook', webhook_shape: 'json' };
  expect(webhookFault(hook({ secret: '' }), set)).toBeNull();
  expect(webhookFault(hook({ secret: '', shape: 'dingtalk' }), set)).toBeNull();
});

test('what the service does not take as an address is said before', () => {
  expect(webhookFault(hook({ url: ' ' }), none)).toBe('urlMissing');
  expect(webhookFault(hook({ url: 'fleet.example' }), none)).toBe('urlBad');
  expect(webhookFault(hook({ url: 'ftp://fleet.example' }), none)).toBe('urlScheme');
  expect(webhookFault(hook({ url: 'https://u:p@fleet.example' }), none)).toBe('urlUser');
  expect(webhookFault(hook({ url: `https://fleet.example/${'x'.repeat(2_000)}` }), none)).toBe('urlLong');
  expect(webhookFault(hook({ secret: '密'.repeat(67) }), none)).toBe('secretLong');
});

test('a gateway for short messages has one telephone number', () => {
  const sms = (query: string) =>
    webhookFault(hook({ shape: 'sms', url: `https://sms.example/send${query}` }), none);
  expect(sms('?phone=%2B8613800000000')).toBeNull();
  expect(sms('?phone=+8613800000000&lang=zh')).toBeNull();
  for (const wrong of ['', '?phone=', '?phone=12', '?phone=1380000x', '?phone=110&phone=120'])
    expect(sms(wrong), wrong).toBe('phoneBad');
});

test('an e-mail address is one address', () => {
  expect(emailFault('wang@fleet.example')).toBeNull();
  expect(emailFault('  ')).toBe('emailMissing');
  expect(emailFault('wang')).toBe('emailBad');
  expect(emailFault('a@b.example, c@d.example')).toBe('emailBad');
  expect(emailFault(`${'x'.repeat(250)}@b.example`)).toBe('emailLong');
});

test('changing one channel keeps the other, also one that waits for its code', () => {
  const set: Channels = {
    webhook_url: 'https://fleet.example/hook',
    webhook_shape: 'json',
    pending: [{ channel: 'email', to: 'new@fleet.example', code_expires_at_ms: 1 }],
  };
  expect(withWebhook(set, hook({ secret: '' }))).toEqual({
    email: 'new@fleet.example',
    webhook_url: 'https://fleet.example/hook',
    webhook_shape: 'json',
  });
  expect(withWebhook(set, null)).toEqual({ email: 'new@fleet.example' });
  expect(withEmail(set, null)).toEqual({
    webhook_url: 'https://fleet.example/hook',
    webhook_shape: 'json',
  });
  expect(withEmail(none, ' wang@fleet.example ')).toEqual({ email: 'wang@fleet.example' });
});

test('a code is eight digits, however they are typed', () => {
  expect(tidyCode('1234 5678')).toBe('12345678');
  expect(tidyCode('１２３４５６７８')).toBe('12345678');
  expect(tidyCode('1234567')).toBeNull();
});
