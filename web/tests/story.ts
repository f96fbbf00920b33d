/**
 * What stories have in common: a person opens a portal in a language, and every page that they come to is looked at in both
 * widths, by turns light and dark: it is photographed, fits the screen, and axe finds nothing serious on it.
 */
import { mkdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { i18n, type Language, locales } from '../src/i18n/setup';
import type { English, Say, Texts } from '../src/i18n/texts';

export { expect };

const PICTURES = 'tests/pictures';
const WIDTHS = [390, 1440] as const;
const HEIGHT = 900;

const spoken = ['zh', 'en'] as const satisfies readonly Language[];
/** Each story is told in each, unless `LANGUAGE` names one. */
export const LANGUAGES = spoken.filter((language) => (process.env['LANGUAGE'] ?? language) === language);

/** The one that the other person of a story speaks. */
export function other(language: Language): Language {
  return language === 'zh' ? 'en' : 'zh';
}

/** The portal of a company. */
export type Company = 1 | 2;

/** Where the portal of a company is. */
export function portalOf(company: Company): string {
  const name = company === 1 ? 'PORTAL_URL' : 'PORTAL_URL_2';
  const url = process.env[name];
  if (url === undefined) throw new Error(`${name} is not set: the portal of company ${company}`);
  return url.replace(/\/$/, '');
}

export interface Opening {
  /** Begins the names of the pictures. */
  story: string;
  language: Language;
  company?: Company;
  /** How wide the screen is between the pictures: 390 for a phone. */
  width?: (typeof WIDTHS)[number];
}

/** Somebody in front of a portal. */
export class Visitor {
  readonly page: Page;
  readonly portal: string;
  readonly language: Language;
  private readonly story: string;
  private readonly width: number;
  private pictures = 0;

  constructor(page: Page, opening: Required<Opening>) {
    this.page = page;
    this.portal = portalOf(opening.company);
    this.language = opening.language;
    this.story = opening.story;
    this.width = opening.width;
  }

  /** The portal's own texts, in the language of this person. */
  texts<E extends English>(texts: Texts<E>): Say<E> {
    const fixed = i18n.getFixedT(this.language, texts.namespace);
    return (key, ...values) => fixed(key, values[0] ?? {});
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.portal}${path}`);
  }

  /** The title of the page. */
  title(text: string | RegExp) {
    return this.page.getByRole('heading', { level: 1, name: text });
  }

  button(text: string) {
    return this.page.getByRole('button', { name: text, exact: true });
  }

  link(text: string) {
    return this.page.getByRole('link', { name: text, exact: true });
  }

  /**
   * Looks at the page as it is now. Call it when what matters is to be seen. `PICTURES=none` looks in the person's own width alone,
   * and takes no picture.
   */
  async look(name: string): Promise<void> {
    const { page } = this;
    const pictures = process.env['PICTURES'] !== 'none';
    const scheme = this.pictures % 2 === 0 ? 'light' : 'dark';
    this.pictures += 1;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', scheme);
    for (const width of pictures ? WIDTHS : [this.width]) {
      await page.setViewportSize({ width, height: HEIGHT });
      const where = `${this.story}-${name} (${this.language}, ${scheme}, ${width} px)`;
      await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect.soft(wide, `${where} fits the screen`).toBeLessThanOrEqual(width);
      const number = String(this.pictures).padStart(2, '0');
      const file = `${this.story}-${number}-${name}-${this.language}-${scheme}-${width}.png`;
      if (pictures) await page.screenshot({ path: `${PICTURES}/${file}`, animations: 'disabled' });
      if (width === this.width) expect.soft(await gravely(page), `axe on ${where}`).toEqual([]);
    }
    await page.setViewportSize({ width: this.width, height: HEIGHT });
  }
}

/** What axe finds that is serious or critical. */
async function gravely(page: Page): Promise<string[]> {
  // The text of a button that is busy is no text that somebody has to read: WCAG 2.2, 1.4.3, inactive parts.
  const { violations } = await new AxeBuilder({ page }).exclude('.ant-btn-loading').analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/** Waits for the layout of another width: two frames, and no animation that ends by itself. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    const ends = (animation: Animation) =>
      animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY;
    const running = document.getAnimations().filter(ends);
    await Promise.all(running.map(({ finished }) => finished.catch(() => undefined)));
  });
}

type Visit = (opening: Opening) => Promise<Visitor>;

async function begin(browser: Browser, opening: Opening): Promise<[BrowserContext, Visitor]> {
  const whole = { company: 1 as const, width: 1440 as const, ...opening };
  const context = await browser.newContext({
    locale: locales[opening.language],
    viewport: { width: whole.width, height: HEIGHT },
    baseURL: portalOf(whole.company),
  });
  const page = await context.newPage();
  return [context, new Visitor(page, whole)];
}

/** Playwright's test, with `visit`: somebody comes to a portal. What a page complains of in its console fails the test. */
export const test = base.extend<{ visit: Visit }>({
  visit: async ({ browser }, use) => {
    mkdirSync(PICTURES, { recursive: true });
    const contexts: BrowserContext[] = [];
    const broken: string[] = [];
    await use(async (opening) => {
      const [context, visitor] = await begin(browser, opening);
      contexts.push(context);
      visitor.page.on('pageerror', ({ message }) => broken.push(`${visitor.page.url()}: ${message}`));
      return visitor;
    });
    for (const context of contexts) await context.close();
    expect(broken, 'errors that no page has caught').toEqual([]);
  },
});
