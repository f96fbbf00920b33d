/**
 * Against a running chain of the development presets, by hand:
 * `SMARTLINK_NODE=ws://127.0.0.1:9944 npx vitest run src/wallet/real-chain.test.ts`
 */
import 'fake-indexeddb/auto';
import type { AddressInfo } from 'node:net';
import { filter, firstValueFrom, lastValueFrom, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { balanceOf } from '../chain/balances';
import { beefyHead } from '../chain/beefy';
import { Chain } from '../chain/connection';
import { follow, type Progress } from '../chain/follow';
import { describeWithNames } from '../chain/known';
import type { DecodedCall } from '../chain/metadata';
import { explain } from '../chain/refusals/explain';
import { currentSession } from '../chain/validators';
import { bearerOf } from './fee';
import { draft, sign } from './transaction';
import type { Wallet as Wallets } from './wallet';

const NODE = process.env.SMARTLINK_NODE;
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

const transfer = (value: bigint): DecodedCall => ({
  type: 'Balances',
  value: { type: 'transfer_keep_alive', value: { dest: { type: 'Id', value: BOB }, value } },
});

describe.skipIf(NODE === undefined)('a running chain', { timeout: 120_000 }, () => {
  let chain: Chain;
  let wallet: Wallets;

  beforeAll(async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    vi.stubGlobal('WebSocket', WebSocket);
    const { Wallet } = await import('./wallet');
    wallet = new Wallet();
    await wallet.keystore.add(PHRASE, '//Alice', 'Alice', 'correct horse 7');
    await wallet.start();
    chain = new Chain({ node: NODE ?? '' });
    await chain.ready();
  });

  afterAll(() => chain?.close());

  const alice = () => {
    const { selected } = wallet.state();
    if (!selected) throw new Error('the keystore has no account');
    return selected;
  };

  async function carryOut(call: DecodedCall) {
    const made = await draft(chain, alice(), call);
    const signed = await sign(chain, wallet, made);
    const steps: string[] = [];
    const last = await lastValueFrom(follow(chain, signed).pipe(tap((p) => steps.push(p.step))));
    return { made, last, steps };
  }

  it('follows a transfer of //Alice to finality', async () => {
    const before = await balanceOf(chain, BOB);
    const { made, last, steps } = await carryOut(transfer(1_000_000n));
    console.log(steps.join(' -> '), 'fee', made.fee, last.step === 'final' ? last.inclusion.block : last);
    expect(last.step).toBe('final');
    expect(steps).toContain('broadcast');
    expect(steps).toContain('in-block');
    if (last.step !== 'final') return;
    expect(last.inclusion.refusal).toBeUndefined();
    expect(last.inclusion.fee).toBe(bearerOf(made) === 'account' ? made.fee : undefined);
    expect((await balanceOf(chain, BOB, last.inclusion.block.hash)).free).toBeGreaterThanOrEqual(
      before.free + 1_000_000n,
    );
  });

  it('says what is wrong when the chain refuses', async () => {
    const { made, last } = await carryOut(transfer(10n ** 30n));
    if (last.step !== 'final' || !last.inclusion.refusal) throw new Error(JSON.stringify(last.step));
    const said = explain(made.metadata, last.inclusion.refusal, 'zh');
    console.log(said);
    expect(said.sentence).toContain('余额不足');
  });

  it('tells which step stopped a batch', async () => {
    const calls = [transfer(1n), transfer(10n ** 30n)];
    const { last } = await carryOut({ type: 'Utility', value: { type: 'batch', value: { calls } } });
    if (last.step !== 'final') throw new Error(last.step);
    expect(last.inclusion.refusal).toBeUndefined();
    expect(last.inclusion.parts.map((p) => p.where)).toEqual(['Utility.BatchInterrupted']);
  });

  it('goes on after the connection was lost', async () => {
    const line = await openLine(NODE ?? '');
    const shaky = new Chain({ node: line.url });
    try {
      await shaky.ready();
      const signed = await sign(shaky, wallet, await draft(shaky, alice(), transfer(2n)));
      const steps: string[] = [];
      const listen = tap((p: Progress) => {
        steps.push(p.step === 'waiting' ? p.why : p.step);
        if (p.step === 'broadcast' && steps.length === 1) line.cut(9_000);
      });
      const last = await lastValueFrom(follow(shaky, signed).pipe(listen));
      console.log(steps.join(' -> '));
      expect(steps).toContain('connection');
      expect(last.step).toBe('final');
      if (last.step !== 'final') return;
      expect(last.inclusion.refusal).toBeUndefined();
      expect(last.inclusion.events.map((e) => `${e.pallet}.${e.name}`)).toContain('Balances.Transfer');
    } finally {
      shaky.close();
      line.close();
    }
  });

  it('refuses a node of another chain', async () => {
    const other = new Chain({ node: NODE ?? '', genesis: `0x${'11'.repeat(32)}` });
    const status = await firstValueFrom(other.status$.pipe(filter((s) => s.state === 'wrong-network')));
    expect(status).toMatchObject({ expected: `0x${'11'.repeat(32)}`, found: await chain.genesis() });
    await firstValueFrom(other.finalised$);
    other.close();
  });

  it('knows companies, vehicles, validators and BEEFY', async () => {
    const metadata = await chain.metadata();
    const call: DecodedCall = {
      type: 'Vehicles',
      value: { type: 'offer_transfer', value: { vehicle: 1, to: 2, price: 5_000_000n } },
    };
    const described = await describeWithNames(chain, metadata, call, 'en');
    console.log(described.sentence);
    expect(described.sentence).toContain('Xinghe Ride (company 2)');
    const session = await currentSession(chain);
    console.log(session);
    expect(session.validators.length).toBeGreaterThan(0);
    const head = await beefyHead(chain);
    console.log('beefy', head);
    expect(head?.number).toBeGreaterThan(0);
  });
});

/** A line to the node that can be cut. */
async function openLine(node: string) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  let closedUntil = 0;
  const ends = new Set<WebSocket>();
  server.on('connection', (near) => {
    if (Date.now() < closedUntil) {
      near.terminate();
      return;
    }
    const far = new WebSocket(node);
    const early: string[] = [];
    near.on('message', (data) => {
      if (far.readyState === WebSocket.OPEN) far.send(String(data));
      else early.push(String(data));
    });
    far.on('open', () => {
      for (const text of early) far.send(text);
    });
    far.on('message', (data) => near.send(String(data)));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('error', () => undefined);
      one.on('close', () => other.terminate());
    }
  });
  const cutAll = () => {
    for (const end of ends) end.terminate();
    ends.clear();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut(milliseconds: number) {
      closedUntil = Date.now() + milliseconds;
      cutAll();
    },
    close() {
      cutAll();
      server.close();
    },
  };
}
