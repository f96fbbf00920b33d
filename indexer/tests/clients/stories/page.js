// GraphiQL, in a browser that has no network.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch } from 'puppeteer-core';
import { ask, last, server } from '../index.js';

const browsers = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** The browser: what SMARTLINK_CHROMIUM says, or one that is in PATH. */
function find() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = browsers.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  return process.env.SMARTLINK_CHROMIUM ?? found;
}

const browser = find();
const all = process.env.SMARTLINK_REQUIRE_ALL === '1';
const missing = `there is no browser (${browsers.join(', ')}): run \`cargo xtask setup\`, or set SMARTLINK_CHROMIUM`;

describe('GraphiQL', { skip: browser || all ? false : missing }, () => {
  let chromium;
  let page;
  const complaints = [];
  const asked = [];

  /** What an editor of the page holds. */
  const editor = (within, text) =>
    page.evaluate((within, text) => {
      const { CodeMirror: editor } = document.querySelector(`${within} .CodeMirror`);
      if (text !== null) editor.setValue(text);
      return editor.getValue();
    }, within, text ?? null);

  /** Waits until the page has read what stands in the editor: then it keeps it for the next visit. */
  const read = async (question) => {
    const kept = (question) => Object.values(localStorage).some((text) => text.includes(JSON.stringify(question).slice(1, -1)));
    await page.waitForFunction(kept, { timeout: 60_000 }, question);
  };

  /** Puts a question into the editor. */
  const write = async (question) => {
    await editor('.graphiql-query-editor', question);
    await read(question);
  };

  /** Runs what stands in the editor, and waits for an answer that holds a text. */
  const answer = async (expected) => {
    await editor('.result-window', '');
    await page.click('.graphiql-execute-button');
    const came = (text) => document.querySelector('.result-window .CodeMirror').CodeMirror.getValue().includes(text);
    await page.waitForFunction(came, { timeout: 60_000 }, expected).catch(async (error) => {
      assert.fail(`${error}: ${await editor('.result-window')}`);
    });
    return JSON.parse(await editor('.result-window'));
  };

  before(async () => {
    assert.ok(browser, missing);
    chromium = await launch({ executablePath: browser, headless: 'shell', pipe: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
    page = await chromium.newPage();
    await page.setViewport({ width: 1400, height: 900 });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('request', (request) => asked.push(request.url()));
    // Warnings of libraries on their own past are not ours.
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const response = await page.goto(`${server}/`, { waitUntil: 'networkidle0', timeout: 60_000 });
    assert.equal(response.status(), 200, await response.text());
    await page.waitForSelector('.graphiql-query-editor .CodeMirror', { timeout: 60_000 });
  });

  after(() => chromium?.close());

  test('comes from the indexer alone, and nothing in it is refused', () => {
    assert.deepEqual(complaints, []);
    const elsewhere = asked.filter((url) => !url.startsWith(`${server}/`) && !url.startsWith('data:'));
    assert.deepEqual(elsewhere, []);
    assert.ok(asked.includes(`${server}/graphql`), 'it has asked for the schema');
  });

  test('shows the schema in its explorer', async () => {
    assert.equal(await page.title(), 'SmartLinkDrive index');
    await page.click('button[aria-label="Show Documentation Explorer"]');
    const explorer = '.graphiql-doc-explorer';
    await page.waitForSelector(`${explorer} a.graphiql-doc-explorer-type-name`, { timeout: 60_000 });
    const types = await page.$$eval(`${explorer} a.graphiql-doc-explorer-type-name`, (links) => links.map((link) => link.textContent));
    assert.ok(types.includes('Query') && types.includes('Subscription'), String(types));
    await page.click(`${explorer} a.graphiql-doc-explorer-type-name`);
    await page.waitForFunction((explorer) => document.querySelector(explorer).textContent.includes('vehiclesConnection'), {}, explorer);
  });

  test('begins with a question that has an answer', async () => {
    const { data, errors } = await answer('"batchesAggregate"');
    assert.equal(errors, undefined);
    assert.ok(data._meta.block.number > 0 && data.blocks.length > 0 && data.companies.length > 0);
    if (process.env.SMARTLINK_SCREENSHOT) await page.screenshot({ path: process.env.SMARTLINK_SCREENSHOT });
  });

  test('answers what is typed', async () => {
    const { companies } = await ask('{ companies(first: 1) { name } }');
    await editor('.graphiql-query-editor', '');
    await page.click('.graphiql-query-editor .CodeMirror');
    // Brackets close by themselves; what closes them is typed over.
    await page.keyboard.type('{companies(first:1){name}}', { delay: 5 });
    await page.keyboard.press('Escape');
    await read(await editor('.graphiql-query-editor'));
    const { data } = await answer(companies[0].name);
    assert.deepEqual(data, { companies });
  });

  test('shows subscriptions, and what is refused', async () => {
    const now = await last();
    await write(`subscription { blocks(fromBlock: ${now}) { number } }`);
    const { data } = await answer('"number"');
    assert.ok(data.blocks.number >= now, JSON.stringify(data));
    await page.click('.graphiql-execute-button');
    await write('{ vehicles(skip: 1000000) { id } }');
    const { errors } = await answer('BAD_USER_INPUT');
    assert.match(errors[0].message, /skip/);
  });

  test('is dark where the system is', async () => {
    const colour = async (value) => {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      return page.$eval('.graphiql-container', (container) => getComputedStyle(container).backgroundColor);
    };
    const [light, dark] = [await colour('light'), await colour('dark')];
    assert.notEqual(light, dark);
  });
});
