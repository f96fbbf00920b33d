// When something is wrong, a page says what, and what to do: a service that fails, an index that is away, a lost connection, a node
// of another chain. tests/shell.spec.ts has the ended session and the missing permission, tests/wallet.spec.ts the refused signature.

import { errorTexts } from '../src/api/texts';
import { appTexts } from '../src/app/texts';
import { texts as rideTexts } from '../src/areas/explorer/rides/texts';
import { texts as vehicleTexts } from '../src/areas/fleet/vehicles/texts';
import { formTexts } from '../src/areas/operations/tariffs/formTexts';
import { uiTexts } from '../src/ui/texts';
import { walletTexts } from '../src/wallet/texts';
import { chooseIn, logIn } from './people';
import { expect, test, type Visitor } from './story';
import { installWallet } from './wallet';

const LONG_MS = 240_000;

test('an index that is away is named, and asked again', async ({ visit }) => {
  const person = await visit({ story: 'index-away', language: 'zh' });
  const { page } = person;
  const said = person.texts(errorTexts);
  await page.route('**/graphql', (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
  await person.open('/explorer/rides');
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert.filter({ hasText: said('NO_CONNECTION') }).first()).toBeVisible({ timeout: LONG_MS });
  await expect(alert.filter({ hasText: said('NO_CONNECTION.do') }).first()).toBeVisible();
  await person.look('away');
  await page.unroute('**/graphql');
  await alert
    .getByRole('button', { name: person.texts(uiTexts)('retry') })
    .first()
    .click();
  await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
  await expect(person.title(person.texts(rideTexts)('title'))).toBeVisible();
});

test('a service that fails is named, and asked again', async ({ visit }) => {
  const person = await visit({ story: 'service-failed', language: 'en' });
  const { page } = person;
  await installWallet(page, { paths: ['//Alice'] });
  await person.open('/fleet/vehicles');
  await logIn(person, '//Alice');
  await expect(person.title(person.texts(vehicleTexts)('title'))).toBeVisible();
  const error = {
    code: -32603,
    message: 'a disk is full',
    data: { name: 'internal', remedy: 'call operations' },
  };
  const fails = (url: URL) => url.pathname === '/';
  await page.route(fails, async (route) => {
    const request = route.request();
    if (request.method() !== 'POST') return route.fallback();
    const { id, method } = request.postDataJSON() as { id: number; method: string };
    if (!method.startsWith('telemetry_')) return route.fallback();
    return route.fulfill({ json: { jsonrpc: '2.0', id, error } });
  });
  await person.link('Alerts').first().click();
  const alert = page.getByRole('main').getByRole('alert');
  const said = person.texts(errorTexts);
  await expect(alert.filter({ hasText: said('internal') }).first()).toBeVisible({ timeout: LONG_MS });
  await expect(alert.filter({ hasText: said('internal.do') }).first()).toBeVisible();
  await person.look('failed');
  await page.unroute(fails);
  await alert
    .getByRole('button', { name: person.texts(uiTexts)('retry') })
    .first()
    .click();
  await expect(alert).toHaveCount(0);
});

test('a lost connection is said, and comes back by itself', async ({ visit }) => {
  const person = await visit({ story: 'lost', language: 'zh' });
  const { page } = person;
  const t = person.texts(appTexts);
  const service = new RegExp(`^${person.portal.replace('http', 'ws')}/?$`);
  let isThere = true;
  const cut: (() => void)[] = [];
  await page.routeWebSocket(service, async (socket) => {
    if (!isThere) {
      await socket.close({ code: 1013, reason: 'away' });
      return;
    }
    const server = socket.connectToServer();
    cut.push(() => {
      void socket.close({ code: 1012, reason: 'restarting' });
      void server.close();
    });
  });
  await installWallet(page, { paths: ['//Alice'] });
  await person.open('/fleet/live');
  await logIn(person, '//Alice');
  await expect.poll(() => cut.length, { timeout: LONG_MS }).toBeGreaterThan(0);
  isThere = false;
  for (const one of cut) one();
  await expect(page.getByText(t('lost'))).toBeVisible({ timeout: LONG_MS });
  await person.look('lost');
  isThere = true;
  await person.button(t('retryNow')).click();
  await expect(page.getByText(t('lost'))).toBeHidden({ timeout: LONG_MS });
});

test('a chain that stands still is said on every page, and no longer once it goes on', async ({ visit }) => {
  const person = await visit({ story: 'standstill', language: 'zh' });
  const { page } = person;
  let block: number | undefined = 7;
  await page.route(
    (url) => url.pathname === '/',
    async (route) => {
      const request = route.request();
      const asked =
        request.method() === 'POST' ? (request.postDataJSON() as { id: number; method: string }) : null;
      if (asked?.method !== 'system_health' || block === undefined) return route.fallback();
      const result = { healthy: true, orders: true, dispatch: true, notify: true, chain: true, block };
      return route.fulfill({ json: { jsonrpc: '2.0', id: asked.id, result } });
    },
  );
  await person.open('/');
  // Since when is not known here: what is said after it.
  const [, sentence = ''] = person.texts(appTexts)('standstill', { time: '|', block: '7' }).split('|');
  const said = page.getByRole('status').getByText(sentence);
  await expect(said).toBeVisible({ timeout: LONG_MS });
  await person.look('still');
  block = undefined;
  await expect(said).toBeHidden({ timeout: LONG_MS });
});

/** A node that is of another chain, as it looks to a browser: it tells another genesis. */
async function foreignNode(visitor: Visitor): Promise<void> {
  const answer = await visitor.page.request.get(`${visitor.portal}/portal.json`);
  const { node } = (await answer.json()) as { node: string };
  const foreign = `0x${'ab'.repeat(32)}`;
  await visitor.page.routeWebSocket(new RegExp(`^${node}/?$`), (socket) => {
    const server = socket.connectToServer();
    const asked = new Set<number>();
    socket.onMessage((message) => {
      const { id, method } = JSON.parse(String(message)) as { id: number; method: string };
      if (method === 'chainSpec_v1_genesisHash') asked.add(id);
      server.send(message);
    });
    server.onMessage((message) => {
      const { id } = JSON.parse(String(message)) as { id?: number };
      const isGenesis = id !== undefined && asked.delete(id);
      socket.send(isGenesis ? JSON.stringify({ jsonrpc: '2.0', id, result: foreign }) : message);
    });
  });
}

test('nothing is signed for a node of another chain', async ({ visit }) => {
  const person = await visit({ story: 'other-chain', language: 'en' });
  const { page } = person;
  const t = person.texts(walletTexts);
  await foreignNode(person);
  const wallet = await installWallet(page, { paths: ['//Alice//maker'] });
  await person.open('/operations/tariffs/new');
  const form = person.texts(formTexts);
  await expect(page.getByText('The node that this portal names is of another chain.')).toBeVisible({
    timeout: LONG_MS,
  });
  await expect(page.getByText(form('fine'))).toBeVisible({ timeout: LONG_MS });
  await person.button(form('propose')).click();
  await chooseIn(person, '//Alice//maker');
  const dialog = page.getByRole('dialog', { name: t('signTitle') });
  await expect(dialog.getByRole('alert')).toContainText(t('wrongNetwork'), { timeout: LONG_MS });
  await person.look('wrong-network');
  expect(wallet.calls).toEqual([]);
});
