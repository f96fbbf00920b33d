import { useSyncExternalStore } from 'react';

export type Mode = 'light' | 'dark';
/** What the user chose: `system` follows the system. */
export type Choice = Mode | 'system';

const remembered = 'smartlink.theme';
const system = typeof window === 'undefined' ? undefined : window.matchMedia('(prefers-color-scheme: dark)');
const followers = new Set<() => void>();

function stored(): Choice {
  const value = typeof window === 'undefined' ? null : window.localStorage.getItem(remembered);
  return value === 'light' || value === 'dark' ? value : 'system';
}

let choice: Choice = stored();

export function mode(): Mode {
  if (choice !== 'system') return choice;
  return system?.matches === true ? 'dark' : 'light';
}

export function setChoice(next: Choice): void {
  choice = next;
  if (next === 'system') window.localStorage.removeItem(remembered);
  else window.localStorage.setItem(remembered, next);
  for (const follower of followers) follower();
}

function follow(changed: () => void): () => void {
  followers.add(changed);
  system?.addEventListener('change', changed);
  return () => {
    followers.delete(changed);
    system?.removeEventListener('change', changed);
  };
}

export function useMode(): Mode {
  return useSyncExternalStore(follow, mode);
}

export function useChoice(): Choice {
  return useSyncExternalStore(follow, () => choice);
}
