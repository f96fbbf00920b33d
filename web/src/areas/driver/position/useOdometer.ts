import { useEffect, useState } from 'react';
import type { Fix } from './fix';
import { driven, keepWay, noWay, readWay, type Way } from './odometer';

interface Measured {
  readonly order: string | null;
  readonly way: Way;
}

const read = (order: string | null): Measured => ({
  order,
  way: order === null ? noWay : readWay(window.localStorage, order),
});

/** How far the trip of this order was so far; null: there is no trip. */
export function useOdometer(order: string | null, fix: Fix | null): Way | null {
  const [measured, setMeasured] = useState(() => read(order));
  useEffect(() => {
    setMeasured((old) => (old.order === order ? old : read(order)));
  }, [order]);
  useEffect(() => {
    if (order === null || fix === null) return;
    setMeasured((old) => {
      const { way } = old.order === order ? old : read(order);
      return { order, way: driven(way, fix) };
    });
  }, [order, fix]);
  useEffect(() => {
    if (measured.order !== null) keepWay(window.localStorage, measured.order, measured.way);
  }, [measured]);
  return order === null || measured.order !== order ? null : measured.way;
}
