// What the council may do, and how many of its members it takes: the origins of runtime/src/configs, against which a test
// holds this table. Whatever stands nowhere here is not the council's to command, or takes `Consortium.enact`.
import type { DecodedCall } from '../../../chain/metadata';
import { isCall } from '../../../chain/metadata';

/** How much of the council a call takes. */
export type Power = 'twoThirds' | 'threeQuarters' | 'majority';

/** The least share of seats: `more` than it, or as much. */
export const shares: Readonly<
  Record<Power, { readonly part: number; readonly of: number; readonly more: boolean }>
> = {
  majority: { part: 1, of: 2, more: true },
  twoThirds: { part: 2, of: 3, more: false },
  threeQuarters: { part: 3, of: 4, more: false },
};

/** By what of the runtime's configuration the council commands a call. */
export interface Command {
  readonly call: string;
  readonly power: Power;
  /** Where the runtime says so: the pallet's item in `runtime/src/configs`. */
  readonly origin: `${string}.${string}`;
}

const by = (power: Power, origin: Command['origin'], ...calls: readonly string[]): readonly Command[] =>
  calls.map((call) => ({ call, power, origin }));

export const commands: readonly Command[] = [
  ...by(
    'twoThirds',
    'pallet_consortium.CouncilOrigin',
    'Consortium.set_active',
    'Consortium.appoint_admin',
    'Consortium.withdraw_application',
    'Consortium.admit',
    'Consortium.expel',
    'Consortium.renew',
    'Consortium.move_seat',
  ),
  ...by(
    'twoThirds',
    'pallet_validators.CouncilOrigin',
    'Validators.add_validator',
    'Validators.remove_validator',
    'Validators.reinstate',
  ),
  ...by('twoThirds', 'pallet_nodes.CouncilOrigin', 'Nodes.remove_by_council', 'Nodes.set_permissioned'),
  ...by('twoThirds', 'pallet_allowance.CouncilOrigin', 'Allowance.set_allowance'),
  ...by('twoThirds', 'pallet_parameters.AdminOrigin', 'Parameters.set_parameter'),
  ...by('twoThirds', 'pallet_collective.DisapproveOrigin', 'Council.disapprove_proposal'),
  ...by('twoThirds', 'pallet_collective.KillOrigin', 'Council.kill'),
  ...by(
    'twoThirds',
    'pallet_scheduler.ScheduleOrigin',
    'Scheduler.schedule',
    'Scheduler.schedule_named',
    'Scheduler.schedule_after',
    'Scheduler.schedule_named_after',
    'Scheduler.cancel',
    'Scheduler.cancel_named',
    'Scheduler.set_retry',
    'Scheduler.set_retry_named',
    'Scheduler.cancel_retry',
    'Scheduler.cancel_retry_named',
  ),
  ...by(
    'twoThirds',
    'pallet_safe_mode.ForceDepositOrigin',
    'SafeMode.force_slash_deposit',
    'SafeMode.force_release_deposit',
  ),
  ...by('majority', 'pallet_safe_mode.ForceEnterOrigin', 'SafeMode.force_enter'),
  ...by('majority', 'pallet_safe_mode.ForceExtendOrigin', 'SafeMode.force_extend'),
  ...by('majority', 'pallet_safe_mode.ForceExitOrigin', 'SafeMode.force_exit'),
  ...by('majority', 'pallet_tx_pause.PauseOrigin', 'TxPause.pause'),
  ...by('majority', 'pallet_tx_pause.UnpauseOrigin', 'TxPause.unpause'),
  ...by(
    'majority',
    'pallet_preimage.ManagerOrigin',
    'Preimage.request_preimage',
    'Preimage.unrequest_preimage',
  ),
  ...by('threeQuarters', 'pallet_consortium.EnactOrigin', 'Consortium.enact'),
];

const powers: ReadonlyMap<string, Power> = new Map(commands.map(({ call, power }) => [call, power]));

/** Votes that it takes of so many seats. Never less than one. */
export function votesFor(power: Power, seats: number): number {
  const { part, of, more } = shares[power];
  const least = more ? Math.floor((seats * part) / of) + 1 : Math.ceil((seats * part) / of);
  return Math.max(1, least);
}

/** Calls that do those within them as whoever does the whole, by the name of the argument that holds them. */
const wholes: ReadonlyMap<string, string> = new Map([
  ['Utility.batch', 'calls'],
  ['Utility.batch_all', 'calls'],
  ['Utility.force_batch', 'calls'],
  ['Scheduler.schedule', 'call'],
  ['Scheduler.schedule_named', 'call'],
  ['Scheduler.schedule_after', 'call'],
  ['Scheduler.schedule_named_after', 'call'],
]);

/** Anybody may do these: a vote adds nothing but that the council did it. */
const anybodys: ReadonlySet<string> = new Set(['System.remark']);

/**
 * What a call takes of the council: the most that it or anything within it takes. Undefined: the council has no power over it, and
 * the chain would refuse it. What the council is not asked for at all, a remark, takes its majority here.
 */
export function powerOf(call: DecodedCall): Power | undefined {
  const name = `${call.type}.${call.value.type}`;
  if (anybodys.has(name)) return 'majority';
  const own = powers.get(name);
  const argument = wholes.get(name);
  if (argument === undefined) return own;
  const within = callsIn(call.value.value, argument).map(powerOf);
  if (within.length === 0 || within.includes(undefined)) return undefined;
  return [own, ...within].filter((power) => power !== undefined).reduce(greater);
}

function callsIn(value: unknown, argument: string): readonly DecodedCall[] {
  if (typeof value !== 'object' || value === null) return [];
  const held = new Map<string, unknown>(Object.entries(value)).get(argument);
  return (Array.isArray(held) ? held : [held]).filter(isCall);
}

function greater(a: Power, b: Power): Power {
  const size = (power: Power) => shares[power].part / shares[power].of;
  return size(b) > size(a) ? b : a;
}

/** What the council may do, as pages say it: the key of a text, and by what of the runtime's configuration. */
export const said = [
  ['members', ['pallet_consortium.CouncilOrigin']],
  ['validators', ['pallet_validators.CouncilOrigin']],
  ['nodes', ['pallet_nodes.CouncilOrigin']],
  ['allowances', ['pallet_allowance.CouncilOrigin']],
  ['parameters', ['pallet_parameters.AdminOrigin']],
  ['drop', ['pallet_collective.DisapproveOrigin', 'pallet_collective.KillOrigin']],
  ['schedule', ['pallet_scheduler.ScheduleOrigin']],
  ['deposits', ['pallet_safe_mode.ForceDepositOrigin']],
  [
    'stand',
    [
      'pallet_safe_mode.ForceEnterOrigin',
      'pallet_safe_mode.ForceExtendOrigin',
      'pallet_safe_mode.ForceExitOrigin',
    ],
  ],
  ['pause', ['pallet_tx_pause.PauseOrigin', 'pallet_tx_pause.UnpauseOrigin']],
  ['preimages', ['pallet_preimage.ManagerOrigin']],
  ['enact', ['pallet_consortium.EnactOrigin']],
] as const;
