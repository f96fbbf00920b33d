import type { ComponentType } from 'react';

/** An icon beside what says the same in words. Icons are read out by their English names unless they are hidden: here they are. */
export function Icon({ of: Shape }: { of: ComponentType<{ 'aria-hidden'?: 'true' }> }) {
  return <Shape aria-hidden="true" />;
}
