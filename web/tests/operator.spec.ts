// The price of a kilometre goes up: one person of the company tries the new tariff on real rides and proposes it, a second one reads
// and approves it. The first cannot approve it herself: the chain refuses.
import { appTexts } from '../src/app/texts';
import { formTexts } from '../src/areas/operations/tariffs/formTexts';
import { previewTexts } from '../src/areas/operations/tariffs/previewTexts';
import { texts as tariffTexts } from '../src/areas/operations/tariffs/texts';
import { walletTexts } from '../src/wallet/texts';
import { chooseIn, sign } from './people';
import { expect, LANGUAGES, test } from './story';
import { installWallet } from './wallet';

/** The index reads a final block a moment after the node, and pages ask it again a moment later. */
const INDEXED_MS = 240_000;
const [MAKER, CHECKER] = ['//Alice//maker', '//Alice//checker'] as const;

for (const language of LANGUAGES)
  test(`a tariff is proposed by one person and approved by another, ${language}`, async ({ visit }) => {
    const operator = await visit({ story: 'operator', language });
    const { page } = operator;
    const t = operator.texts(tariffTexts);
    const form = operator.texts(formTexts);
    const preview = operator.texts(previewTexts);
    await installWallet(page, { paths: [MAKER, CHECKER] });

    await operator.open('/operations/tariffs');
    await expect(operator.title(t('title'))).toBeVisible();
    await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
    const known = await page.getByRole('table').getByRole('link').allTextContents();
    await operator.look('tariffs');

    await operator.link(t('new')).click();
    await expect(operator.title(form('title'))).toBeVisible();
    await page.getByLabel(form('perKm')).fill('a lot');
    await expect(page.getByText(form('notNumber'))).toBeVisible();
    await page.getByLabel(form('perKm')).fill('2.85');
    await expect(page.getByText(form('fine'))).toBeVisible();
    // What was driven today would have cost more.
    await page.getByText(preview('today'), { exact: true }).click();
    await expect(page.getByText(preview('dearer'), { exact: true }).first()).toBeVisible({
      timeout: INDEXED_MS,
    });
    await operator.look('new-tariff');
    await operator.button(form('propose')).click();
    await chooseIn(operator, MAKER);
    await sign(operator, /2\.85|tariff|运价/i, 'propose');

    await expect(operator.title(t('title'))).toBeVisible();
    // Among the links of the table those of versions are numbers.
    const versions = known.map(Number).filter(Number.isInteger);
    const version = String(Math.max(...versions) + 1);
    await operator.link(version).click({ timeout: INDEXED_MS });
    await expect(operator.button(t('approve'))).toBeVisible();
    await operator.look('proposed');

    // Her own approval is refused by the chain, before she signs or after.
    await operator.button(t('approve')).click();
    const wallet = operator.texts(walletTexts);
    const dialog = page.getByRole('dialog', { name: wallet('signTitle') });
    await expect(dialog.getByText(wallet('nonce'))).toBeVisible({ timeout: INDEXED_MS });
    await dialog.getByRole('button', { name: wallet('sign'), exact: true }).click();
    await expect(dialog.getByText(wallet('failed')).first()).toBeVisible({ timeout: INDEXED_MS });
    await operator.look('own-approval-refused');
    await dialog
      .getByRole('button', { name: wallet('close'), exact: true })
      .last()
      .click();

    await operator.button(t('approve')).click();
    await dialog.getByRole('button', { name: wallet('chooseOther') }).click();
    await chooseIn(operator, CHECKER);
    await sign(operator, /tariff|运价/i);
    await expect(operator.button(t('approve'))).toBeHidden({ timeout: INDEXED_MS });
    await expect(page.getByText(t('soon')).first()).toBeVisible();
    await operator.look('approved');
    await operator.link(operator.texts(appTexts)('home')).first().click();
  });
