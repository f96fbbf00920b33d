import type { ReactNode } from 'react';

/** Tabs with something beside them, above them on a phone. It is no tab: the list of tabs may not hold it. */
export function Tabbed({ beside, children }: { beside: ReactNode; children: ReactNode }) {
  return (
    <div className="f-tabbed">
      <div className="f-beside-tabs">{beside}</div>
      {children}
    </div>
  );
}
