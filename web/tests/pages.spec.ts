// Every page that a menu leads to, and the first thing that each page leads to, in both widths: there is a title, nothing loads for ever,
// nothing failed, it fits the screen, and axe finds nothing serious. What a page is good for the other stories tell.

import { appTexts } from '../src/app/texts';
import { uiTexts } from '../src/ui/texts';
import { logIn } from './people';
import { expect, LANGUAGES, test, type Visitor } from './story';
import { installWallet } from './wallet';

/** How long a page may take until everything that it asks for is there. */
const LOADED_MS = 60_000;
/** What stands for something that is still loading. */
const LOADING = '.ant-skeleton-active, .ant-spin-spinning, [aria-busy="true"]';

const PEOPLE = [
  { who: 'admin', path: '//Alice', areas: ['/explorer', '/fleet', '/operations'] },
  { who: 'driver', path: '//Alice//driver//0002', areas: ['/driver'] },
] as const;

/** Pages that go on for ever by design: a map that draws, a list that is live. They are loaded when their title is there. */
const LIVE = ['/fleet/live'];

async function loaded(visitor: Visitor, path: string): Promise<void> {
  const main = visitor.page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 }).first()).toBeAttached({ timeout: LOADED_MS });
  if (LIVE.includes(path)) return;
  await expect(main.locator(LOADING), `${path} goes on loading`).toHaveCount(0, { timeout: LOADED_MS });
  const retry = visitor.texts(uiTexts)('retry');
  await expect(main.getByRole('button', { name: retry, exact: true }), `${path} failed`).toHaveCount(0);
}

/** Where the links of a part of the page lead, each once, without what follows a question mark. */
async function leadsTo(visitor: Visitor, part: string): Promise<string[]> {
  const hrefs = await visitor.page
    .locator(`${part} a[href^="/"]`)
    .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  return [...new Set(hrefs)];
}

const named = (path: string) =>
  path
    .slice(1)
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .slice(0, 60);
/** Where numbers and hashes stand for any: one page of a kind is enough. */
const kindOf = (path: string) =>
  path.replaceAll(/\/(0x[0-9a-f]+|\d[\w-]*|5[1-9A-HJ-NP-Za-km-z]{40,})/g, '/:id');

for (const language of LANGUAGES)
  for (const { who, path, areas } of PEOPLE)
    test(`every page that ${who} finds is whole, ${language}`, async ({ visit }) => {
      test.skip(process.env['PICTURES'] === 'none', 'pages are looked at in both widths');
      test.setTimeout(1_800_000);
      const visitor = await visit({ story: `page-${who}`, language });
      await installWallet(visitor.page, { paths: [path] });
      await visitor.open(areas[0]);
      if (who === 'driver') await logIn(visitor, path);
      else {
        await visitor.open('/login');
        await logIn(visitor, path);
      }
      const seen = new Set<string>();
      const look = async (to: string): Promise<string[]> => {
        if (seen.has(kindOf(to))) return [];
        seen.add(kindOf(to));
        await visitor.open(to);
        await loaded(visitor, to);
        await visitor.look(named(kindOf(to)));
        return leadsTo(visitor, 'main');
      };
      const menu = `nav[aria-label="${visitor.texts(appTexts)('mainMenu')}"]`;
      for (const area of areas) {
        await visitor.open(area);
        await loaded(visitor, area);
        const pages = (await leadsTo(visitor, menu)).filter((to) => to.startsWith(area));
        expect(pages.length, `the menu of ${area}`).toBeGreaterThan(3);
        for (const page of pages)
          for (const onward of await look(page))
            if (areas.some((own) => onward.startsWith(own))) await look(onward);
      }
      expect(seen.size).toBeGreaterThan(areas.length * 5);
    });
