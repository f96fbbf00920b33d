import { useEffect } from 'react';

/** Lets the browser put the driver's pages on the home screen of a phone, as an app of their own. */
export function useInstallable(): void {
  useEffect(() => {
    const link = document.createElement('link');
    link.rel = 'manifest';
    link.href = '/driver.webmanifest';
    document.head.append(link);
    return () => link.remove();
  }, []);
}
