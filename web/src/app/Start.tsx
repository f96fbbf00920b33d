import { Button, Spin } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { BadPortal, loadPortal } from '../portal';
import { uiTexts } from '../ui/texts';
import { appTexts } from './texts';
import '../ui/page.css';

type State = 'loading' | 'there' | Error;

/** Loads /portal.json before anything else, and says what is wrong when it is not there. */
export function Start(props: { children: ReactNode }) {
  const t = useTexts(appTexts);
  const ui = useTexts(uiTexts);
  const [state, setState] = useState<State>('loading');
  const load = useCallback(() => {
    setState('loading');
    loadPortal().then(
      () => setState('there'),
      (error: unknown) => setState(error instanceof Error ? error : new Error(String(error))),
    );
  }, []);
  useEffect(load, [load]);
  if (state === 'there') return props.children;
  if (state === 'loading')
    return (
      <main className="said said-whole" aria-busy="true" aria-label={ui('loading')}>
        <Spin delay={300} />
      </main>
    );
  return (
    <main className="said said-whole" role="alert">
      <h1>{t('startTitle')}</h1>
      <p>{t('startText')}</p>
      <p>{state instanceof BadPortal ? state.message : t('startMissing')}</p>
      <Button type="primary" onClick={load}>
        {ui('retry')}
      </Button>
    </main>
  );
}
