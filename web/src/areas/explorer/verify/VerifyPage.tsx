import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { trustOf } from '../../../proof';
import { Page } from '../../../ui/Page';
import { connectedNode } from '../node/useNode';
import { Comparison } from './Comparison';
import { Proven } from './Proven';
import { Source } from './Source';
import { Steps } from './Steps';
import { withRoot } from './sets';
import { foundOf, type Loaded } from './state';
import { subjectOf } from './subject';
import { TrustCard, type Trusted, untyped } from './TrustCard';
import { texts } from './texts';
import { useCheck } from './useCheck';
import { useContract } from './useContract';
import { useSets } from './useSets';
import { Verdict } from './Verdict';
import { setRootOf, verificationOf } from './whole';
import './verify.css';

const route = getRouteApi('/explorer/verify');

export function VerifyPage() {
  const t = useTexts(texts);
  const { ride, vehicle, anchor } = route.useSearch();
  const subject = useMemo(() => subjectOf({ ride, vehicle, anchor }), [ride, vehicle, anchor]);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [trusted, setTrusted] = useState<Trusted>(untyped);
  const [asksContract, setAsksContract] = useState(portal().ethereum !== null);
  const { state, begin, forget } = useCheck();

  // Who signed, and which block, stays known while the same bundle is checked again under another trust.
  const own = foundOf(state);
  // The signers are compared also where the last step refuses them.
  const root = own === undefined ? undefined : setRootOf(own);
  const sets = useSets(own?.bundle?.commitment.block);
  const contract = useContract(asksContract ? own : undefined);

  const trust = useMemo(() => {
    if (trusted.by === 'pasted') return trustOf(trusted.root, trusted.set);
    if (trusted.by === 'nobody' || sets.data === undefined) return null;
    const known = root === undefined ? undefined : withRoot(sets.data, root);
    return { root: known?.root ?? sets.data.current.root, set: null };
  }, [trusted, sets.data, root]);
  const key = JSON.stringify(trust);

  useEffect(() => {
    if (loaded === null) forget();
    else begin(loaded, JSON.parse(key));
  }, [loaded, key, begin, forget]);

  const whole = verificationOf(state, contract.data);
  // The node is still asked: what it says may settle it.
  const isOpen = trusted.by === 'node' && sets.isFetching && whole?.verdict.kind === 'set_from_bundle';
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Source subject={subject} loaded={loaded} load={setLoaded} />
      {loaded === null ? null : (
        <>
          <Verdict
            state={state}
            verification={isOpen ? undefined : whole}
            node={trusted.by === 'node' ? connectedNode() : undefined}
          />
          <div className="x-columns">
            <div className="x-stack">
              {whole?.bundle == null ? null : (
                <Proven bundle={whole.bundle} isRefused={whole.verdict.kind === 'refused'} />
              )}
              <TrustCard
                trusted={trusted}
                choose={setTrusted}
                asksContract={asksContract}
                askContract={setAsksContract}
              />
              {own === undefined ? null : (
                <Comparison verification={own} sets={sets} contract={contract} asked={asksContract} />
              )}
            </div>
            <Steps
              state={state}
              verification={whole}
              by={{ trust: trust !== null, contract: asksContract && contract.data !== undefined }}
            />
          </div>
        </>
      )}
    </Page>
  );
}
