import type { Command, Terminal } from '../../../api/methods';
import type { Tone } from '../../../ui/StateTag';

export function terminalTone(state: Terminal['state']): Tone {
  return state === 'active' ? 'good' : state === 'quarantined' ? 'warn' : 'plain';
}

const commandTones = {
  queued: 'plain',
  sent: 'busy',
  answered: 'good',
  expired: 'warn',
  failed: 'bad',
} as const satisfies Record<string, Tone>;

export function commandTone(state: Command['state']): Tone {
  return state === undefined ? 'plain' : commandTones[state];
}

/** Whether nothing comes of a command any more. */
export function isOver({ state }: Command): boolean {
  return state === 'answered' || state === 'expired' || state === 'failed';
}
