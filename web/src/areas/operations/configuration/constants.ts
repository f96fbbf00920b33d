// What the runtime was built with, by the names of its metadata: which are told in words here, how they are written, and where the
// runtime says them. A test holds this against the metadata and runtime/src/configs.

export type Unit = 'blocks' | 'count' | 'milliseconds' | 'money' | 'pages' | 'seconds';

export interface Told {
  /** `Pallet.Name` of the metadata, and the key of its text. */
  readonly of: `${string}.${string}`;
  readonly unit: Unit;
}

/** In the order in which they are shown. */
export const told = [
  { of: 'Babe.ExpectedBlockTime', unit: 'milliseconds' },
  { of: 'Babe.EpochDuration', unit: 'blocks' },
  { of: 'Consortium.MaxCompanies', unit: 'count' },
  { of: 'Consortium.MaxRoles', unit: 'count' },
  { of: 'Consortium.MaxSeats', unit: 'count' },
  { of: 'Consortium.MaxApplications', unit: 'count' },
  { of: 'Consortium.ApplicationLife', unit: 'seconds' },
  { of: 'Nodes.MaxNodes', unit: 'count' },
  { of: 'Validators.MinValidators', unit: 'count' },
  { of: 'Validators.SafeValidators', unit: 'count' },
  { of: 'Validators.MaxValidators', unit: 'count' },
  { of: 'Validators.Patience', unit: 'count' },
  { of: 'Drivers.MaxEmployers', unit: 'count' },
  { of: 'Tariffs.MaxVersions', unit: 'count' },
  { of: 'Tariffs.MaxProposals', unit: 'count' },
  { of: 'Settlement.BatchRetention', unit: 'count' },
  { of: 'Telemetry.RetentionPages', unit: 'pages' },
  { of: 'Checkpoints.MaxItems', unit: 'count' },
  { of: 'Checkpoints.RootRetention', unit: 'blocks' },
  { of: 'SafeMode.EnterDuration', unit: 'blocks' },
  { of: 'SafeMode.ExtendDuration', unit: 'blocks' },
  { of: 'Multisig.DepositBase', unit: 'money' },
  { of: 'Multisig.DepositFactor', unit: 'money' },
  { of: 'Proxy.ProxyDepositBase', unit: 'money' },
  { of: 'Proxy.ProxyDepositFactor', unit: 'money' },
] as const satisfies readonly Told[];

export type ToldName = (typeof told)[number]['of'];

/** These cannot change after the first block: consensus would break. */
export const forever: ReadonlySet<string> = new Set(['Babe.ExpectedBlockTime', 'Babe.EpochDuration']);

/** The file of runtime/src/configs that configures a pallet. */
const files: Readonly<Record<string, readonly string[]>> = {
  'business.rs': [
    'Allowance',
    'Checkpoints',
    'Consortium',
    'Drivers',
    'Nodes',
    'Settlement',
    'Tariffs',
    'Telemetry',
    'Validators',
    'Vehicles',
  ],
  'consensus.rs': ['Babe', 'Beefy', 'Grandpa', 'Session'],
  'governance.rs': ['Council', 'Preimage', 'SafeMode', 'Scheduler', 'TxPause'],
  'money.rs': ['Balances', 'TransactionPayment'],
  'system.rs': ['MultiBlockMigrations', 'System', 'Timestamp'],
  'wallets.rs': ['Multisig', 'Proxy', 'Utility'],
};

/** Where the runtime sets what a pallet has. Undefined: a later runtime has a pallet that is not known here. */
export function fileOf(pallet: string): string | undefined {
  const found = Object.entries(files).find(([, pallets]) => pallets.includes(pallet));
  return found === undefined ? undefined : `runtime/src/configs/${found[0]}`;
}
