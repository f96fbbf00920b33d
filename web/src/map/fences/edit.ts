import { type LngLat, metresBetween, rounded } from '../geo/place';
import type { Handle } from './drawn';
import { type FenceShape, RADIUS_M } from './shape';

/** A shape after a handle was dragged to a place. */
export function dragged(shape: FenceShape, handle: Handle, to: LngLat): FenceShape {
  if (shape.kind === 'other') return shape;
  if (shape.kind === 'circle') {
    if (handle.role !== 'edge') return { ...shape, centre: rounded(to) };
    return { ...shape, radiusM: radius(metresBetween(shape.centre, to)) };
  }
  if (shape.kind === 'polygon') return { ...shape, corners: moved(shape.corners, handle, to) };
  return { ...shape, line: moved(shape.line, handle, to) };
}

/** The handle that a new corner has once it is there: what was between two corners is the one after the first. */
export function settled(handle: Handle): Handle {
  return handle.role === 'between' ? { role: 'corner', index: handle.index + 1 } : handle;
}

/** A shape without one of its corners. As it was, when too few would be left. */
export function withoutCorner(shape: FenceShape, index: number): FenceShape {
  if (shape.kind === 'polygon' && shape.corners.length > 3)
    return { ...shape, corners: shape.corners.toSpliced(index, 1) };
  if (shape.kind === 'corridor' && shape.line.length > 2)
    return { ...shape, line: shape.line.toSpliced(index, 1) };
  return shape;
}

/** A whole number of metres that the API takes as a radius. */
export function radius(metres: number): number {
  return Math.max(RADIUS_M.least, Math.min(RADIUS_M.most, Math.round(metres)));
}

function moved(places: readonly LngLat[], handle: Handle, to: LngLat): LngLat[] {
  if (handle.role === 'between') return places.toSpliced(handle.index + 1, 0, rounded(to));
  return places.map((place, index) => (index === handle.index ? rounded(to) : place));
}
