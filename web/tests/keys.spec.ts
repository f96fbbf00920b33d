// Calls that come as files, and keys that act for a treasury. A company reads what somebody else made before it proposes it. A hot key
// pays from the treasury up to its limit and not above it; another one has to announce, and is stopped in time.

import { actingTexts } from '../src/areas/operations/acting/texts';
import { texts as callsTexts } from '../src/areas/operations/calls/texts';
import { proposeTexts } from '../src/areas/operations/council/proposeTexts';
import { texts as councilTexts } from '../src/areas/operations/council/texts';
import { texts as keysTexts } from '../src/areas/operations/keys/texts';
import { sayProxy } from '../src/chain/proxies';
import { keyTexts } from '../src/keys/texts';
import { accountOf, give as bring, bringFile, call, contentOf, pick } from './calls';
import { give } from './money';
import { chooseIn, sign } from './people';
import { expect, LANGUAGES, test, type Visitor } from './story';
import { installWallet } from './wallet';

/** How long pages may take to ask the node again. */
const SOON_MS = 120_000;
const LIMIT = '1.50';
const DELAY = '5000';

for (const language of LANGUAGES) {
  test(`a call that came as a file is read, and proposed to the council, ${language}`, async ({ visit }) => {
    const reader = await visit({ story: 'file', language });
    const { page } = reader;
    await installWallet(page, { paths: ['//Dave'] });
    const t = reader.texts(callsTexts);
    const note = `Minutes ${language} ${Date.now()}`;
    const content = contentOf(call('System', 'remark', { remark: new TextEncoder().encode(note) }));

    // What is no call is told in a sentence, each its own.
    await bringFile(reader, 'minutes.call', content.slice(0, -2));
    await expect(page.getByText(t('cutOff'))).toBeVisible();
    await reader.look('cut-off');
    await bring(reader, 'photo.call', 'no call at all');
    await expect(page.getByText(t('noPrefix'))).toBeVisible();
    await bring(reader, 'old.call', '0xffff');
    await expect(page.getByText(t('notCall'))).toBeVisible();

    await bring(reader, 'minutes.call', content);
    await expect(page.getByText(note).first()).toBeVisible();
    await page.getByRole('radio', { name: t('asCouncil') }).check();
    const council = reader.texts(councilTexts);
    await reader.button(council('connect')).click();
    await chooseIn(reader, '//Dave');
    await reader.look('read');
    await reader.button(reader.texts(proposeTexts)('submit')).click();
    await sign(reader, note, 'propose');
    await expect(reader.title(council('title'))).toBeVisible();
    await expect(page.getByText(note).first()).toBeVisible({ timeout: SOON_MS });
  });

  test(`a hot key pays up to its limit, and one with a delay is stopped, ${language}`, async ({ visit }) => {
    const serial = Date.now().toString(36);
    const [cold, hot, slow] = [`//Cold//${serial}`, `//Hot//${serial}`, `//Slow//${serial}`] as const;
    await give(1, '//Alice', cold, 100_000_000n);
    await give(1, '//Alice', hot, 10_000_000n);
    await give(1, '//Alice', slow, 10_000_000n);
    const treasury = await accountOf(cold);

    // The cold key lets two others act for the treasury.
    const holder = await visit({ story: 'keys', language, width: 390 });
    const t = holder.texts(keysTexts);
    const k = holder.texts(keyTexts);
    await installWallet(holder.page, { paths: [cold] });
    await holder.open(`/operations/keys?account=${treasury}`);
    await expect(holder.title(t('title'))).toBeVisible();
    await expect(holder.page.getByText(k('noProxies'))).toBeVisible({ timeout: SOON_MS });
    await holder.button(t('add')).click();
    const form = holder.page.getByRole('dialog', { name: t('addTitle') });
    await form.getByLabel(t('delegate')).fill(await accountOf(hot));
    await pick(holder, t('kind'), sayProxy({ type: 'Spending' }, language));
    await form.getByLabel(t('most')).fill('0');
    await expect(form.getByText(t('nothing'))).toBeVisible();
    await form.getByLabel(t('most')).fill(LIMIT);
    await holder.look('add');
    await form.getByRole('button', { name: t('next') }).click();
    // Nobody has the key before the wallet is connected: then the ways there are, or the signature itself.
    await connectAndSign(holder, cold, '¥1.50');
    const limit = sayProxy({ type: 'Spending', value: { most: 1_500_000n } }, language);
    await expect(holder.page.getByRole('table', { name: k('proxies') }).getByText(limit)).toBeVisible({
      timeout: SOON_MS,
    });

    await holder.button(t('add')).click();
    await form.getByLabel(t('delegate')).fill(await accountOf(slow));
    await pick(holder, t('kind'), sayProxy({ type: 'Any' }, language));
    await form.getByLabel(t('delay')).fill(DELAY);
    await form.getByRole('button', { name: t('next') }).click();
    await sign(holder, /5,000/);
    await expect(holder.page.getByRole('table', { name: k('proxies') }).getByRole('row')).toHaveCount(3, {
      timeout: SOON_MS,
    });
    await holder.look('keys');

    // The hot key pays, and not above its limit.
    const dest = { type: 'Id', value: await accountOf('//Bob') };
    const pay = (value: bigint) => contentOf(call('Balances', 'transfer_keep_alive', { dest, value }));
    const payer = await visit({ story: 'hot', language });
    await installWallet(payer.page, { paths: [hot] });
    await actFor(payer, treasury, pay(1_500_001n));
    const acting = payer.texts(actingTexts);
    await expect(payer.page.getByText(acting('noWay'))).toBeVisible({ timeout: SOON_MS });
    await payer.button(acting('wallet')).click();
    await chooseIn(payer, hot);
    // Also with its key there is no way to pay so much.
    await expect(payer.page.getByText(acting('noWay'))).toBeVisible();
    await payer.look('above-limit');
    await actFor(payer, treasury, pay(1_500_000n));
    await payer.button(acting('sign')).click({ timeout: SOON_MS });
    await sign(payer, '¥1.50', 'pay');

    // The other one announces, which the holder sees and rejects.
    const announcer = await visit({ story: 'announce', language });
    await installWallet(announcer.page, { paths: [slow] });
    await actFor(announcer, treasury, pay(90_000_000n));
    await announcer.button(acting('wallet')).click({ timeout: SOON_MS });
    await chooseIn(announcer, slow);
    await announcer.button(acting('sign')).click({ timeout: SOON_MS });
    await sign(announcer, /Announce|预告/);
    await expect(announcer.page.getByRole('radio', { disabled: true })).toBeVisible({ timeout: SOON_MS });
    await announcer.look('waits');

    await holder.button(t('reject')).click({ timeout: SOON_MS });
    await sign(holder, /Refuse|拒绝/, 'reject');
    await expect(holder.page.getByText(k('noAnnounced'))).toBeVisible({ timeout: SOON_MS });

    // A key that is lost is taken away.
    await holder.page
      .getByRole('row')
      .filter({ hasText: limit })
      .getByRole('button', { name: t('remove') })
      .click();
    await sign(holder, limit);
    await expect(holder.page.getByText(limit)).toBeHidden({ timeout: SOON_MS });
    await holder.look('removed');
  });
}

/** Brings a file, and names the account that shall do it. */
async function actFor(visitor: Visitor, account: string, content: string): Promise<void> {
  const t = visitor.texts(callsTexts);
  await bringFile(visitor, 'payment.call', content);
  await visitor.page.getByRole('radio', { name: t('asOther') }).check();
  await visitor.page.getByLabel(t('account')).fill(account);
}

/** Where the wallet is not connected yet it is first, in the dialog that offers ways to sign. */
async function connectAndSign(visitor: Visitor, path: string, does: string): Promise<void> {
  const acting = visitor.texts(actingTexts);
  await visitor.button(acting('wallet')).click({ timeout: SOON_MS });
  await chooseIn(visitor, path);
  await visitor.button(acting('sign')).click({ timeout: SOON_MS });
  await sign(visitor, does, 'sign');
}
