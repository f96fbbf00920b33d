// What development stands on: the page is of Vite's origin, and an api that does not serve the portal lets none in.
import { createServer as createHttp, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseSettings, portal } from './portal.ts';

let api: Server;
let vite: ViteDevServer;

const portOf = (server: { address(): AddressInfo | string | null } | null): number => {
  const address = server?.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return address.port;
};

/** As `Origins::judge` of the services: programs name no origin, and pages of others are turned away. */
const statusFor = ({ headers }: IncomingMessage) =>
  headers.origin === undefined || headers.origin === `http://${headers.host}` ? 200 : 403;

beforeAll(async () => {
  api = createHttp((asked, answer) => {
    answer.writeHead(statusFor(asked));
    asked.on('data', (text) => answer.write(text)).on('end', () => answer.end(`:${asked.headers.host}`));
  });
  api.on('upgrade', (asked, socket) => {
    const said = statusFor(asked) === 200 ? '101 Switching Protocols' : '403 Forbidden';
    socket.end(`HTTP/1.1 ${said}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);
  });
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${portOf(api)}`;
  for (const [name, value] of Object.entries({ API: url, INDEX: `${url}/graphql`, NODE: 'ws://node' }))
    vi.stubEnv(name, value);
  vi.stubEnv('PORTAL_ENV', undefined);
  vite = await createServer({
    configFile: false,
    root: tmpdir(),
    logLevel: 'silent',
    plugins: [portal()],
    server: { host: '127.0.0.1', port: 0, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  await vite.listen();
});

afterAll(async () => {
  await vite.close();
  api.close();
  vi.unstubAllEnvs();
});

/** What a page of Vite's sends. */
function page(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<string> {
  const port = portOf(vite.httpServer as Server);
  const origin = `http://127.0.0.1:${port}`;
  return new Promise((done, failed) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers: { origin, ...headers } });
    asked.on('error', failed);
    asked.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      done(String(statusCode));
    });
    asked.on('response', (answer) => {
      let text = `${answer.statusCode} `;
      answer.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      answer.on('end', () => done(text));
    });
    asked.end(body);
  });
}

test('calls, exports and questions of the page get through, to the host that they are for', async () => {
  const host = `127.0.0.1:${portOf(api)}`;
  expect(await page('POST', '/', {}, '{}')).toBe(`200 {}:${host}`);
  expect(await page('GET', '/export?of=rides')).toBe(`200 :${host}`);
  expect(await page('POST', '/graphql', {}, '{}')).toBe(`200 {}:${host}`);
  expect(await page('GET', '/exports/1')).toBe(`200 :${host}`);
});

test.each(['/', '/graphql'])('its WebSocket on %s gets through', async (path) => {
  const asked = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  expect(await page('GET', path, asked)).toBe('101');
});

test('it is told where the services are', async () => {
  const [, text = ''] = /^200 (.*)$/.exec(await page('GET', '/portal.json')) ?? [];
  expect(JSON.parse(text)).toEqual({
    company: 1,
    node: 'ws://node',
    index: '/graphql',
    ethereum: null,
    tiles: null,
  });
});

test('a file of settings has comments and is no shell', () => {
  expect(parseSettings('# a\nAPI=http://a:1 # b\n\nNODE=ws://b\nlower=1')).toEqual({
    API: 'http://a:1',
    NODE: 'ws://b',
  });
});
