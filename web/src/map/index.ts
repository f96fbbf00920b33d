export { cityAt } from './base/cities';
export { type Datum, datumOf } from './base/tiles';
export { FenceCoordinates, type FenceCoordinatesProps } from './FenceCoordinates';
export { FenceDrawing, type FenceDrawingProps } from './FenceDrawing';
export { FencesLayer, type FencesLayerProps, type ShownFence } from './FencesLayer';
export {
  type FenceProperties,
  type FenceShape,
  readShape,
  shapeBounds,
  shapeFault,
  writeFence,
} from './fences/shape';
export { toMap } from './geo/gcj02';
export { type Bounds, boundsOf, type LngLat, metresBetween } from './geo/place';
export { type MapHandle, MapView, type MapViewProps } from './MapView';
export { FleetPositions, MOST_VEHICLES, type VehicleReport, type VehicleState } from './motion/fleet';
export { PointLayer, type PointLayerProps } from './PointLayer';
export { SpeedLegend, type TrackEvent, TrackLayer, type TrackLayerProps, type TrackStop } from './TrackLayer';
export { TrackPlayer, type TrackPlayerProps } from './TrackPlayer';
export { inOrder, type TrackFix } from './track/fixes';
export type { View } from './useMapLibre';
export { VehiclesLayer, type VehiclesLayerProps } from './VehiclesLayer';
