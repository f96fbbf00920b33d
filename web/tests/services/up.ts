/**
 * Starts what the stories need: a consortium with the services of two companies, which serve the portal, an index, and Ethereum
 * with a contract. When everything is up it says so in a line, which playwright.config.ts waits for. It ends
 * everything when it is told to, or when who started it is gone.
 *
 * BINARIES names the folder of the programs, ANVIL Foundry's anvil; without them it looks where `cargo xtask` puts them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { array, number, object, parse, string } from 'valibot';

/** Few of everything: the city lives for seconds, and each page has something to show. */
const CITY = ['--orders', '3', '--riders', '3', '--drivers', '4', '--vehicles', '4'];
/** How long stopping in good order may take. */
const STOP_MS = 40_000;
const LOOK_MS = 200;
/** What the city says: read it when something does not start. */
const LOG = 'test-results/services.log';

const written = object({
  companies: array(object({ company: number(), portal: string() })),
});

/** A path that has to be there. */
function needed(path: string, remedy: string): string {
  if (existsSync(path)) return path;
  throw new Error(`there is no ${path}: ${remedy}`);
}

/** Where `cargo xtask setup` puts it, in a folder of its version. */
function anvil(): string {
  const named = process.env['ANVIL'];
  const folder = join(homedir(), '.cache/smartlinkdrive/foundry');
  const versions = existsSync(folder) ? readdirSync(folder).sort() : [];
  return needed(
    named ?? join(folder, versions.at(-1) ?? '', 'anvil'),
    'run `cargo xtask setup`, or set ANVIL',
  );
}

/** The programs, and what the city is told. */
function command(): [string, string[]] {
  const target = process.env['CARGO_TARGET_DIR'] ?? resolve('../target');
  const folder = process.env['BINARIES'] ?? join(target, 'debug');
  const remedy = 'build the workspace, or set BINARIES to their folder';
  const binary = (name: string) => needed(join(folder, `smartlink-${name}`), remedy);
  const portal = resolve('dist');
  needed(join(portal, 'index.html'), 'run `npm run build`');
  const own = ['--node', binary('node'), '--indexer', binary('indexer'), '--bridge', binary('bridge')];
  return [binary('offchain'), ['up', ...own, '--anvil', anvil(), '--portal', portal, ...CITY]];
}

/** Ends the city in good order, or by force when that takes too long. What it started ends with it. */
function end(city: ChildProcess): void {
  city.kill('SIGINT');
  setTimeout(() => city.kill('SIGKILL'), STOP_MS).unref();
}

function main(): void {
  const [program, told] = command();
  const folder = mkdtempSync(join(tmpdir(), 'smartlink-portal-'));
  const file = join(folder, 'addresses.json');
  mkdirSync('test-results', { recursive: true });
  const log = createWriteStream(LOG);
  // A group of its own: a Ctrl-C in the terminal comes here alone, and the city is told once.
  const city = spawn(program, [...told, '--base-path', join(folder, 'city'), '--addresses', file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  city.stdout.pipe(log, { end: false });
  city.stderr.pipe(log, { end: false });
  city.on('error', (error) => console.error(`${program} cannot be started: ${error.message}`));

  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) end(city);
  }, LOOK_MS * 5);
  const look = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(look);
    const { companies } = parse(written, JSON.parse(readFileSync(file, 'utf8')));
    const portals = companies.map(({ company, portal }) => `company ${company} ${portal}`);
    console.log(`up: ${portals.join(' ')}`);
  }, LOOK_MS);

  let isTold = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      isTold = true;
      end(city);
    });
  city.on('close', (code, signal) => {
    clearInterval(watch);
    clearInterval(look);
    rmSync(folder, { recursive: true, force: true });
    if (isTold) process.exit(0);
    console.error(`the city ended with ${signal ?? code}: see web/${LOG}`);
    process.exit(1);
  });
}

main();
