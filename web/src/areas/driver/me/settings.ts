// What a driver chose for this phone.
import { useSyncExternalStore } from 'react';
import * as v from 'valibot';

const schema = v.object({ sound: v.boolean(), vibration: v.boolean(), awake: v.boolean() });

export type Settings = v.InferOutput<typeof schema>;

const key = 'smartlink.driver.settings';
const usual: Settings = { sound: true, vibration: true, awake: true };
const followers = new Set<() => void>();

function read(): Settings {
  try {
    return v.parse(schema, JSON.parse(window.localStorage.getItem(key) ?? ''));
  } catch {
    return usual;
  }
}

let known: Settings | undefined;

export function settings(): Settings {
  known ??= read();
  return known;
}

export function setSettings(change: Partial<Settings>): void {
  known = { ...settings(), ...change };
  window.localStorage.setItem(key, JSON.stringify(known));
  for (const changed of followers) changed();
}

function follow(changed: () => void): () => void {
  followers.add(changed);
  return () => followers.delete(changed);
}

export function useSettings(): Settings {
  return useSyncExternalStore(follow, settings);
}
