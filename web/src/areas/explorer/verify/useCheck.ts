import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { Trust } from '../../../proof';
import type { Order, Report } from './run';
import { advance, type Loaded, type State, waiting } from './state';

interface Check {
  readonly state: State;
  readonly begin: (loaded: Loaded, trust: Trust | null) => void;
  readonly forget: () => void;
}

/** Checks bundles in a worker of its own, which ends with the page. */
export function useCheck(): Check {
  const [state, act] = useReducer(advance, waiting);
  const worker = useRef<Worker | null>(null);
  const runs = useRef(0);
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );
  const begin = useCallback((loaded: Loaded, trust: Trust | null) => {
    runs.current += 1;
    const run = runs.current;
    act({ do: 'check', run, loaded, trust });
    worker.current ??= started((report) => act({ do: 'hear', report }));
    const broke = (message: string) => act({ do: 'hear', report: { run, kind: 'broke', message } });
    worker.current.onerror = (error) => broke(error.message || 'the worker did not start');
    const order: Order = { run, text: loaded.text, trust };
    worker.current.postMessage(order);
  }, []);
  const forget = useCallback(() => act({ do: 'forget' }), []);
  return { state, begin, forget };
}

function started(hear: (report: Report) => void): Worker {
  const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  made.onmessage = (message: MessageEvent<Report>) => hear(message.data);
  return made;
}
