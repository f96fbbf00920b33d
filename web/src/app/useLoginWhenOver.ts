import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { session } from '../api/session';
import { queries } from './queries';

/** When the session ends by itself, the login page comes, and leads back to where one was. */
export function useLoginWhenOver(): void {
  const navigate = useNavigate();
  const from = useLocation({ select: (location) => location.href });
  const account = useEffectEvent(() => {
    if (session.now() !== null) return;
    queries.removeQueries({ queryKey: ['api'] });
    const ended = session.ended();
    if (ended === null || ended === 'logged_out' || from.startsWith('/login')) return;
    void navigate({ to: '/login', search: { from } });
  });
  useEffect(() => session.follow(() => account()), []);
}
