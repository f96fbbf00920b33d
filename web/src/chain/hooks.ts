/** The chain for React. polkadot-api is loaded by the first page that uses one of these. */
import { useEffect, useState } from 'react';
import type { Observable } from 'rxjs';
import type { Balance } from './balances';
import type { Chain, Head } from './connection';
import { openPortalChain } from './shared';
import type { ChainStatus } from './status';
import type { Session } from './validators';

/** The connection of this page, once its code is loaded; the error when it cannot be loaded. */
export function useChain(): { chain: Chain | undefined; error: Error | undefined } {
  const [found, setFound] = useState<{ chain: Chain | undefined; error: Error | undefined }>({
    chain: undefined,
    error: undefined,
  });
  useEffect(() => {
    let gone = false;
    let stop = () => {};
    const open = () => {
      openPortalChain().then(
        (chain) => {
          if (gone) return;
          setFound({ chain, error: undefined });
          // It is closed when the service told later of which chain it is: then there is another one.
          const watch = chain.status$.subscribe(({ state }) => {
            if (state === 'closed') open();
          });
          stop();
          stop = () => watch.unsubscribe();
        },
        (error: Error) => gone || setFound({ chain: undefined, error }),
      );
    };
    open();
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return found;
}

/** The last value of something that the chain tells. `make` must not change between renders. */
export function useChainValue<T>(
  make: (chain: Chain) => Observable<T> | Promise<Observable<T>>,
): T | undefined {
  const { chain } = useChain();
  const [value, setValue] = useState<T>();
  useEffect(() => {
    if (!chain) return;
    let stop: (() => void) | undefined;
    let gone = false;
    void Promise.resolve(make(chain)).then((values) => {
      if (gone) return;
      const subscription = values.subscribe({ next: setValue, error: () => setValue(undefined) });
      stop = () => subscription.unsubscribe();
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [chain, make]);
  return value;
}

const status = (chain: Chain) => chain.status$;
const best = (chain: Chain) => chain.best$;
const finalised = (chain: Chain) => chain.finalised$;
const beefy = async (chain: Chain) => (await import('./beefy')).beefyHead$(chain);
const session = async (chain: Chain) => (await import('./validators')).session$(chain);

export function useChainStatus(): ChainStatus | undefined {
  return useChainValue<ChainStatus>(status);
}

export function useBestBlock(): Head | undefined {
  return useChainValue<Head>(best);
}

export function useFinalisedBlock(): Head | undefined {
  return useChainValue<Head>(finalised);
}

/** The newest block that Ethereum can check. */
export function useBeefyBlock(): Head | undefined {
  return useChainValue<Head | undefined>(beefy);
}

/** The present validators. */
export function useSessionOfChain(): Session | undefined {
  return useChainValue<Session>(session);
}

/** Money of an account, after each block. */
export function useBalance(address: string | undefined): Balance | undefined {
  const { chain } = useChain();
  const [balance, setBalance] = useState<Balance>();
  useEffect(() => {
    setBalance(undefined);
    if (!chain || address === undefined) return;
    let gone = false;
    let stop: (() => void) | undefined;
    void import('./balances').then(({ balance$ }) => {
      if (gone) return;
      const subscription = balance$(chain, address).subscribe({ next: setBalance, error: () => undefined });
      stop = () => subscription.unsubscribe();
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [chain, address]);
  return balance;
}
