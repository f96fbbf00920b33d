// A company takes a new vehicle into its fleet, and sells it: it registers the vehicle, offers it, the other company accepts at
// its own portal and pays, and everybody sees the vehicle's life in the explorer.
import { texts as explorerTexts } from '../src/areas/explorer/vehicles/texts';
import { texts as fleetTexts } from '../src/areas/fleet/texts';
import { texts as vehicleTexts } from '../src/areas/fleet/vehicles/texts';
import { tidyVin, vinFault } from '../src/areas/fleet/vehicles/vin';
import { names } from './asking';
import { logIn, sign } from './people';
import { expect, LANGUAGES, other, test, type Visitor } from './story';
import { installWallet } from './wallet';

/** The index reads a final block a moment after the node, and pages ask it again a moment later. */
const INDEXED_MS = 240_000;
const PRICE = '128000';

/** A VIN that nobody has: of this second, with the check digit that fits. */
function newVin(): string {
  const free = tidyVin(`LSV${Date.now().toString(36).slice(-6)}`).replace(/[IOQ]/g, 'X');
  const number = String(Date.now() % 100_000).padStart(5, '0');
  const draft = `${free.slice(0, 8)}0${free.slice(8, 9)}JA${number}`;
  const fault = vinFault(draft);
  return fault?.kind === 'digit' ? `${draft.slice(0, 8)}${fault.expected}${draft.slice(9)}` : draft;
}

async function toVehicles(visitor: Visitor): Promise<void> {
  await visitor.open('/fleet/vehicles');
  await expect(visitor.title(visitor.texts(vehicleTexts)('title'))).toBeVisible();
}

for (const language of LANGUAGES)
  test(`a company registers a vehicle and sells it to another, ${language}`, async ({ visit }) => {
    const [seller, buyer] = [
      await visit({ story: 'company', language, company: 1 }),
      await visit({ story: 'buyer', language: other(language), company: 2 }),
    ];
    const company = await names();
    const vin = newVin();
    const plate = `粤B${vin.slice(-5)}`;

    await installWallet(seller.page, { paths: ['//Alice'] });
    await seller.open('/fleet/vehicles');
    await logIn(seller, '//Alice');
    const t = seller.texts(vehicleTexts);
    await expect(seller.title(t('title'))).toBeVisible();
    await expect(seller.page.getByRole('table').getByRole('link').first()).toBeVisible();
    await seller.look('vehicles');

    await seller.button(t('register')).click();
    const form = seller.page.getByRole('dialog', { name: t('register') });
    // The chain would refuse it, so the form does.
    await form.getByLabel(t('vin')).fill(vin.slice(1));
    await form.getByLabel(t('plate')).fill(plate);
    await form.getByLabel(t('model')).fill('比亚迪 秦 PLUS EV');
    await expect(form.getByText(t('vinLength', { count: 16 }))).toBeVisible();
    await form.getByLabel(t('vin')).fill(vin);
    await form.getByLabel(t('vin')).blur();
    await expect(form.getByText(t('vinLength', { count: 16 }))).toBeHidden();
    await seller.look('register');
    await form.getByRole('button', { name: t('register') }).click();
    await sign(seller, plate, 'sign');

    const mine = seller.page.getByRole('link', { name: plate });
    await seller.page.getByRole('searchbox', { name: t('search') }).fill(plate);
    await seller.page.keyboard.press('Enter');
    await expect(mine).toBeVisible({ timeout: INDEXED_MS });
    await mine.click();
    await expect(seller.title(plate)).toBeVisible();
    await expect(seller.page.getByText(t('notForSale'))).toBeVisible();
    await seller.look('vehicle');
    const id = /(\d+)(?:\?.*)?$/.exec(seller.page.url())?.[1] ?? '';

    await seller.button(t('offer')).click();
    const offer = seller.page.getByRole('dialog', { name: t('offer') });
    await offer.getByRole('combobox', { name: t('buyer') }).click();
    await offer.getByRole('combobox', { name: t('buyer') }).fill(company[2]);
    await seller.page.keyboard.press('Enter');
    await offer.getByLabel(t('price')).fill(PRICE);
    await seller.look('offer');
    await offer.getByRole('button', { name: t('offer') }).click();
    await sign(seller, company[2]);
    await expect(seller.button(t('withdraw'))).toBeVisible({ timeout: INDEXED_MS });

    await installWallet(buyer.page, { paths: ['//Bob'] });
    await buyer.open(`/fleet/vehicles/${id}`);
    await logIn(buyer, '//Bob');
    const b = buyer.texts(vehicleTexts);
    await expect(buyer.title(plate)).toBeVisible();
    await expect(
      buyer.page.getByText(b('offeredBy', { company: company[1], price: '¥128,000.00' })),
    ).toBeVisible({
      timeout: INDEXED_MS,
    });
    await buyer.look('offered');
    await buyer.button(b('accept')).click();
    await sign(buyer, plate, 'accept');
    await expect(buyer.page.getByText(b('notForSale'))).toBeVisible({ timeout: INDEXED_MS });
    await toVehicles(buyer);
    await expect(buyer.page.getByRole('main')).toBeVisible();

    // The seller's page follows by itself; and everybody reads it.
    await seller.link(seller.texts(fleetTexts)('explorer')).click();
    const life = seller.texts(explorerTexts);
    const [from, to, paid] = [company[1], company[2], '¥128,000.00'];
    await expect(seller.page.getByText(life('sold', { from, to, paid }))).toBeVisible({
      timeout: INDEXED_MS,
    });
    await expect(seller.page.getByText(life('offeredEvent', { by: from, to, price: paid }))).toBeVisible();
    await seller.look('life');
  });
