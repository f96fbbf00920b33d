// A driver earns her first money: she goes on duty, leaves one offer, takes the next, drives a rider who tells her the start code,
// the chain settles the ride, and she withdraws what she earned to her own account.

import { earningTexts } from '../src/areas/driver/earnings/texts';
import { texts as vehicleWords } from '../src/areas/driver/texts';
import { give } from './money';
import { logIn, sign } from './people';
import { Rider } from './rider';
import { expect, test, type Visitor } from './story';
import { installWallet } from './wallet';

/** Drivers of the first company: who goes on duty in which language. */
const DRIVERS = [
  ['zh', '//Alice//driver//0004'],
  ['en', '//Alice//driver//0003'],
] as const;
/** Settled by the chain, with the time that a batch waits. */
const SETTLED_MS = 240_000;
const OFFERED_MS = 240_000;

const home = { latitude: 22.5431, longitude: 114.0579, name: '市民中心' };
const away = { latitude: 22.5333, longitude: 114.0755, name: '会展中心' };

/** The vehicle with which the class of these orders is served. */
async function chooseVehicle(driver: Visitor): Promise<void> {
  const t = driver.texts(vehicleWords);
  const choice = driver.page.getByRole('combobox', { name: t('vehicle') });
  await expect(choice).toBeEnabled();
  await choice.click();
  // The list was placed for the width that the page had when it was last looked at: it is not where one would click.
  await driver.page
    .getByTitle(new RegExp(`${t('economy')}$`))
    .last()
    .dispatchEvent('click');
}

/** Leaves what is offered, and closes what is over: an offer lapses while it is looked at, and may come again. */
async function putAway(driver: Visitor): Promise<void> {
  const t = driver.texts(vehicleWords);
  const sheet = driver.page.getByRole('dialog');
  await expect(async () => {
    for (const button of [driver.button(t('decline')), driver.button(t('goOn'))])
      if (await button.isVisible()) await button.click({ timeout: 5_000 });
    await expect(sheet).toBeHidden({ timeout: 5_000 });
  }).toPass({ timeout: OFFERED_MS });
}

for (const [language, account] of DRIVERS)
  test(`a driver takes a ride and withdraws what it brought, ${language}`, async ({ visit }) => {
    const driver = await visit({ story: 'driver', language, width: 390 });
    const { page } = driver;
    const t = driver.texts(vehicleWords);
    const context = page.context();
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ ...home, accuracy: 8 });
    await installWallet(page, { paths: [account] });
    await driver.open('/driver');
    await logIn(driver, account);
    await expect(driver.title(t('work'))).toBeAttached();
    await expect(page.getByRole('heading', { name: t('offline') })).toBeVisible();
    await driver.look('offline');

    await chooseVehicle(driver);
    await driver.button(t('goOnline')).click();
    await expect(page.getByRole('heading', { name: t('online') })).toBeVisible();
    await driver.look('online');

    // The first offer is looked at, and left.
    const rider = await Rider.register(1);
    const left = await rider.order(home, away);
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByText(home.name)).toBeVisible({ timeout: OFFERED_MS });
    await driver.look('offer');
    await putAway(driver);
    await rider.cancel(left);
    await putAway(driver);

    const order = await rider.order(home, away);
    await driver.button(t('accept')).click({ timeout: OFFERED_MS });
    await driver.button(t('driver_set_off')).click();
    await driver.look('to-pick-up');
    await driver.button(t('driver_arrive')).click();
    const code = page.getByRole('group', { name: t('startCode') });
    await expect(code).toBeVisible();
    await rider.sees(order, 'arrived');
    await driver.look('start-code');
    await code.getByRole('textbox').first().click();
    await page.keyboard.type(await rider.startCode(order));
    await driver.button(t('driver_start')).click();
    await expect(page.getByRole('heading', { name: t('state_in_trip') })).toBeVisible();
    await driver.look('trip');
    await context.setGeolocation({ ...away, accuracy: 8 });
    await driver.button(t('driver_complete')).click();
    const form = page.getByRole('dialog');
    await form.getByLabel(t('distanceKm')).fill('2.4');
    await form.getByLabel(t('tolls')).fill('5');
    await driver.look('complete');
    await form.getByRole('button', { name: t('endTrip') }).click();
    await expect(page.getByRole('heading', { name: t('tripEnded') })).toBeVisible();
    await driver.look('ended');
    await driver.link(t('showOrder')).click();
    await expect(page.getByText(t('state_settled'), { exact: true }).first()).toBeVisible({
      timeout: SETTLED_MS,
    });
    await driver.look('order');

    await driver.open('/driver/earnings');
    const e = driver.texts(earningTexts);
    await expect(driver.title(e('earnings'))).toBeVisible();
    await expect(driver.button(e('withdraw'))).toBeEnabled({ timeout: SETTLED_MS });
    await driver.look('earnings');
    await driver.button(e('withdraw')).click();
    const withdrawal = page.getByRole('dialog', { name: e('withdraw') });
    // Her account has nothing, so the chain does not know it: the company gives her some, as it does with every new driver.
    await give(1, '//Alice', account, 1_000_000n);
    const amount = await withdrawal.getByLabel(e('amount')).inputValue();
    await driver.look('withdraw');
    await withdrawal.getByRole('button', { name: e('sign') }).click();
    await sign(driver, /提取|提现|取出|withdraw/i, 'sign');
    await expect(page.getByText(e('done', { amount: `¥${amount}` }))).toBeVisible();
    await expect(page.getByText(e('nothingOwed'))).toBeVisible();
    await driver.look('withdrawn');

    await driver.open('/driver');
    await driver.button(t('goOffline')).click();
    await expect(page.getByRole('heading', { name: t('offline') })).toBeVisible();
  });
