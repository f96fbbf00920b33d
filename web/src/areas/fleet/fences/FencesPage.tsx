import '../fleet.css';
import { PlusOutlined } from '@ant-design/icons';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useMay } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import {
  type Bounds,
  datumOf,
  FenceDrawing,
  type FenceShape,
  FencesLayer,
  type MapHandle,
  MapView,
  shapeBounds,
} from '../../../map';
import { portal } from '../../../portal';
import { Answered, Empty } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { useSearchChange } from '../list/useSearchChange';
import { texts as words } from '../texts';
import { FenceDetails } from './FenceDetails';
import { FenceForm } from './FenceForm';
import { texts } from './texts';
import { type Fence, mostFences, useFences } from './useFences';
import { useShapeText } from './useShapeText';

const route = getRouteApi('/fleet/fences');

/** What is drawn now: a new geofence, or another version of one. */
interface Draft {
  readonly of: Fence | null;
  readonly shape: FenceShape | null;
}

/** The company's geofences: shown, drawn, changed, deleted. */
export function FencesPage() {
  const t = useTexts(texts);
  const { tiles } = portal();
  const datum = datumOf(tiles);
  const query = useFences(datum);
  const fences = query.data ?? [];
  const may = useMay('telemetry_put_geofences');
  const { fence: chosen } = route.useSearch();
  const change = useSearchChange();
  const [draft, setDraft] = useState<Draft | null>(null);
  const map = useRef<MapHandle>(null);
  const fence = fences.find(({ id }) => id === chosen);
  useShow(map, fence, fences);
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        may && draft === null ? (
          <Button
            type="primary"
            icon={<Icon of={PlusOutlined} />}
            onClick={() => setDraft({ of: null, shape: null })}
          >
            {t('make')}
          </Button>
        ) : undefined
      }
    >
      <div className="f-mapped">
        <div className="f-mapped-map">
          <MapView label={t('mapOf')} tiles={tiles} ref={map} everything={() => boundsOfAll(fences)}>
            <FencesLayer
              fences={draft?.of == null ? fences : fences.filter(({ id }) => id !== draft.of?.id)}
              selected={chosen ?? null}
              onSelect={(id) => (draft === null ? change({ fence: id }) : undefined)}
            />
            {draft === null ? null : (
              <FenceDrawing value={draft.shape} onChange={(shape) => setDraft({ ...draft, shape })} />
            )}
          </MapView>
        </div>
        <div className="f-panel">
          {draft !== null ? (
            <div className="f-panel-body f-panel-pad">
              <FenceForm
                key={draft.of?.id ?? 'new'}
                of={draft.of}
                shape={draft.shape}
                draw={(shape) => setDraft({ ...draft, shape })}
                end={(id) => {
                  setDraft(null);
                  if (id !== undefined) change({ fence: id });
                }}
              />
            </div>
          ) : fence !== undefined ? (
            <div className="f-panel-body f-panel-pad">
              <FenceDetails
                fence={fence}
                edit={may ? () => setDraft({ of: fence, shape: fence.shape }) : undefined}
                back={() => change({ fence: undefined })}
              />
            </div>
          ) : (
            <Answered query={query} rows={8}>
              {(found) => <FenceList fences={found} select={(id) => change({ fence: id })} />}
            </Answered>
          )}
        </div>
      </div>
    </Page>
  );
}

function boundsOfAll(fences: readonly Fence[]): Bounds | null {
  const all = fences.map(({ shape }) => shapeBounds(shape)).filter((bounds) => bounds !== null);
  const [first] = all;
  if (first === undefined) return null;
  return all.reduce(
    (whole, bounds) => ({
      west: Math.min(whole.west, bounds.west),
      south: Math.min(whole.south, bounds.south),
      east: Math.max(whole.east, bounds.east),
      north: Math.max(whole.north, bounds.north),
    }),
    first,
  );
}

/** Shows the chosen geofence, and all of them when the page opens. */
function useShow(
  map: React.RefObject<MapHandle | null>,
  fence: Fence | undefined,
  fences: readonly Fence[],
): void {
  const isOpened = useRef(false);
  useEffect(() => {
    const bounds = fence === undefined ? boundsOfAll(fences) : shapeBounds(fence.shape);
    if (bounds === null || (fence === undefined && isOpened.current)) return;
    // The map is loaded a moment after the page.
    const timer = window.setTimeout(() => map.current?.fit(bounds), isOpened.current ? 0 : 600);
    isOpened.current = true;
    return () => window.clearTimeout(timer);
  }, [map, fence, fences]);
}

function FenceList(props: { fences: readonly Fence[]; select: (id: number) => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const shapeText = useShapeText();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = props.fences.filter(
    ({ id, name }) => wanted === '' || name.toLowerCase().includes(wanted) || String(id) === wanted,
  );
  if (props.fences.length === 0) return <Empty text={t('none')} />;
  return (
    <>
      <div className="f-panel-head">
        <Input.Search
          allowClear
          aria-label={t('search')}
          placeholder={t('search')}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <span className="f-quiet">{t('count', { count: found.length })}</span>
        {props.fences.length >= mostFences ? (
          <span className="f-quiet">{t('many', { count: f.count(mostFences) })}</span>
        ) : null}
      </div>
      {found.length === 0 ? <Empty text={w('noMatch')} /> : null}
      <ul className="f-plain f-panel-body">
        {found.slice(0, 500).map((fence) => (
          <li key={fence.id}>
            <button type="button" className="f-item" onClick={() => props.select(fence.id)}>
              <span className="f-item-name">{fence.name || t('noName', { id: fence.id })}</span>
              <span className="f-item-sub numbers">{fence.id}</span>
              <span className="f-item-sub">{shapeText(fence.shape)}</span>
              <span className="f-item-sub f-item-end numbers">
                {t('version')} {fence.version}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
