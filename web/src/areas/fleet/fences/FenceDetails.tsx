import { App, Button } from 'antd';
import { explain } from '../../../api/explain';
import { useChange } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Facts } from '../../../ui/Facts';
import { Time } from '../../../ui/Time';
import { texts as words } from '../texts';
import { fenceClasses } from './form';
import { texts } from './texts';
import type { Fence } from './useFences';
import { useShapeText } from './useShapeText';

/** One geofence, and what may be done with it. */
export function FenceDetails(props: { fence: Fence; edit: (() => void) | undefined; back: () => void }) {
  const t = useTexts(texts);
  const f = useFormat();
  const shapeText = useShapeText();
  const { fence, edit } = props;
  const { properties } = fence;
  const name = fence.name || t('noName', { id: fence.id });
  const sides = (properties.alert ?? []).map((side) => t(side === 'enter' ? 'enterText' : 'exitText'));
  const classes = fenceClasses.filter((one) => properties.classes?.includes(one)).map((one) => t(one));
  return (
    <div className="f-stack">
      <h2 className="f-heading">{name}</h2>
      <Facts
        facts={[
          [t('number'), fence.id],
          [t('shape'), shapeText(fence.shape)],
          [t('alerts'), sides.length === 0 ? null : sides.join(' · ')],
          [t('dwell'), properties.dwell_s === undefined ? null : f.duration(properties.dwell_s * 1_000)],
          [t('limit'), properties.speed_limit_kmh === undefined ? null : f.speed(properties.speed_limit_kmh)],
          [t('classes'), classes.length === 0 ? t('allClasses') : classes.join(' · ')],
          [t('version'), fence.version],
          [t('changed'), <Time key="c" at={fence.changedMs} />],
          [t('changedWho'), fence.changedBy],
        ]}
      />
      {fence.shape.kind === 'other' ? <p className="f-none">{t('noEdit')}</p> : null}
      <div className="f-row">
        {edit === undefined ? null : (
          <>
            {fence.shape.kind === 'other' ? null : (
              <Button type="primary" onClick={edit}>
                {t('edit')}
              </Button>
            )}
            <RemoveButton fence={fence} name={name} done={props.back} />
          </>
        )}
        <Button onClick={props.back}>{t('back')}</Button>
      </div>
    </div>
  );
}

function RemoveButton(props: { fence: Fence; name: string; done: () => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { message, modal } = App.useApp();
  const remove = useChange('telemetry_remove_geofence', ['telemetry_geofences']);
  const { fence } = props;
  const ask = () =>
    void modal.confirm({
      title: t('removeAsk', { name: props.name }),
      content: t('removeWhy'),
      okText: t('remove'),
      okButtonProps: { danger: true },
      cancelText: w('cancel'),
      onOk: () =>
        remove.mutate(
          { geofence: fence.id, version: fence.version },
          {
            onSuccess: () => {
              void message.success(t('removed'));
              props.done();
            },
            onError: (error) => {
              const { title, remedy } = explain(error);
              void message.error(`${title} ${remedy}`);
            },
          },
        ),
    });
  return (
    <Button danger loading={remove.isPending} onClick={ask}>
      {t('remove')}
    </Button>
  );
}
