/** The one connection of this page to the node. */
import { portal } from '../portal';
import type { Chain, Endpoint } from './connection';
import { expectedGenesis } from './expected';

/** Opens the connection to the node of this portal, which has to be of the same chain as its service. */
export async function openPortalChain(): Promise<Chain> {
  const genesis = await expectedGenesis();
  return openChain({ node: portal().node, ...(genesis === undefined ? {} : { genesis }) });
}

let opened: { key: string; chain: Promise<Chain> } | undefined;

/** Opens the connection, or gives the one that is open. Another endpoint closes it first. */
export function openChain(endpoint: Endpoint): Promise<Chain> {
  const key = `${endpoint.node} ${endpoint.genesis ?? ''}`;
  if (opened?.key === key) return opened.chain;
  void opened?.chain.then((chain) => chain.close());
  const chain = import('./connection').then((module) => new module.Chain(endpoint));
  opened = { key, chain };
  // A chunk that could not be loaded is asked for again the next time.
  chain.catch(() => {
    if (opened?.chain === chain) opened = undefined;
  });
  return chain;
}
