// The configuration of the services, as ops_configuration answers it: found by their keys, and parted by what they are of.
import type { Setting } from '../../../api/methods';

/** Whether somebody set it: what nobody set is as the program has it. */
export function isOwn({ origin }: Setting): boolean {
  return origin !== 'default';
}

/** Those whose key or value has the text; `own`: only those that somebody set. */
export function found(
  settings: readonly Setting[],
  looked: { readonly text?: string | undefined; readonly own?: boolean | undefined },
): readonly Setting[] {
  const text = (looked.text ?? '').toLowerCase();
  return settings.filter((setting) => {
    const { key, value } = setting;
    const fits = key.toLowerCase().includes(text) || (value ?? '').toLowerCase().includes(text);
    return fits && (looked.own !== true || isOwn(setting));
  });
}
