// The shell around all pages, against running services: who comes in, as whom, and what is said when something is wrong.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { accountHex } from '../src/format/ids';
import { installWallet } from './wallet';

async function axeClean(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const grave = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}

async function logIn(page: Page, path: string): Promise<void> {
  await page
    .getByRole('button', { name: /^(Choose an account|Another account|选择账户|换一个账户)$/ })
    .click();
  const dialog = page.getByRole('dialog');
  const connect = dialog.getByRole('button', { name: /^(Connect|连接)/ });
  const use = dialog.getByRole('button', { name: new RegExp(`^(Use|使用) ${path}$`) });
  await expect(connect.or(use).first()).toBeVisible();
  if (!(await use.isVisible())) await connect.first().click();
  await use.click();
}

/** Logs in, and once more when the service says that it has no time: it says so on a busy machine. */
async function getIn(page: Page, path: string): Promise<void> {
  await logIn(page, path);
  await expect(async () => {
    if (!page.url().includes('/login')) return;
    const alert = page.getByRole('alert').filter({ hasText: 'Try again in a moment.' });
    if (await alert.isVisible()) await page.getByRole('button', { name: `Log in as ${path}` }).click();
    expect(page.url()).not.toContain('/login');
  }).toPass({ timeout: 90_000 });
}

for (const [locale, title, lead] of [
  ['en-GB', 'SmartLinkDrive', 'For drivers'],
  ['zh-CN', 'SmartLinkDrive', '面向司机'],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1440]) {
      test(`the home page leads everybody, ${locale} ${colorScheme} ${width}`, async ({ browser }, info) => {
        const viewport = { width, height: 900 };
        const context = await browser.newContext({ locale, colorScheme, viewport });
        const page = await context.newPage();
        await page.goto('/');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
        await expect(page.getByText(lead)).toBeVisible();
        expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(colorScheme);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide).toBeLessThanOrEqual(width);
        await axeClean(page);
        await page.screenshot({ path: info.outputPath('home.png'), fullPage: true });
        await context.close();
      });
    }
  }
}

test('language and looks are remembered', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: '切换为简体中文' }).click();
  await expect(page.getByRole('link', { name: '首页' })).toBeVisible();
  await page.getByRole('button', { name: '外观' }).click();
  await page.getByRole('button', { name: '深色' }).click();
  await page.reload();
  await expect(page.getByRole('link', { name: '首页' })).toBeVisible();
  expect(
    await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]),
  ).toEqual(['zh-CN', 'dark']);
});

test('a dispatcher opens a link, logs in, and is where the link led', async ({ page }, info) => {
  const wallet = await installWallet(page, { paths: ['//Alice//fleet', '//Alice'] });
  await page.goto('/fleet');
  await expect(page).toHaveURL(/\/login\?from=/);
  await axeClean(page);
  await getIn(page, '//Alice//fleet');
  await expect(page).toHaveURL(/\/fleet/);
  expect(wallet.texts[0]).toContain(`account: ${accountHex(wallet.address('//Alice//fleet'))}`);
  await page.reload();
  await expect(page).toHaveURL(/\/fleet/);
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Fleet', exact: true })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Driver', exact: true })).toHaveCount(
    0,
  );

  await page.goto('/driver');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You may not see this page');
  await expect(page.getByText('It is for driver.')).toBeVisible();
  await expect(page.getByText('Your roles: fleet')).toBeVisible();
  await axeClean(page);
  await page.screenshot({ path: info.outputPath('no-permission.png') });

  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('link', { name: 'Log in', exact: true })).toBeVisible();
});

test('who refuses to sign, and who has no role, are told what to do', async ({ page }) => {
  const wallet = await installWallet(page, { paths: ['//Nobody'] });
  wallet.refuseSignatures(true);
  await page.goto('/login');
  await logIn(page, '//Nobody');
  await expect(page.getByRole('alert')).toBeVisible();
  wallet.refuseSignatures(false);
  await page.getByRole('button', { name: 'Log in as //Nobody' }).click();
  await expect(page.getByRole('alert')).toContainText('This account has no role in this company.');
});

test('a session that was ended elsewhere leads to the login page and back', async ({ page, request }) => {
  await installWallet(page, { paths: ['//Alice//fleet'] });
  await page.goto('/fleet');
  await getIn(page, '//Alice//fleet');
  await expect(page).toHaveURL(/\/fleet/);
  const token = await page.evaluate(
    () => JSON.parse(localStorage.getItem('smartlink.session') ?? '{}').access as string,
  );
  const end = async () => {
    const answer = await request.post('/', {
      headers: { authorization: `Bearer ${token}` },
      data: { jsonrpc: '2.0', id: 1, method: 'auth_logout', params: {} },
    });
    return answer.json();
  };
  // A service that is busy is asked again.
  await expect.poll(end).toHaveProperty('result');
  // The page follows vehicles, and is told.
  await expect(page).toHaveURL(/\/login\?from=%2Ffleet/);
  await expect(page.getByText('Your session was ended elsewhere')).toBeVisible();
  await page.getByRole('button', { name: 'Log in as //Alice//fleet' }).click();
  await expect(page).toHaveURL(/\/fleet/);
});

test('a page that is not there', async ({ page }) => {
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await axeClean(page);
  await page.getByRole('link', { name: 'To the home page' }).click();
  await expect(page).toHaveURL(/\/$/);
});

test('a device without network says so, and a portal without its settings can be tried again', async ({
  page,
  context,
}) => {
  await page.route('/portal.json', (route) => route.fulfill({ status: 503 }));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'The portal cannot start' })).toBeVisible();
  await axeClean(page);
  await page.unroute('/portal.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('SmartLinkDrive');
  await context.setOffline(true);
  await expect(page.getByText('Your device has no network.')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('Your device has no network.')).toHaveCount(0);
});

test('a node of another chain is named', async ({ page }) => {
  const { node } = (await (await page.request.get('/portal.json')).json()) as { node: string };
  const foreign = `0x${'ab'.repeat(32)}`;
  await page.routeWebSocket(new RegExp(`^${node}/?$`), (socket) => {
    socket.onMessage((message) => {
      const { id } = JSON.parse(String(message)) as { id: number };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: foreign }));
    });
  });
  await page.goto('/');
  await expect(page.getByText('The node that this portal names is of another chain.')).toBeVisible();
  await axeClean(page);
});
