// How soon a page of the portal can be used: `npx tsx tests/start/bench.ts`, in a new browser profile each time, on real services
// (PORTAL_URL, or a consortium that is started for it). Prints, and judges nothing: the figures are this machine's.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from '@playwright/test';
import { interactiveMs, type Span } from './interactive.ts';

/** Who opens the portal. Throttled as Lighthouse throttles a phone: slow 4G, and a processor that is four times slower. */
const VISITORS = [
  { name: 'desktop', viewport: { width: 1440, height: 900 }, slower: 1, network: null },
  {
    name: 'phone, slow 4G',
    viewport: { width: 390, height: 844 },
    slower: 4,
    network: { latency: 150, bitsPerSecond: 1_638_400 },
  },
] as const;
const PAGES = ['/', '/explorer', '/operations/tariffs', '/driver'] as const;
const RUNS = 5;
/** How long a page is watched: TTI wants five quiet seconds. */
const WATCH_MS = 14_000;

/** What a page was seen to do, in milliseconds from its navigation. */
interface Seen {
  readonly paintMs: number;
  readonly tasks: readonly Span[];
  readonly requests: readonly Span[];
  readonly kilobytes: number;
}

async function main(): Promise<void> {
  const [portal, stop] = await services();
  const executablePath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) =>
    existsSync(path),
  );
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
  try {
    console.log(`median of ${RUNS} first visits; load of the machine ${(loadavg()[0] ?? 0).toFixed(1)}`);
    console.log(
      row(['visitor', 'page', 'first paint', 'interactive', 'blocked', 'loaded', 'interactive in all runs']),
    );
    for (const visitor of VISITORS) for (const path of PAGES) await measure(browser, visitor, portal, path);
  } finally {
    await browser.close();
    stop();
  }
}

type Who = (typeof VISITORS)[number];

async function measure(browser: Browser, visitor: Who, portal: string, path: string): Promise<void> {
  const runs: { interactive: number; seen: Seen }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const seen = await visit(browser, visitor, `${portal}${path}`);
    runs.push({ interactive: interactiveMs(seen.paintMs, seen.tasks, seen.requests, WATCH_MS), seen });
  }
  runs.sort((a, b) => a.interactive - b.interactive);
  const median = runs[Math.floor(RUNS / 2)];
  if (median === undefined) throw new Error('nothing was measured');
  // A live page on a slow phone may never have five quiet seconds.
  const said = (ms: number) => (Number.isFinite(ms) ? ms.toFixed(0) : 'never');
  const { paintMs, kilobytes, tasks } = median.seen;
  // Total Blocking Time: what of each long task is over 50 ms.
  const blocked = tasks.reduce((sum, [from, to]) => sum + Math.max(0, to - from - 50), 0);
  const cells = [
    `${said(paintMs)} ms`,
    `${said(median.interactive)} ms`,
    `${said(blocked)} ms`,
    `${said(kilobytes)} kB`,
  ];
  console.log(
    row([visitor.name, path, ...cells, runs.map(({ interactive }) => said(interactive)).join(' ')]),
  );
}

function row(cells: readonly string[]): string {
  const widths = [15, 20, 12, 12, 9, 8, 24];
  return cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' ');
}

async function visit(browser: Browser, visitor: Who, url: string): Promise<Seen> {
  const context = await browser.newContext({ viewport: visitor.viewport });
  const page = await context.newPage();
  try {
    return await watch(page, visitor, url);
  } finally {
    await context.close();
  }
}

async function watch(page: Page, visitor: Who, url: string): Promise<Seen> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: visitor.slower });
  if (visitor.network !== null) {
    const throughput = visitor.network.bitsPerSecond / 8;
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: visitor.network.latency,
      downloadThroughput: throughput,
      uploadThroughput: throughput,
    });
  }
  await page.addInitScript(() => {
    const tasks: [number, number][] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, startTime + duration]);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForTimeout(WATCH_MS);
  const seen = await page.evaluate(() => ({
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1,
    tasks: (window as unknown as { longTasks: Span[] }).longTasks,
    requests: performance
      .getEntriesByType('resource')
      .map(({ startTime, duration }): Span => [startTime, startTime + duration]),
  }));
  if (seen.paintMs < 0) throw new Error(`${url} painted nothing in ${WATCH_MS} ms`);
  return { ...seen, kilobytes: bytes / 1_000 };
}

/** Where the portal is, and what ends what was started for it. */
async function services(): Promise<[string, () => void]> {
  const served = process.env['PORTAL_URL'];
  if (served !== undefined) return [served.replace(/\/$/, ''), () => {}];
  console.log('starting a consortium: some four minutes');
  const city = spawn('node', ['--import', 'tsx', 'tests/services/up.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: city.stdout })) {
    const portal = /^up: company 1 (\S+?)\/? company 2/.exec(line)?.[1];
    if (portal !== undefined) return [portal, () => void city.kill('SIGTERM')];
  }
  throw new Error('the consortium ended before it was up: see test-results/services.log');
}

await main();
