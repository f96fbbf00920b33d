// Questions against a server as the index may answer.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask, type Document } from './ask';
import { IndexError } from './errors';

const { portal } = vi.hoisted(() => ({ portal: { index: '' } }));
vi.mock('../portal', () => ({ portal: () => portal }));

let answer: { status: number; body: string } | 'silence' = { status: 200, body: '' };
let sent = '';
const server = createServer((request, response) => {
  sent = '';
  request.on('data', (part) => {
    sent += part;
  });
  request.on('end', () => {
    if (answer === 'silence') return;
    response.statusCode = answer.status;
    response.end(answer.body);
  });
});

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  portal.index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Height {
  _meta: { block: { number: number } };
}
const height: Document<Height, { at: number }> = new String('query Height($at: Int) { … }');

function says(status: number, what: unknown): void {
  answer = { status, body: typeof what === 'string' ? what : JSON.stringify(what) };
}

test('the document goes with its variables, and the data come back', async () => {
  says(200, { data: { _meta: { block: { number: 7 } } } });
  expect((await ask(height, { at: 3 }))._meta.block.number).toBe(7);
  expect(JSON.parse(sent)).toEqual({ query: 'query Height($at: Int) { … }', variables: { at: 3 } });
});

test.each([
  [
    200,
    { data: null, errors: [{ message: 'm', extensions: { code: 'TOO_EXPENSIVE' } }] },
    'TOO_EXPENSIVE',
    false,
  ],
  [200, { data: { a: 1 }, errors: [{ message: 'm', extensions: { code: 'TIMEOUT' } }] }, 'TIMEOUT', true],
  [200, { errors: [{ message: 'Unknown field "x"' }] }, 'INVALID_DOCUMENT', false],
  [200, {}, 'BAD_ANSWER', false],
  [200, 'hello', 'BAD_ANSWER', false],
  [503, 'Service Unavailable', 'NO_CONNECTION', true],
])('HTTP %d with %j is %s', async (status, what, name, passes) => {
  says(status, what);
  const error = await ask(height, { at: 3 }).catch((reason: unknown) => reason);
  if (!(error instanceof IndexError)) throw new Error('no IndexError');
  expect([error.errorName, error.passes]).toEqual([name, passes]);
});

test('the field that had no answer is named', async () => {
  const error = { message: 'later', path: ['vehicle', 'proof'], extensions: { code: 'PROOF_UNAVAILABLE' } };
  says(200, { data: { vehicle: null }, errors: [error] });
  await expect(ask(height, { at: 3 })).rejects.toMatchObject({ path: 'vehicle.proof' });
});

test('an index that says nothing is given up in time', async () => {
  answer = 'silence';
  await expect(ask(height, { at: 3 }, { timeoutMs: 50 })).rejects.toMatchObject({ errorName: 'NO_ANSWER' });
});
