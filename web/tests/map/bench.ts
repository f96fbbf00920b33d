// How many frames a second the live map draws: `npx tsx tests/map/bench.ts`. Prints, and judges nothing: the figures are this machine's.
// With `--pictures FOLDER` it takes pictures of every scene instead, in both themes and languages; of one scene alone when it is named after that.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { serve } from './serve.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** How long frames are counted, in milliseconds. */
const COUNT_MS = 12_000;

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Without a graphics card Chromium draws WebGL on the processor.
const software = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

async function main(): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'smartlink-map-'));
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir: out, target: 'es2023', emptyOutDir: true },
  });
  const server = await serve(out);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...flags, ...software],
  });
  try {
    const pictures = process.argv.indexOf('--pictures');
    if (pictures > 0)
      await takePictures(browser, server.url, process.argv[pictures + 1] ?? join(tmpdir(), 'map-pictures'));
    else await measureAll(browser, server.url);
  } finally {
    await browser.close();
    server.close();
    rmSync(out, { recursive: true });
  }
}

async function measureAll(browser: Browser, url: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    for (const count of [1, 1_000, 5_000]) {
      const page = await open(browser, `${url}?scene=vehicles&moving&count=${count}`, { width, height });
      // One vehicle makes the map draw as often as a thousand: what the base alone costs.
      const label = `${count} moving`;
      console.log(`${width} x ${height}, ${label}: ${await frames(page)}`);
      await page.context().close();
    }
  }
}

/** Counts frames that the page got to draw, and the time the page's own thread took for each. */
async function frames(page: Page): Promise<string> {
  await page.waitForTimeout(2_000);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { task: of('TaskDuration'), script: of('ScriptDuration') };
  };
  const before = await busy();
  const drawn = () => page.evaluate(() => window.bench?.drawn ?? 0);
  const drawnBefore = await drawn();
  const gaps = await page.evaluate((ms) => window.bench?.frames(ms) ?? [], COUNT_MS);
  const drawnAfter = await drawn();
  const after = await busy();
  const sorted = [...gaps].sort((a, b) => a - b);
  const rank = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const share = (from: number, to: number) => `${(((to - from) / (total / 1_000)) * 100).toFixed(1)} %`;
  return (
    `${((gaps.length / total) * 1_000).toFixed(1)} frames/s of the page, ${(((drawnAfter - drawnBefore) / total) * 1_000).toFixed(1)} of the map, a frame every ${rank(0.5)} ms (95 %: ${rank(0.95)}, 99 %: ${rank(0.99)}, most ${rank(1)}), ` +
    `main thread ${share(before.task, after.task)} busy, script ${share(before.script, after.script)}; load of the machine ${(loadavg()[0] ?? 0).toFixed(1)}`
  );
}

async function takePictures(browser: Browser, url: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const wanted = process.argv[process.argv.indexOf('--pictures') + 2];
  const scenes = wanted
    ? [wanted]
    : [
        'vehicles&count=1000',
        'vehicles&count=1000&zoom=7',
        'vehicles&count=300&zoom=14',
        'vehicles&count=0&zoom=4',
        'track',
        'fence',
        'order',
      ];
  for (const scene of scenes) {
    for (const [theme, language, width, height] of [
      ['light', 'zh', 1440, 900],
      ['dark', 'en', 1440, 900],
      ['dark', 'zh', 390, 844],
    ] as const) {
      const page = await open(browser, `${url}?scene=${scene}`, { width, height }, { theme, language });
      await page.waitForTimeout(6_000);
      const name = `${scene.replaceAll(/[&=]/g, '-')}-${theme}-${language}-${width}.png`;
      await page.screenshot({ path: join(folder, name) });
      console.log(name);
      await page.context().close();
    }
  }
}

async function open(
  browser: Browser,
  url: string,
  viewport: { width: number; height: number },
  choice: { theme: string; language: string } = { theme: 'light', language: 'en' },
): Promise<Page> {
  const context = await browser.newContext({ viewport });
  await context.addInitScript((chosen) => {
    localStorage.setItem('smartlink.theme', chosen.theme);
    localStorage.setItem('smartlink.language', chosen.language);
  }, choice);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      console.log(`  the page says: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.log(`  the page fails: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(new URL(url).origin))
      console.log(`  asks elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('.slk-map-buttons');
  return page;
}

await main();
