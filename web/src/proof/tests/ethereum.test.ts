import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asked,
  type Bundle,
  confirm,
  type Hex,
  look,
  trustOf,
  Unanswered,
  type Verification,
  verify,
  whereOf,
} from '..';
import { parse, textOf, unseal } from '../bundle';
import { utf8 } from '../bytes';
import { mmrRootOf } from '../leaf';
import { rootOf } from '../roster';
import { Anvil } from './support/anvil';
import { FIXTURES_ROOT, fixture } from './support/files';
import * as small from './support/small';
import { Validators } from './support/validators';

const GENESIS: Hex = `0x${'ab'.repeat(32)}`;
const text = fixture('receipt');
const bundle = parse(unseal(text));
const asked = askedOf(bundle);

function askedOf({ commitment }: Bundle): Asked {
  return { block: commitment.block, root: mmrRootOf(commitment) };
}

describe('a contract on a node of Ethereum', () => {
  let anvil: Anvil;
  beforeAll(async () => {
    anvil = await Anvil.start();
  }, 30_000);
  afterAll(() => anvil.stop());

  /** The contract whose current set has this number and these validators. */
  function made(set: number, roster: readonly Hex[], next: readonly Hex[] = roster): Promise<Hex> {
    return anvil.make({ genesis: GENESIS, set, roster, nextRoot: rootOf(next), nextLength: next.length });
  }

  async function confirmed(contract: Hex, verification: Verification): Promise<Verification> {
    return confirm(verification, await look(whereOf(anvil.url, contract), asked));
  }

  it('says what it holds', async () => {
    const contract = await made(Number(bundle.commitment.set), bundle.validators);
    expect(await look(whereOf(anvil.url, contract), asked)).toEqual({
      chainId: 31_337n,
      contract,
      genesis: GENESIS,
      latest: 0,
      holds: false,
      current: { id: bundle.commitment.set, length: 4, root: FIXTURES_ROOT },
      next: { id: String(Number(bundle.commitment.set) + 1), length: 4, root: FIXTURES_ROOT },
    });
  });

  it('knows the set that signed, before it has the root', async () => {
    const contract = await made(Number(bundle.commitment.set), bundle.validators);
    const { verdict, steps } = await confirmed(contract, verify(text, null));
    expect(verdict).toMatchObject({ kind: 'proven', under: { by: 'contract', contract, knows: 'set' } });
    expect(steps.at(-1)).toMatchObject({ name: 'contract', refused: null });
  });

  it('knows the set that comes next', async () => {
    const others = new Validators(3, 'before').addresses();
    const contract = await made(Number(bundle.commitment.set) - 1, others, bundle.validators);
    const { verdict } = await confirmed(contract, verify(text, null));
    expect(verdict).toMatchObject({ kind: 'proven', under: { knows: 'set' } });
  });

  it('holds the root that was brought to it', async () => {
    const contract = await made(Number(bundle.commitment.set), bundle.validators);
    await anvil.submit(contract, bundle);
    const held = await look(whereOf(anvil.url, contract), asked);
    expect(held).toMatchObject({ holds: true, latest: asked.block });
    const { verdict } = confirm(verify(text, null), held);
    expect(verdict).toMatchObject({
      kind: 'proven',
      under: { by: 'contract', chainId: 31_337n, knows: 'root' },
    });

    // For its own block alone.
    const other = await look(whereOf(anvil.url, contract), { ...asked, block: asked.block + 1 });
    expect(other.holds).toBe(false);
  });

  it('of other validators refuses a set that is the bundle’s', async () => {
    const contract = await made(Number(bundle.commitment.set), new Validators(4, 'theirs').addresses());
    const { verdict, steps } = await confirmed(contract, verify(text, null));
    expect(verdict).toMatchObject({
      kind: 'refused',
      step: 'contract',
      why: { code: 'contract_knows_neither' },
    });
    expect(steps.at(-1)).toMatchObject({ name: 'contract', refused: { code: 'contract_knows_neither' } });

    // What was proven under a root that somebody named stays so, and the step shows that the contract does not know it.
    const named = await confirmed(contract, verify(text, trustOf(FIXTURES_ROOT)));
    expect(named.verdict).toMatchObject({ kind: 'proven', under: { by: 'root' } });
    expect(named.steps.at(-1)).toMatchObject({ refused: { code: 'contract_knows_neither' } });
  });

  it('refuses the leaf about block 0 of another chain', async () => {
    const first = small.anchor(0);
    const contract = await made(Number(small.SET), first.validators);
    await anvil.submit(contract, first);
    const held = await look(whereOf(anvil.url, contract), askedOf(first));
    expect(held.holds).toBe(true);
    const { verdict } = confirm(verify(utf8(textOf(first)), null), held);
    expect(verdict).toMatchObject({ kind: 'refused', why: { code: 'other_chain', genesis: GENESIS } });
    const own = { ...held, genesis: first.leaf.parent_hash };
    expect(confirm(verify(utf8(textOf(first)), null), own).verdict).toMatchObject({ kind: 'proven' });
  });

  it('is not asked about what was refused', async () => {
    const contract = await made(Number(bundle.commitment.set), bundle.validators);
    const refused = verify(text, trustOf(`0x${'11'.repeat(32)}`));
    expect(await confirmed(contract, refused)).toBe(refused);
  });

  it('is not where there is no code', async () => {
    const nowhere = look(whereOf(anvil.url, `0x${'12'.repeat(20)}`), asked);
    await expect(nowhere).rejects.toMatchObject({ why: { code: 'no_contract', chainId: 31_337n } });
  });
});

