import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { useMap } from './context';
import { pendingData, REAL_WIDTH, shapeData } from './fences/drawn';
import { faultText } from './fences/faultText';
import { type FenceShape, shapeFault } from './fences/shape';
import { HANDLES, useDragging } from './fences/useDragging';
import { type Tool, useDrawing } from './fences/useDrawing';
import { type Look, useGeoJson } from './layers';
import { mapTexts } from './texts';

export type FenceDrawingProps = {
  /** The shape. Null: there is none yet. */
  readonly value: FenceShape | null;
  /** It was drawn, changed or removed. */
  readonly onChange: (shape: FenceShape | null) => void;
};

/** Draws a geofence, and changes one. `FenceCoordinates` beside the map does the same by keyboard. */
export function FenceDrawing({ value, onChange }: FenceDrawingProps) {
  const t = useTexts(mapTexts);
  const { colours } = useMap();
  const [tool, setTool] = useState<Tool | null>(null);
  const drawing = useDrawing(tool, (shape) => {
    setTool(null);
    if (shape) onChange(shape);
  });
  const shown = useDragging(value, tool === null, onChange);
  const { points, cursor } = drawing;
  const data = useMemo(
    () => (tool ? pendingData(tool, points, cursor) : shapeData(shown)),
    [tool, points, cursor, shown],
  );
  const fault = !tool && shown ? shapeFault(shown) : null;
  const colour = fault ? colours.alert : colours.accent;
  const looks = useMemo<Look[]>(
    () => [
      {
        id: 'fence-corridor',
        type: 'line',
        filter: ['>', ['coalesce', ['get', 'width0'], 0], 0],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colour, 'line-opacity': 0.25, 'line-width': REAL_WIDTH },
      },
      {
        id: 'fence-area',
        type: 'fill',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': colour, 'fill-opacity': 0.18 },
      },
      {
        id: 'fence-edge',
        type: 'line',
        filter: ['==', ['get', 'role'], 'shape'],
        layout: { 'line-join': 'round' },
        paint: { 'line-color': colour, 'line-width': 2.5 },
      },
      {
        id: HANDLES,
        type: 'circle',
        filter: ['!=', ['get', 'role'], 'shape'],
        paint: {
          'circle-radius': ['match', ['get', 'role'], 'between', 4, 6],
          'circle-color': ['match', ['get', 'role'], 'between', colour, colours.outline],
          'circle-opacity': ['match', ['get', 'role'], 'between', 0.7, 1],
          'circle-stroke-color': colour,
          'circle-stroke-width': ['match', ['get', 'role'], 'between', 0, 2.5],
        },
      },
    ],
    [colour, colours],
  );
  useGeoJson('fence-draft', 'draft', data, looks);

  return (
    <section
      className="slk-map-panel slk-map-tools"
      aria-label={t(tool === 'circle' ? 'drawCircle' : 'drawPolygon')}
    >
      {!tool && <Button onClick={() => setTool('polygon')}>{t('drawPolygon')}</Button>}
      {!tool && <Button onClick={() => setTool('circle')}>{t('drawCircle')}</Button>}
      {!tool && value && <Button onClick={() => onChange(null)}>{t('remove')}</Button>}
      {tool === 'polygon' && (
        <Button type="primary" disabled={!drawing.canFinish} onClick={drawing.finish}>
          {t('finish')}
        </Button>
      )}
      {tool && (
        <Button disabled={points.length === 0} onClick={drawing.undo}>
          {t('undoPoint')}
        </Button>
      )}
      {tool && <Button onClick={() => setTool(null)}>{t('discard')}</Button>}
      <Hint tool={tool} value={value} />
      {fault && <p style={{ color: colours.alert }}>{faultText(fault, t)}</p>}
    </section>
  );
}

function Hint({ tool, value }: { tool: Tool | null; value: FenceShape | null }) {
  const t = useTexts(mapTexts);
  if (tool) return <p>{t(tool === 'circle' ? 'circleHint' : 'drawHint')}</p>;
  if (!value) return null;
  return <p>{t(value.kind === 'other' ? 'otherShape' : 'editHint')}</p>;
}
