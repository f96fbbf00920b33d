// Calls against a server as the api, or what stands before it, may answer.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { call } from './call';
import { ApiError } from './errors';
import { post } from './http';
import { session } from './session';

let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => answer(request, response, body));
});
const fetchThere = globalThis.fetch;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // A browser knows where it is; here the address is put before the path.
  globalThis.fetch = (path, init) => fetchThere(`${base}${String(path)}`, init);
});

afterAll(() => {
  globalThis.fetch = fetchThere;
  server.closeAllConnections();
  server.close();
});

function json(what: object): typeof answer {
  return (_, response) => response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...what }));
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${String(error)}`);
  return error;
}

test('an answer comes back, and the token went along', async () => {
  let sent = {};
  answer = (request, response, body) => {
    sent = { ...JSON.parse(body), authorization: request.headers.authorization };
    response.end('{"jsonrpc":"2.0","id":1,"result":{"unread":0,"messages":[]}}');
  };
  expect(await post('inbox_list', {}, 'abc')).toEqual({ unread: 0, messages: [] });
  expect(sent).toMatchObject({ method: 'inbox_list', params: {}, authorization: 'Bearer abc' });
});

test('a refusal has its name, its remedy, and how long to wait', async () => {
  const data = { name: 'too_many_calls', remedy: 'send less', retry_after_ms: 700 };
  answer = json({ error: { code: 30013, message: 'Too often.', data } });
  const error = await failure(post('inbox_list', {}, null));
  expect(error).toMatchObject({ errorName: 'too_many_calls', remedy: 'send less', retryAfterMs: 700 });
  expect([error.nothingBegun, error.unsure, error.endsSession]).toEqual([true, false, false]);
});

test('errors of the protocol have names as well', async () => {
  answer = json({ error: { code: -32602, message: 'unknown field' } });
  expect((await failure(post('inbox_list', {}, null))).errorName).toBe('invalid_params');
});

test.each([
  [502, '<html>Bad Gateway</html>', 'no_connection'],
  [200, '<html>Hello</html>', 'bad_answer'],
  [200, '{"result":1}', 'bad_answer'],
  [200, '{"jsonrpc":"2.0","error":"odd"}', 'bad_answer'],
])('HTTP %d with %s is %s', async (status, body, name) => {
  answer = (_, response) => {
    response.statusCode = status;
    response.end(body);
  };
  expect((await failure(post('system_health', {}, null))).errorName).toBe(name);
});

test('a service that says nothing is given up in time, and one that hangs up at once', async () => {
  answer = () => {};
  const silent = await failure(post('system_health', {}, null, { timeoutMs: 50 }));
  expect([silent.errorName, silent.unsure]).toEqual(['no_answer', true]);
  answer = (request) => request.socket.destroy();
  expect((await failure(post('system_health', {}, null))).errorName).toBe('no_connection');
});

test('who gives up gets the own reason back', async () => {
  answer = () => {};
  const reason = new Error('I left the page');
  const giveUp = new AbortController();
  const asked = post('system_health', {}, null, { signal: giveUp.signal });
  giveUp.abort(reason);
  await expect(asked).rejects.toBe(reason);
});

test('a token that ended is renewed once, and the call sent again', async () => {
  vi.spyOn(session, 'token').mockResolvedValue('old');
  vi.spyOn(session, 'refresh').mockResolvedValue('new');
  answer = (request, response) => {
    const error = { code: 30002, message: '', data: { name: 'token_expired', remedy: '' } };
    const good = request.headers.authorization === 'Bearer new';
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...(good ? { result: 'there' } : { error }) }));
  };
  expect(await call('auth_whoami', {})).toBe('there');
  expect(session.refresh).toHaveBeenCalledExactlyOnceWith('old');
});

test('a session that the service does not know any more is over', async () => {
  vi.spyOn(session, 'token').mockResolvedValue('old');
  const end = vi.spyOn(session, 'end').mockReturnValue();
  answer = json({ error: { code: 30004, message: '', data: { name: 'session_revoked', remedy: '' } } });
  expect((await failure(call('auth_whoami', {}))).errorName).toBe('session_revoked');
  expect(end).toHaveBeenCalledWith('revoked');
});