describe('what answers as no node does', () => {
  let server: Server;
  let url: string;
  /** What is answered: a text, or nothing at all. */
  let answer: { readonly body: string | null; readonly status?: number; readonly location?: string };

  beforeAll(async () => {
    server = createServer((question, answered) => {
      question.resume();
      if (answer.body === null) return;
      answered.writeHead(
        answer.status ?? 200,
        answer.location === undefined ? {} : { location: answer.location },
      );
      answered.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const contract = `0x${'12'.repeat(20)}`;
  const result = (value: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result: value });

  it.each([
    ['nothing', '', 'json'],
    ['a page', '<html>', 'json'],
    ['a list', '[]', 'answer'],
    ['a number', '7', 'object'],
    ['null', 'null', 'object'],
    ['the answer to another question', '{"jsonrpc":"2.0","id":2,"result":"0x1"}', 'answer'],
    ['no result', '{"jsonrpc":"2.0","id":1}', 'result'],
    ['a result that is no text', result(7), 'result'],
    ['a number with a zero in front', result('0x01'), 'number'],
    ['a number without its mark', result('1'), 'number'],
    ['a negative number', result('-0x1'), 'number'],
    ['a number of 68 bits', result(`0x1${'0'.repeat(16)}`), 'number'],
    ['an answer without end', result(`0x${'1'.repeat(100_000)}`), 'long'],
  ])('is refused: %s', async (_, body, why) => {
    answer = { body };
    await expect(look(whereOf(url, contract), asked)).rejects.toMatchObject({
      why: { code: 'garbled', why },
    });
  });

  it.each([
    ['half a byte', '0x123', 'bytes'],
    ['a word too few', `0x${'00'.repeat(31)}`, 'hash'],
    ['a word too many', `0x${'00'.repeat(64)}`, 'hash'],
    // 32 bytes are a hash and a height; they are no set.
    ['one word for everything', `0x${'00'.repeat(32)}`, 'set'],
    ['a height of 33 bits', `0x${'00'.repeat(27)}01${'00'.repeat(4)}`, 'height'],
  ])('is refused where the contract should answer: %s', async (_, word, why) => {
    const numbers = createServer((question, answered) => {
      let body = '';
      question.on('data', (piece) => {
        body += piece;
      });
      question.on('end', () => answered.end(result(body.includes('eth_chainId') ? '0x1' : word)));
    });
    await new Promise<void>((resolve) => numbers.listen(0, '127.0.0.1', resolve));
    const { port } = numbers.address() as AddressInfo;
    const asking = look(whereOf(`http://127.0.0.1:${port}`, contract), asked);
    await expect(asking).rejects.toMatchObject({ why: { code: 'garbled', method: 'eth_call', why } });
    numbers.closeAllConnections();
    await new Promise((resolve) => numbers.close(resolve));
  });

  it('says what a node says, without what a terminal or a page would obey', async () => {
    const message = `no\u0007\u001b[31m ${'x'.repeat(400)}`;
    answer = {
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32_000, message } }),
      status: 400,
    };
    const failed = await look(whereOf(url, contract), asked).catch((error: unknown) => error);
    if (!(failed instanceof Unanswered) || failed.why.code !== 'refused') throw failed;
    expect(failed.why.said).toMatch(/^no {2}\[31m x+$/);
    expect(failed.why.said.length).toBe(300);
  });

  it('says which status it was', async () => {
    answer = { body: 'gone', status: 503 };
    await expect(look(whereOf(url, contract), asked)).rejects.toMatchObject({
      why: { code: 'status', status: 503 },
    });
  });

  it('is not followed elsewhere', async () => {
    answer = { body: '', status: 307, location: 'http://127.0.0.1:9/' };
    await expect(look(whereOf(url, contract), asked)).rejects.toMatchObject({ why: { code: 'unreachable' } });
  });

  it('is waited for no longer than it should', async () => {
    answer = { body: null };
    const asking = look(whereOf(url, contract), asked, { timeoutMs: 100 });
    await expect(asking).rejects.toMatchObject({ why: { code: 'silent', seconds: 0.1 } });
  });

  it('is left when somebody leaves', async () => {
    answer = { body: null };
    const leaving = new AbortController();
    const asking = look(whereOf(url, contract), asked, { signal: leaving.signal });
    leaving.abort();
    await expect(asking).rejects.toMatchObject({ why: { code: 'ended' } });
  });

  it('is nobody', async () => {
    // Port 9 is for throwing away, and nobody listens there.
    await expect(look(whereOf('http://127.0.0.1:9', contract), asked)).rejects.toMatchObject({
      why: { code: 'unreachable' },
    });
  });

  it.each(['', 'ethereum', 'ws://127.0.0.1:1', 'javascript:alert(1)'])('has no address: %s', (bad) => {
    expect(() => whereOf(bad, contract)).toThrow('bad_url');
  });

  it.each(['', '0x12', contract.slice(2), `${contract}00`])('has no contract: %s', (bad) => {
    expect(() => whereOf(url, bad)).toThrow('bad_address');
  });
});
