// What stands between a person and the chain: wallets that say no, keys of one's own, and signatures that are refused. Nobody logs
// in for it: tariffs are public, and whoever proposes one signs it.

import { errorTexts } from '../src/api/texts';
import { loginTexts } from '../src/app/login/texts';
import { formTexts } from '../src/areas/operations/tariffs/formTexts';
import { walletTexts } from '../src/wallet/texts';
import { chooseIn } from './people';
import { expect, LANGUAGES, test, type Visitor } from './story';
import { installWallet } from './wallet';

const PASSWORD = 'Fahren 上海 1937';
/** The chain is asked for its metadata and the fee. */
const PREPARED_MS = 240_000;

/** Fills a tariff in, and asks the wallet to sign the proposal. */
async function propose(visitor: Visitor): Promise<void> {
  const form = visitor.texts(formTexts);
  await visitor.open('/operations/tariffs/new');
  await expect(visitor.page.getByText(form('fine'))).toBeVisible({ timeout: PREPARED_MS });
  await visitor.button(form('propose')).click();
}

function signing(visitor: Visitor) {
  return visitor.page.getByRole('dialog', { name: visitor.texts(walletTexts)('signTitle') });
}

for (const language of LANGUAGES) {
  test(`a wallet that says no is told apart from one that is silent, ${language}`, async ({ visit }) => {
    const person = await visit({ story: 'wallet', language });
    const { page } = person;
    const t = person.texts(walletTexts);
    const wallet = await installWallet(page, { paths: ['//Alice//maker'] });
    const name = 'Polkadot.js';
    wallet.refuseAccess(true);
    await propose(person);
    const connect = page.getByRole('button', { name: new RegExp(`^${t('connectTo')} `) });
    await connect.click();
    await expect(
      page.getByRole('alert').filter({ hasText: t('notAllowed', { wallet: name }) }),
    ).toBeVisible();
    await person.look('not-allowed');

    wallet.refuseAccess(false);
    await chooseIn(person, '//Alice//maker');
    const dialog = signing(person);
    await expect(dialog.getByText(t('nonce'))).toBeVisible({ timeout: PREPARED_MS });
    await dialog.getByText(t('details')).click();
    await expect(dialog.getByText(t('rawCall'))).toBeVisible();
    await person.look('sign');

    wallet.refuseSignatures(true);
    await dialog.getByRole('button', { name: t('sign'), exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText(t('refused'));
    await expect(dialog.getByRole('alert')).toContainText(t('refused.do'));
    await person.look('refused');
    // It is still there to be signed.
    await expect(dialog.getByRole('button', { name: t('sign'), exact: true })).toBeEnabled();
    await dialog.getByRole('button', { name: t('cancel'), exact: true }).click();
    await expect(dialog).toBeHidden();
    expect(wallet.calls).toEqual([]);

    await wallet.remove();
    await page.reload();
    await propose(person);
    await expect(dialog.or(page.getByRole('dialog')).first()).toBeVisible();
  });

  test(`an account that is bound to another chain signs nothing, ${language}`, async ({ visit }) => {
    const person = await visit({ story: 'bound', language, width: 390 });
    const t = person.texts(walletTexts);
    const genesis = `0x${'cd'.repeat(32)}`;
    const wallet = await installWallet(person.page, { paths: ['//Alice//maker'], genesis });
    await propose(person);
    await chooseIn(person, '//Alice//maker');
    const dialog = signing(person);
    await expect(dialog.getByRole('alert')).toContainText(t('otherNetwork'), { timeout: PREPARED_MS });
    await person.look('other-network');
    await expect(dialog.getByRole('button', { name: t('sign'), exact: true })).toBeDisabled();
    expect(wallet.calls).toEqual([]);
  });

  test(`who has no wallet makes a key, and is told that it has neither role nor money, ${language}`, async ({
    visit,
  }) => {
    const person = await visit({ story: 'key', language, width: 390 });
    const { page } = person;
    const t = person.texts(walletTexts);
    await person.open('/login');
    await person.button(person.texts(loginTexts)('makeKey')).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(t('noneInstalled'))).toBeVisible();
    await person.look('no-wallet');
    await dialog.getByRole('button', { name: t('newKey') }).click();
    await dialog.getByLabel(t('name'), { exact: true }).fill('王司机');
    await dialog.getByLabel(t('password'), { exact: true }).fill('kurz');
    await dialog.getByLabel(t('passwordAgain')).fill('anders');
    await dialog.getByRole('button', { name: t('next') }).click();
    await expect(dialog.getByText(t('passwordDiffers'))).toBeVisible();
    await person.look('password');
    await dialog.getByLabel(t('password'), { exact: true }).fill(PASSWORD);
    await dialog.getByLabel(t('passwordAgain')).fill(PASSWORD);
    await dialog.getByRole('button', { name: t('next') }).click();
    await expect(dialog.getByText(t('phraseTitle'))).toBeVisible();
    const words = (await dialog.getByRole('listitem').allTextContents()).map((word) => word.trim());
    expect(words).toHaveLength(12);
    await person.look('words');
    await dialog.getByRole('button', { name: t('phraseWritten') }).click();
    for (const [at, word] of words.entries()) {
      const asked = dialog.getByLabel(t('quizWord', { number: at + 1 }), { exact: true });
      if ((await asked.count()) > 0) await asked.fill(word);
    }
    await person.look('quiz');
    await dialog.getByRole('button', { name: t('makeKey') }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('alert')).toContainText(person.texts(errorTexts)('no_role'), {
      timeout: PREPARED_MS,
    });
    await person.look('no-role');

    await propose(person);
    await expect(signing(person).getByRole('alert')).toContainText(t('poor'), { timeout: PREPARED_MS });
    await person.look('poor');
  });
}
