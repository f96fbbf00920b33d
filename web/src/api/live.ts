import { session } from './session';
import { ApiSocket } from './socket';

function open(): WebSocket {
  const url = new URL('/', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url);
}

/** What the service pushes to this tab. */
export const live = new ApiSocket({
  open,
  token: () => session.token(),
  refresh: (old) => session.refresh(old),
  sessionOver: (error) => session.end(error.errorName === 'session_revoked' ? 'revoked' : 'expired'),
  after: (ms, task) => {
    const timer = window.setTimeout(task, ms);
    return () => window.clearTimeout(timer);
  },
});

session.follow(() => void live.tokenChanged());
if (typeof window !== 'undefined') window.addEventListener('online', () => live.retry());
