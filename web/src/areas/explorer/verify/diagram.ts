// The steps from the item to the validators as a diagram: those that were taken, those to come, and those that were not
// reached because one before them does not hold.
import type { Item, Step, StepName } from '../../../proof';

export type Standing = 'holds' | 'refused' | 'running' | 'not_reached';

export interface Drawn {
  readonly name: StepName;
  readonly standing: Standing;
  /** With what it worked; nothing while it was not taken. */
  readonly step: Step | undefined;
}

const own: Readonly<Record<Item['kind'], readonly StepName[]>> = {
  receipt: ['receipt', 'batch'],
  vehicle: ['vehicle'],
  anchor: ['anchor'],
  storage: ['header', 'state'],
};

const common: readonly StepName[] = ['commitment', 'leaf', 'set', 'signatures'];

/** All steps of a check: of what kind the item is, and by what the set is known. */
export function stepsOf(
  kind: Item['kind'] | undefined,
  by: { readonly trust: boolean; readonly contract: boolean },
): readonly StepName[] {
  return [
    'text',
    ...(kind === undefined ? [] : own[kind]),
    ...common,
    ...(by.trust ? (['trust'] as const) : []),
    ...(by.contract ? (['contract'] as const) : []),
  ];
}

/** Every step with where it stands. */
export function draw(
  names: readonly StepName[],
  taken: readonly Step[],
  isRunning: boolean,
): readonly Drawn[] {
  const byName = new Map(taken.map((step) => [step.name, step]));
  let isOver = !isRunning;
  return names.map((name): Drawn => {
    const step = byName.get(name);
    if (step !== undefined) {
      if (step.refused !== null) isOver = true;
      return { name, standing: step.refused === null ? 'holds' : 'refused', step };
    }
    return { name, standing: isOver ? 'not_reached' : 'running', step };
  });
}
