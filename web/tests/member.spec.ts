// A fifth company joins: somebody applies for it, its treasury agrees, a company attests its paper, three companies vote, and its administrator brings the
// file that registers its first machine. Whoever looks into the explorer sees each step.
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { texts as explorerApplicationTexts } from '../src/areas/explorer/applications/texts';
import { texts as explorerCompanyTexts } from '../src/areas/explorer/companies/texts';
import { texts as explorerTexts } from '../src/areas/explorer/texts';
import { applyTexts } from '../src/areas/operations/applications/applyTexts';
import { texts as applicationTexts } from '../src/areas/operations/applications/texts';
import { texts as callsTexts } from '../src/areas/operations/calls/texts';
import { proposeTexts } from '../src/areas/operations/council/proposeTexts';
import { texts as councilTexts } from '../src/areas/operations/council/texts';
import { VOCABULARY } from '../src/chain/calls/vocabulary';
import { peerIdOf } from '../src/format/peers';
import { accountOf, bringFile, call, contentOf, pick } from './calls';
import { give } from './money';
import { chooseIn, logIn, sign } from './people';
import { expect, LANGUAGES, other, test, type Visitor } from './story';
import { installWallet } from './wallet';

/** The index reads a final block a moment after the node, and pages ask it again a moment later. */
const INDEXED_MS = 240_000;
/** Companies with a seat; three of four are two thirds. */
const VOTERS = ['//Alice', '//Bob', '//Charlie'] as const;
const MONEY = 20_000_000n;

/** Where the motion about a company is in the list. */
function motion(visitor: Visitor, name: string) {
  return visitor.page.locator('.ant-card .ant-card').filter({ hasText: name }).first();
}

