// Where messages go besides the inbox: what a person typed, checked as the service does it
// (offchain/notify/src/channels.rs), and what the api takes.
import type { Calls, Channels, WebhookShape } from '../../../../api/methods';

type Params = Calls['inbox_set_channels']['params'];

export const shapes = ['json', 'dingtalk', 'sms'] as const satisfies readonly WebhookShape[];

export const mostEmail = 254;
export const mostUrl = 2_000;
export const mostSecret = 200;

const bytes = (text: string) => new TextEncoder().encode(text).length;

export type EmailFault = 'emailMissing' | 'emailBad' | 'emailLong';

export function emailFault(typed: string): EmailFault | null {
  const text = typed.trim();
  if (text === '') return 'emailMissing';
  if (bytes(text) > mostEmail) return 'emailLong';
  return /^[^\s@,;<>]+@[^\s@,;<>]+$/.test(text) ? null : 'emailBad';
}

export interface Webhook {
  readonly url: string;
  readonly shape: WebhookShape;
  readonly secret: string;
}

export type WebhookFault =
  | 'urlMissing'
  | 'urlBad'
  | 'urlScheme'
  | 'urlUser'
  | 'urlLong'
  | 'secretMissing'
  | 'secretLong'
  | 'phoneBad';

/** What is wrong with a webhook; `set` is what is set already, whose secret stays when none is typed. */
export function webhookFault(typed: Webhook, set: Channels): WebhookFault | null {
  const text = typed.url.trim();
  if (text === '') return 'urlMissing';
  if (bytes(text) > mostUrl) return 'urlLong';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return 'urlBad';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'urlScheme';
  if (url.hostname === '') return 'urlBad';
  if (url.username !== '' || url.password !== '') return 'urlUser';
  if (bytes(typed.secret) > mostSecret) return 'secretLong';
  const isSame = text === set.webhook_url && typed.shape === (set.webhook_shape ?? 'json');
  if (typed.shape === 'json' && typed.secret === '' && !isSame) return 'secretMissing';
  if (typed.shape === 'sms') {
    const phones = url.searchParams.getAll('phone');
    const [phone = ''] = phones;
    if (phones.length !== 1 || !/^[ +]?\d{3,15}$/.test(phone)) return 'phoneBad';
  }
  return null;
}

/** What holds now and waits, as parameters: what is not given is switched off. */
function present(set: Channels): Params {
  const email = set.pending.find(({ channel }) => channel === 'email')?.to ?? set.email;
  return {
    ...(email === undefined ? {} : { email }),
    ...(set.webhook_url === undefined
      ? {}
      : { webhook_url: set.webhook_url, webhook_shape: set.webhook_shape ?? 'json' }),
  };
}

/** The channels with this e-mail address, or with none. */
export function withEmail(set: Channels, email: string | null): Params {
  const { email: _email, ...others } = present(set);
  return email === null ? others : { ...others, email: email.trim() };
}

/** The channels with this webhook, or with none. A secret that was not typed is not sent. */
export function withWebhook(set: Channels, webhook: Webhook | null): Params {
  const { email } = present(set);
  return {
    ...(email === undefined ? {} : { email }),
    ...(webhook === null
      ? {}
      : {
          webhook_url: webhook.url.trim(),
          webhook_shape: webhook.shape,
          ...(webhook.secret === '' ? {} : { webhook_secret: webhook.secret }),
        }),
  };
}

/** A code as it is sent: eight digits, also typed with blanks or in wide digits. */
export function tidyCode(typed: string): string | null {
  const code = typed.normalize('NFKC').replace(/[\s-]/g, '');
  return /^\d{8}$/.test(code) ? code : null;
}
