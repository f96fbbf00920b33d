/** What each call does, in a sentence. */
import * as business from './business';
import * as governance from './governance';
import * as ground from './ground';
import * as money from './money';
import type { Sentence, Sentences } from './sentence';

const BY_PALLET: Readonly<Record<string, Sentences>> = {
  Allowance: business.allowance,
  Balances: money.balances,
  Beefy: ground.beefy,
  Consortium: business.consortium,
  Council: governance.council,
  Drivers: business.drivers,
  Grandpa: ground.grandpa,
  Multisig: money.multisig,
  Nodes: business.nodes,
  Parameters: governance.parameters,
  Preimage: governance.preimage,
  Proxy: money.proxy,
  SafeMode: governance.safeMode,
  Scheduler: governance.scheduler,
  Session: ground.session,
  Settlement: business.settlement,
  System: ground.system,
  Tariffs: business.tariffs,
  Telemetry: business.telemetry,
  Timestamp: ground.timestamp,
  TxPause: governance.txPause,
  Utility: money.utility,
  Validators: business.validators,
  Vehicles: business.vehicles,
};

/** The sentence of a call, if it has one. */
export function sentenceOf(pallet: string, call: string): Sentence | undefined {
  return BY_PALLET[pallet]?.[call];
}

/** All calls that have a sentence, as `Pallet.call`. */
export function spokenCalls(): string[] {
  return Object.entries(BY_PALLET).flatMap(([pallet, calls]) =>
    Object.keys(calls).map((call) => `${pallet}.${call}`),
  );
}