for (const language of LANGUAGES)
  test(`a fifth company joins, and brings a machine, ${language}`, async ({ visit }) => {
    const serial = Date.now().toString(36);
    const name = `Ganghang ${serial}`;
    const person = `//Applicant//${serial}`;
    const treasury = `${person}//treasury`;
    await give(1, '//Alice', person, MONEY);
    await give(1, '//Alice', treasury, MONEY);

    // It applies, with a paper that stays where it is.
    const applicant = await visit({ story: 'member', language, width: 390 });
    const { page } = applicant;
    await installWallet(page, { paths: [person, treasury] });
    const apply = applicant.texts(applyTexts);
    await applicant.open('/operations/companies/applications/new');
    await expect(applicant.title(apply('title'))).toBeVisible();
    await applicant.button(apply('connect')).click();
    await chooseIn(applicant, person);
    await page.getByLabel(apply('name'), { exact: true }).fill(name);
    const carrier = VOCABULARY['CompanyKind']?.['Carrier']?.[language] ?? '';
    await pick(applicant, apply('kind'), carrier);
    await page.getByLabel(apply('treasury')).fill(await accountOf(treasury));
    await expect(page.getByText(apply('treasuryOther'))).toBeVisible();
    const paper = { name: 'licence.pdf', mimeType: 'application/pdf', buffer: Buffer.from(name) };
    await page.locator('input[type="file"]').setInputFiles(paper);
    await expect(page.getByText('licence.pdf')).toBeVisible();
    await applicant.look('apply');
    await applicant.button(apply('apply')).click();
    await sign(applicant, name, 'sign');

    // It is there for everybody.
    const auditor = await visit({ story: 'member-explorer', language: other(language) });
    const found = auditor.texts(explorerApplicationTexts);
    await auditor.open('/explorer/applications');
    const link = auditor.page.getByRole('link', { name });
    await expect(link).toBeVisible({ timeout: INDEXED_MS });
    await link.click();
    await expect(auditor.title(name)).toBeVisible();
    await expect(auditor.page.getByText(found('notAttested'))).toBeVisible();
    await auditor.look('applied');
    const id = /(\d+)(?:\?.*)?$/.exec(auditor.page.url())?.[1] ?? '';

    // Its treasury is another account, and agrees to be it.
    const own = applicant.texts(applicationTexts);
    await applicant.open(`/operations/companies/applications/${id}`);
    await expect(page.getByText(own('agreeOwn'))).toBeVisible();
    await applicant.look('treasury');
    await applicant.button(own('agree')).click();
    await sign(applicant, name);
    await expect(page.getByText(own('agreed'), { exact: true })).toBeVisible({ timeout: INDEXED_MS });

    // An auditing company compares the paper with its hash, and answers for it.
    const alice = await visit({ story: 'member-attest', language });
    await installWallet(alice.page, { paths: [VOTERS[0]] });
    await alice.open('/login');
    await logIn(alice, VOTERS[0]);
    const attest = alice.texts(applicationTexts);
    await alice.open(`/operations/companies/applications/${id}`);
    await expect(alice.title(name)).toBeVisible();
    await alice.page.locator('input[type="file"]').setInputFiles(paper);
    await expect(alice.page.getByText(attest('isPaper', { name: 'licence.pdf' }))).toBeVisible();
    await alice.look('compare');
    await alice.button(attest('attest')).click();
    await sign(alice, name);
    await expect(alice.page.getByText(attest('readyText'))).toBeVisible({ timeout: INDEXED_MS });
    await alice.look('attested');

    // She proposes to admit it.
    const propose = alice.texts(proposeTexts);
    await alice.link(attest('admit')).click();
    await expect(alice.title(propose('title'))).toBeVisible();
    await pick(alice, propose('field_seat'), propose('seatNo'));
    await expect(alice.page.getByText(name).last()).toBeVisible();
    await alice.look('propose');
    await alice.button(propose('submit')).click();
    await sign(alice, name);
    await expect(alice.title(alice.texts(councilTexts)('title'))).toBeVisible();

    // Three companies vote, each at a screen of its own; the last one closes the motion.
    for (const path of VOTERS) {
      const visitor =
        path === VOTERS[0]
          ? alice
          : await visit({
              story: `member-vote${path.slice(1).replace('/', '-')}`,
              language: other(language),
            });
      if (visitor !== alice) await installWallet(visitor.page, { paths: [path] });
      const t = visitor.texts(councilTexts);
      await visitor.open('/operations/council');
      await expect(motion(visitor, name)).toBeVisible({ timeout: INDEXED_MS });
      const connect = visitor
        .button(t('connect'))
        .or(visitor.button(t('otherWallet')))
        .first();
      const aye = motion(visitor, name).getByRole('button', { name: t('aye') });
      await expect(connect).toBeVisible();
      if (!(await aye.isVisible())) {
        await connect.click();
        await chooseIn(visitor, path);
      }
      await aye.click();
      await sign(visitor, /motion|动议/);
      if (path !== VOTERS[2]) continue;
      await visitor.look('voted');
      await motion(visitor, name)
        .getByRole('button', { name: t('closeDo') })
        .click();
      await sign(visitor, /motion|动议/, 'close');
      await expect(motion(visitor, name)).toBeHidden();
    }

    // It is a member: its application says which.
    await auditor.open(`/explorer/applications/${id}`);
    const became = auditor.page.getByRole('main').locator('a[href^="/explorer/companies/"]');
    await expect(became.first()).toBeVisible({ timeout: INDEXED_MS });
    await auditor.look('admitted');
    const company = /(\d+)$/.exec((await became.first().getAttribute('href')) ?? '')?.[1] ?? '';

    // Its administrator brings the file that registers its first machine.
    const node = `0x${bytesToHex(utf8ToBytes(serial)).padEnd(64, '7')}`;
    const kind = { type: 'Full', value: undefined };
    const label = new TextEncoder().encode(`Yantian ${serial}`);
    const register = call('Nodes', 'register', { company: Number(company), node, kind, label });
    const t = applicant.texts(callsTexts);
    await bringFile(applicant, 'register-node.call', contentOf(register));
    await expect(page.getByText(peerIdOf(node)).first()).toBeVisible();
    await applicant.look('register-file');
    await applicant.button(t('send')).click();
    await sign(applicant, name);

    await auditor.open(`/explorer/companies/${company}`);
    await expect(auditor.title(name)).toBeVisible({ timeout: INDEXED_MS });
    await auditor.page.getByRole('tab', { name: auditor.texts(explorerTexts)('nodes') }).click();
    await expect(auditor.page.getByText(`Yantian ${serial}`)).toBeVisible({ timeout: INDEXED_MS });
    await auditor.look('machine');
    await auditor.page.getByRole('tab', { name: auditor.texts(explorerCompanyTexts)('treasury') }).click();
    await expect(auditor.link(auditor.texts(explorerCompanyTexts)('treasuryKeys'))).toBeVisible();
    await auditor.look('treasury');
  });
