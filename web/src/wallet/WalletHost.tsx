import { lazy, Suspense, useSyncExternalStore } from 'react';
import { currentRequest, followRequests } from './requests';

const ConnectDialog = lazy(() => import('./dialogs/ConnectDialog'));
const SigningDialog = lazy(() => import('./dialogs/SigningDialog'));
const UnlockDialog = lazy(() => import('./dialogs/UnlockDialog'));

/** Shows the dialogs of the wallet. Stands once in the shell; their code is loaded with the first one. */
export function WalletHost() {
  const request = useSyncExternalStore(followRequests, currentRequest);
  if (!request) return null;
  return (
    <Suspense fallback={null}>
      {request.kind === 'connect' ? <ConnectDialog request={request} /> : null}
      {request.kind === 'sign' ? <SigningDialog request={request} /> : null}
      {request.kind === 'unlock' ? <UnlockDialog request={request} /> : null}
    </Suspense>
  );
}
