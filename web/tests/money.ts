/** Money that a company gives: who has none has no account on the chain, and can sign nothing, whoever bears the fee. */
import { sign } from '@scure/sr25519';
import { Enum } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { createWsClient } from 'polkadot-api/ws';
import { WebSocket } from 'ws';
import { addressOf } from '../src/wallet/address';
import { pairOf } from '../src/wallet/keystore/phrase';
import { placeOf } from './asking';
import type { Company } from './story';
import { DEVELOPMENT_PHRASE } from './wallet';

/** Gives micro CNY from one account to another, by their paths. Ends when it is final. */
export async function give(company: Company, from: string, to: string, amount: bigint): Promise<void> {
  const giver = await pairOf(DEVELOPMENT_PHRASE, from);
  const taker = await pairOf(DEVELOPMENT_PHRASE, to);
  // Node.js has no WebSocket of its own before 22.
  if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket });
  const client = createWsClient(await placeOf(company, 'node'));
  try {
    const signer = getPolkadotSigner(giver.publicKey, 'Sr25519', (bytes) => sign(giver.secret, bytes));
    const transfer = client.getUnsafeApi().tx['Balances']?.['transfer_keep_alive'];
    if (transfer === undefined) throw new Error('the chain has no transfers');
    const dest = Enum('Id', addressOf(taker.publicKey));
    const done = await transfer({ dest, value: amount }).signAndSubmit(signer);
    if (!done.ok) throw new Error(`${from} could not give ${to} ${amount} micro CNY`);
  } finally {
    client.destroy();
  }
}
