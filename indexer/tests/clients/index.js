// The index that is asked, as clients of the two libraries see it.
import assert from 'node:assert/strict';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** The address of the server. */
export const server = (process.env.SMARTLINK_GRAPHQL ?? '').replace(/\/+$/, '');
assert.match(server, /^https?:\/\//, 'set SMARTLINK_GRAPHQL to the address of the index, such as http://127.0.0.1:9630');

/** Where questions go. */
export const endpoint = `${server}/graphql`;

/** How long anything that comes with the next blocks may take, in milliseconds. */
export const PATIENCE = 120_000;

const plain = new Client({
  url: endpoint,
  exchanges: [fetchExchange],
  requestPolicy: 'network-only',
  preferGetMethod: false,
});

/** A client that keeps answers, and so asks for `__typename` everywhere. */
export function keeping(options = {}) {
  return new Client({ url: endpoint, exchanges: [cacheExchange, fetchExchange], ...options });
}

/** The answer to a question that has one. */
export async function ask(question, variables = {}) {
  const { data, error } = await plain.query(question, variables).toPromise();
  assert.equal(error, undefined, `${question}\n${JSON.stringify(variables)}\n${error}`);
  return data;
}

/** The first error of a question that has none: its sentence, and its code. */
export async function refused(question, variables = {}) {
  const { error } = await plain.query(question, variables).toPromise();
  assert.ok(error?.graphQLErrors.length, `${question} is not refused: ${error}`);
  const [{ message, extensions }] = error.graphQLErrors;
  return { message, code: extensions?.code };
}

/** What the server says to a body, whatever it is; the libraries look at a question before they send it. */
export function post(body) {
  return fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

/** The last block of the index. */
export async function last() {
  const { _meta } = await ask('{ _meta { block { number } } }');
  return _meta.block.number;
}

/** Waits until the index has come to a block. */
export async function reach(number) {
  for await (const { _meta } of follow('subscription { _meta { block { number } } }')) {
    if (_meta.block.number >= number) return;
  }
}

/** Asks between two blocks: again, where the index went on meanwhile. For several questions about now. */
export async function between(work) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const before = await last();
    const answer = await work();
    if (before === (await last())) return answer;
  }
  assert.fail('the index goes on too fast to be asked twice at one block');
}

/** A connection for subscriptions, which is not made anew when it ends. */
export function connect(on = {}) {
  const url = endpoint.replace(/^http/, 'ws');
  return createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true, on });
}

/** Everything that a subscription brings; `cut` is given what cuts the connection off, as a failure of the network does. */
export async function* follow(question, variables = {}, cut = () => {}) {
  const client = connect({ connected: (socket) => cut(() => socket.terminate()) });
  const silent = setTimeout(() => client.terminate(), PATIENCE);
  try {
    for await (const { data, errors } of client.iterate({ query: question, variables })) {
      assert.equal(errors, undefined, `${question}\n${JSON.stringify(errors)}`);
      silent.refresh();
      yield data;
    }
  } finally {
    clearTimeout(silent);
    await client.dispose();
  }
}

/** The first of what a subscription brings. */
export async function first(question, variables = {}) {
  for await (const data of follow(question, variables)) return data;
  assert.fail(`${question} ended without a word`);
}

/** Texts of integers, in order. */
export const byNumber = (left, right) => (BigInt(left) < BigInt(right) ? -1 : BigInt(left) > BigInt(right) ? 1 : 0);

/** The sum of texts of integers. */
export const sum = (texts) => texts.reduce((all, text) => all + BigInt(text ?? 0), 0n).toString();
