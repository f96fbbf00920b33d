// Of which chain the service is, and of which the node that /portal.json names: the same genesis, or something is wrong.
import { useQuery } from '@tanstack/react-query';
import { learnTime } from '../api/clock';
import { post } from '../api/http';
import { portal } from '../portal';

export interface Chains {
  /** Hashes of the genesis. */
  readonly service: string;
  readonly node: string;
}

/** Asks a node for the hash of its genesis, over HTTP's sibling of its WebSocket address, with one message and answer. */
export function genesisOf(node: string, signal: AbortSignal): Promise<string> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(node);
    const end = (task: () => void) => () => {
      socket.close();
      task();
    };
    signal.addEventListener(
      'abort',
      end(() => failed(signal.reason)),
    );
    socket.addEventListener(
      'error',
      end(() => failed(new Error(`the node ${node} cannot be reached`))),
    );
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chainSpec_v1_genesisHash', params: [] })),
    );
    socket.addEventListener('message', (message) => {
      const hash = /"result":"(0x[0-9a-f]{64})"/.exec(String(message.data))?.[1];
      end(() =>
        hash === undefined ? failed(new Error('the node does not tell its genesis')) : done(hash),
      )();
    });
  });
}

/** Both, once they are known; null before, and while one of them cannot be reached. */
export function useChains(): Chains | null {
  const asked = useQuery({
    queryKey: ['chains'],
    queryFn: async ({ signal }): Promise<Chains> => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
      const [version, node] = await Promise.all([
        post('system_version', {}, null, { signal }),
        genesisOf(portal().node, limit),
      ]);
      learnTime(version.now_ms);
      return { service: version.chain, node };
    },
    staleTime: 600_000,
    retry: 2,
  });
  return asked.data ?? null;
}
