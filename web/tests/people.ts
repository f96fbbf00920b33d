/** People with a wallet: how they log in, and how they sign. */
import { loginTexts } from '../src/app/login/texts';
import { walletTexts } from '../src/wallet/texts';
import { expect, type Visitor } from './story';

/** How long the wallet may take to ask the chain what a transaction is and costs. */
const PREPARED_MS = 120_000;
/** How long the chain may take until something is final. */
const FINAL_MS = 300_000;
/** How long a service that is busy is asked again. */
const LOGIN_MS = 240_000;

/** On the login page: connects the wallet, and logs in with the account of this path. Ends where one came from. */
export async function logIn(visitor: Visitor, path: string): Promise<void> {
  const { page } = visitor;
  const login = visitor.texts(loginTexts);
  await chooseAccount(visitor, path);
  // A service that is busy says so: then one tries again, as people do.
  await expect(async () => {
    const again = visitor.button(login('with', { name: path }));
    const failed = page.getByRole('alert');
    if (page.url().includes('/login') && (await failed.isVisible()) && (await again.isEnabled()))
      await again.click();
    expect(page.url()).not.toContain('/login');
  }).toPass({ timeout: LOGIN_MS });
}

/** On the login page: connects the wallet, and chooses the account of this path. */
async function chooseAccount(visitor: Visitor, path: string): Promise<void> {
  const login = visitor.texts(loginTexts);
  await visitor
    .button(login('chooseButton'))
    .or(visitor.button(login('other')))
    .click();
  await chooseIn(visitor, path);
}

/**
 * In the dialog of accounts: connects the wallet where it is not yet, and chooses the account of this path. Who came to sign goes
 * on to that at once when the wallet is connected: its first account is the one that is used.
 */
export async function chooseIn(visitor: Visitor, path: string): Promise<void> {
  const wallet = visitor.texts(walletTexts);
  const dialog = visitor.page.getByRole('dialog');
  const connect = dialog.getByRole('button', { name: new RegExp(`^${wallet('connectTo')} `) });
  const use = dialog.getByRole('button', { name: `${wallet('use')} ${path}`, exact: true });
  await expect(connect.or(use).first()).toBeVisible();
  if (!(await use.isVisible())) await connect.first().click();
  const signing = visitor.page.getByRole('dialog', { name: wallet('signTitle') });
  await expect(use.or(signing).first()).toBeVisible();
  if (await use.isVisible()) await use.click();
}

/** In the dialog that signs: reads what will be done, signs, and waits until it is final. `looks` photographs it. */
export async function sign(visitor: Visitor, does: string | RegExp, looks?: string): Promise<void> {
  const t = visitor.texts(walletTexts);
  const dialog = visitor.page.getByRole('dialog', { name: t('signTitle') });
  await expect(dialog.getByText(does).first()).toBeVisible();
  await expect(dialog.getByText(t('nonce'))).toBeVisible({ timeout: PREPARED_MS });
  if (looks !== undefined) await visitor.look(looks);
  await dialog.getByRole('button', { name: t('sign'), exact: true }).click();
  await expect(dialog.getByText(t('done'))).toBeVisible({ timeout: FINAL_MS });
  if (looks !== undefined) await visitor.look(`${looks}-final`);
  await dialog
    .getByRole('button', { name: t('close'), exact: true })
    .last()
    .click();
  await expect(dialog).toBeHidden();
}
