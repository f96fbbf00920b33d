import { useEffect } from 'react';

/** Keeps the screen on while `on` and the page is seen. Where the browser cannot, nothing happens. */
export function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const take = async () => {
      if (document.visibilityState !== 'visible') return;
      try {
        const taken = await navigator.wakeLock.request('screen');
        if (over) await taken.release();
        else lock = taken;
      } catch {
        // A battery that is nearly empty refuses: the phone then does as it always does.
      }
    };
    // The browser takes it away when the page is hidden.
    const seen = () => void take();
    document.addEventListener('visibilitychange', seen);
    void take();
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', seen);
      void lock?.release().catch(() => {});
    };
  }, [on]);
}
