// An auditor has the number of an order, and wants to know what was paid: who comes new finds the ride, reads its receipt, and has
// the browser verify it, without logging in anywhere.
import { readFile } from 'node:fs/promises';
import { errorTexts } from '../src/api/texts';
import { appTexts } from '../src/app/texts';
import { texts as rideTexts } from '../src/areas/explorer/rides/texts';
import { texts as searchTexts } from '../src/areas/explorer/search/texts';
import { texts as explorerTexts } from '../src/areas/explorer/texts';
import { texts as verifyTexts } from '../src/areas/explorer/verify/texts';
import { type Bundle, parse, textOf, unseal } from '../src/proof/bundle';
import { words } from '../src/proof/words';
import { uiTexts } from '../src/ui/texts';
import { settledRide } from './asking';
import { expect, LANGUAGES, test, type Visitor } from './story';

/** A check asks the node and Ethereum besides computing. */
const CHECK_MS = 240_000;

async function verdict(visitor: Visitor, says: 'proven' | 'notProven'): Promise<void> {
  const t = visitor.texts(verifyTexts);
  const role = says === 'proven' ? 'status' : 'alert';
  const banner = visitor.page.getByRole(role).filter({ hasText: t(says) });
  const unsigned = visitor.page
    .getByRole('alert')
    .filter({ hasText: visitor.texts(errorTexts)('PROOF_UNAVAILABLE') });
  await expect(async () => {
    // Validators sign some seconds after finality: then one tries again, as the page says.
    if (await unsigned.isVisible()) await visitor.button(visitor.texts(uiTexts)('retry')).click();
    await expect(banner).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: CHECK_MS });
}

async function drop(visitor: Visitor, name: string, text: string): Promise<void> {
  const t = visitor.texts(verifyTexts);
  const asked = visitor.page.waitForEvent('filechooser');
  await visitor.page.getByText(t('drop')).click();
  const buffer = Buffer.from(text);
  await (await asked).setFiles({ name, mimeType: 'application/json', buffer });
}

/** The same receipt with one yuan more for the driver, and a seal that fits. */
function forged(text: string): string {
  const bundle = parse(unseal(new TextEncoder().encode(text)));
  const { item } = bundle;
  if (item.kind !== 'receipt') throw new Error(`a receipt was wanted, this is a ${item.kind}`);
  const receipt = { ...item.body.receipt, driver_share: item.body.receipt.driver_share + 1_000_000n };
  const changed: Bundle = { ...bundle, item: { ...item, body: { ...item.body, receipt } } };
  return textOf(changed);
}

for (const language of LANGUAGES) {
  test(`an auditor searches an order and verifies it, ${language}`, async ({ visit }) => {
    const ride = await settledRide(1);
    const auditor = await visit({ story: 'auditor', language });
    const { page } = auditor;
    const app = auditor.texts(appTexts);
    const explorer = auditor.texts(explorerTexts);
    const verify = auditor.texts(verifyTexts);

    await auditor.open('/');
    await page.getByRole('searchbox', { name: app('searchLabel') }).fill(ride.order);
    await page.keyboard.press('Enter');
    await expect(auditor.title(auditor.texts(searchTexts)('results', { text: ride.order }))).toBeVisible();
    const hit = page.getByRole('main').getByRole('link', { name: ride.order });
    await expect(hit.first()).toBeVisible();
    await auditor.look('search');

    await hit.first().click();
    const rides = auditor.texts(rideTexts);
    await expect(auditor.title(rides('one', { order: ride.order }))).toBeVisible();
    // What was paid follows from the tariff, computed here.
    await expect(page.getByText(rides('recomputed'))).toBeVisible();
    await auditor.look('ride');

    await auditor.link(explorer('verify')).click();
    await expect(auditor.title(verify('title'))).toBeVisible();
    await verdict(auditor, 'proven');
    const said = words[language];
    for (const step of ['receipt', 'batch', 'leaf', 'signatures', 'trust', 'contract'] as const) {
      const heading = page.getByRole('heading', { level: 3, name: said.steps[step].title });
      await expect(heading).toContainText(verify('holds'));
    }
    await auditor.look('proven');

    const downloaded = page.waitForEvent('download');
    await auditor.button(verify('download')).click();
    const text = await readFile(await (await downloaded).path(), 'utf8');
    await auditor.button(verify('other')).click();
    await expect(page.getByText(verify('drop'))).toBeVisible();
    await auditor.look('empty');

    // Somebody changes a figure: the file is not whole any more.
    await drop(
      auditor,
      'changed.json',
      text.replace(/"fare":"?(\d)/, (all, digit) => all.replace(digit, String((Number(digit) % 9) + 1))),
    );
    await verdict(auditor, 'notProven');
    await auditor.look('changed');

    // And with a seal that fits: the receipt is not in its batch.
    await auditor.button(verify('other')).click();
    await drop(auditor, 'forged.json', forged(text));
    await verdict(auditor, 'notProven');
    const receipt = page.getByRole('heading', { level: 3, name: said.steps.receipt.title });
    await expect(receipt).toContainText(verify('refused'));
    await auditor.look('forged');

    await auditor.button(verify('other')).click();
    await drop(auditor, 'whole.json', text);
    await verdict(auditor, 'proven');
  });
}
