// In development Vite stands where the api role of a company stands in production: it answers /portal.json and hands
// JSON-RPC (POST /, WebSocket on /) and /export to a running api, and /graphql to an index. What runs where comes from
// the environment, or from the file of KEY=value lines that PORTAL_ENV names.
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Plugin, PreviewServer, ViteDevServer } from 'vite';

type Settings = Readonly<Record<string, string | undefined>>;

// The file goes first: npm itself sets NODE.
export function settings(env: Settings = process.env): Settings {
  const file = env.PORTAL_ENV;
  return file === undefined ? env : { ...env, ...parseSettings(readFileSync(file, 'utf8')) };
}

export function parseSettings(text: string): Settings {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=([^\s#]*)/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) found[match[1]] = match[2];
  }
  return found;
}

function portalJson(s: Settings): string {
  const need = (key: string): string => {
    const value = s[key];
    if (value === undefined)
      throw new Error(`${key} is not set: set it, or PORTAL_ENV to a file that has it`);
    return value;
  };
  const ethereum =
    s.ETHEREUM !== undefined && s.CONTRACT !== undefined ? { url: s.ETHEREUM, contract: s.CONTRACT } : null;
  return JSON.stringify({
    company: Number(s.COMPANY ?? '1'),
    node: need('NODE'),
    index: '/graphql',
    ethereum,
    tiles: s.TILES ?? null,
  });
}

function fail(response: ServerResponse, status: number, error: unknown): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(error instanceof Error ? error.message : String(error));
}

/** Without the page's origin: an api that does not serve the portal itself lets no page of another origin in. */
function headersFor(api: URL, from: IncomingMessage): OutgoingHttpHeaders {
  const { origin: _, ...headers } = from.headers;
  return { ...headers, host: api.host };
}

function forward(api: URL, from: IncomingMessage, to: ServerResponse): void {
  const onward = request(
    {
      host: api.hostname,
      port: api.port,
      method: from.method,
      path: from.url,
      headers: headersFor(api, from),
    },
    (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    },
  );
  onward.on('error', (error) => (to.headersSent ? to.destroy() : fail(to, 502, error)));
  to.on('close', () => onward.destroy());
  from.pipe(onward);
}

function forwardSocket(api: URL, from: IncomingMessage, socket: Socket, head: Buffer): void {
  const onward = connect(Number(api.port) || 80, api.hostname, () => {
    const lines = [`GET ${from.url} HTTP/1.1`, `host: ${api.host}`];
    for (let i = 0; i + 1 < from.rawHeaders.length; i += 2) {
      const name = from.rawHeaders[i] ?? '';
      if (!['host', 'origin'].includes(name.toLowerCase()))
        lines.push(`${name}: ${from.rawHeaders[i + 1] ?? ''}`);
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  const close = () => {
    onward.destroy();
    socket.destroy();
  };
  onward.on('error', close);
  socket.on('error', close);
}

function install(server: ViteDevServer | PreviewServer): void {
  const s = settings();
  const api = s.API === undefined ? undefined : new URL(s.API);
  const index = s.INDEX === undefined ? undefined : new URL(s.INDEX);
  server.middlewares.use((request, response, next) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/portal.json') {
      try {
        const text = portalJson(s);
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(text);
      } catch (error) {
        fail(response, 503, error);
      }
    } else if ((path === '/' && request.method === 'POST') || path === '/export') {
      if (api === undefined) fail(response, 502, new Error('API is not set: the URL of a running api'));
      else forward(api, request, response);
    } else if (path === '/graphql' || path?.startsWith('/exports') === true) {
      if (index === undefined) fail(response, 502, new Error('INDEX is not set: the URL of a running index'));
      else forward(index, request, response);
    } else {
      next();
    }
  });
  server.httpServer?.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const ofVite = (request.headers['sec-websocket-protocol'] ?? '').startsWith('vite');
    const path = (request.url ?? '/').split('?')[0];
    const target = path === '/' ? api : path === '/graphql' ? index : undefined;
    if (target !== undefined && !ofVite) forwardSocket(target, request, socket, head);
  });
}

export function portal(): Plugin {
  return {
    name: 'portal',
    configureServer: (server) => install(server),
    configurePreviewServer: (server) => install(server),
  };
}
