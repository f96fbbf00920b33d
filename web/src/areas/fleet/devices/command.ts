// Commands that the portal sends (docs/devices.md has all that the service knows).
import type { Instruction } from '../../../api/methods';

export const commandKinds = [
  'text',
  'query_position',
  'track',
  'take_photo',
  'control',
  'query_attributes',
  'query_parameters',
  'terminal',
] as const;
export type CommandKind = (typeof commandKinds)[number];

/** What a person fills in. */
export interface CommandFields {
  readonly kind: CommandKind;
  readonly text?: string;
  readonly control?: 'lock' | 'unlock';
  readonly channel?: number;
  readonly intervalS?: number;
  readonly lastingS?: number;
}

/** The kind of a command that was sent; undefined: one that the portal has no words for. */
export function kindOf(command: unknown): CommandKind | undefined {
  const kind =
    typeof command === 'object' && command !== null && 'kind' in command ? command.kind : undefined;
  return commandKinds.find((known) => known === kind);
}

/** The object that the service takes. */
export function commandFrom(fields: CommandFields): Instruction & Readonly<Record<string, unknown>> {
  const { kind } = fields;
  switch (kind) {
    case 'text':
      return { kind, text: fields.text?.trim() ?? '', shown: ['display', 'speak'] };
    case 'track':
      return { kind, interval_s: fields.intervalS ?? 5, lasting_s: fields.lastingS ?? 600 };
    case 'take_photo':
      return { kind, channel: fields.channel ?? 1, count: 1 };
    case 'control':
      return { kind, control: fields.control ?? 'lock' };
    case 'terminal':
      return { kind, action: 'restart' };
    case 'query_parameters':
      return { kind, ids: [] };
    case 'query_position':
    case 'query_attributes':
      return { kind };
  }
}
