/** How the connection to the node is, for the banner. */
export type ChainStatus =
  /** Not yet connected, or trying again after a loss. */
  | { state: 'connecting'; since: number; attempts: number }
  | { state: 'connected'; since: number }
  /** Connected, but nothing new was finalised for a while. */
  | { state: 'stalled'; since: number; finalised: number }
  /** The node belongs to another chain than the one that was asked for. */
  | { state: 'wrong-network'; since: number; found: string; expected: string }
  | { state: 'closed'; since: number };

/** Whether requests can be answered. */
export function reachable(status: ChainStatus): boolean {
  return status.state === 'connected' || status.state === 'stalled';
}
