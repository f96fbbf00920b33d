import { useEffect, useState } from 'react';

/** True once `value` has been true for so long; false at once. */
export function useSettled(value: boolean, afterMs: number): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!value) {
      setSettled(false);
      return;
    }
    const timer = window.setTimeout(() => setSettled(true), afterMs);
    return () => window.clearTimeout(timer);
  }, [value, afterMs]);
  return value && settled;
}
