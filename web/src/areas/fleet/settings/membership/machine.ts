// Machines of the company in the network, as pallets/nodes rules them.
import { nodeKey } from '../../../../format/peers';

/** `NodeKind` of the chain. */
export const nodeKinds = ['Validator', 'Full', 'Reader'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** The most machines of a company (`MaxNodes` of runtime/src/configs/business.rs). */
export const mostMachines = 64;
/** Bytes of a label. */
const longestLabel = 64;

export interface Machine {
  /** Its key: 0x and 64 hexadecimal digits. */
  readonly node: string;
  readonly label: string;
  readonly kind: NodeKind;
  /** The block in which it was first registered. */
  readonly since: number | null;
}

interface Row {
  readonly node: string | null;
  readonly label: string | null;
  readonly kind: string | null;
  readonly since: number | null;
}

/** What the index has of machines. One of a later runtime's kind is left out. */
export function machinesOf(rows: readonly Row[]): readonly Machine[] {
  return rows.flatMap(({ node, label, kind, since }) => {
    const known = nodeKinds.find((name) => name === kind);
    return node === null || known === undefined ? [] : [{ node, label: label ?? '', kind: known, since }];
  });
}

export interface Draft {
  /** A peer id, or a key. */
  readonly node: string;
  readonly label: string;
  readonly kind: NodeKind;
}

export type Fault = 'notNode' | 'labelEmpty' | 'labelLong' | 'tooMany' | 'same';

export type Read =
  | { readonly fault: Fault }
  | {
      readonly fault: null;
      readonly node: string;
      readonly label: Uint8Array;
      /** The machine whose kind and label it takes the place of. */
      readonly present: Machine | undefined;
    };

/** What was filled in, and why the chain would refuse it, or nothing would change. */
export function readMachine(draft: Draft, machines: readonly Machine[]): Read {
  const node = nodeKey(draft.node.trim());
  const text = draft.label.trim();
  const label = new TextEncoder().encode(text);
  if (node === undefined) return { fault: 'notNode' };
  if (label.length === 0) return { fault: 'labelEmpty' };
  if (label.length > longestLabel) return { fault: 'labelLong' };
  const present = machines.find((machine) => machine.node === node);
  if (present === undefined && machines.length >= mostMachines) return { fault: 'tooMany' };
  if (present?.label === text && present.kind === draft.kind) return { fault: 'same' };
  return { fault: null, node, label, present };
}
