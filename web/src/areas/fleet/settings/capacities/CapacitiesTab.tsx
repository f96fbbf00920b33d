import { getRouteApi } from '@tanstack/react-router';
import { Alert, App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { explain } from '../../../../api/explain';
import { useCall, useChange, useMay } from '../../../../api/hooks';
import { useFormat } from '../../../../format/useFormat';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { Answered, Empty } from '../../../../ui/answers';
import { Facts } from '../../../../ui/Facts';
import { Filters } from '../../../../ui/Filters';
import { Ago } from '../../../../ui/Time';
import { useSearchChange } from '../../list/useSearchChange';
import { useRoster } from '../../roster/useRoster';
import { VehicleChoice } from '../../roster/VehicleChoice';
import { texts as words } from '../../texts';
import { rulesFor } from '../rules/book';
import type { RuleClass } from '../rules/classes';
import { texts as ruleTexts } from '../rules/texts';
import { units } from '../rules/units';
import { useRuleWords } from '../rules/words';
import { type Fault, measures, nothing, readCapacities, type Typed } from './capacities';
import { texts } from './texts';

const route = getRouteApi('/fleet/settings');

/** How large a vehicle's tank and battery are, and how warm its cargo may be. */
export function CapacitiesTab() {
  const t = useTexts(texts);
  const { vehicle } = route.useSearch();
  const change = useSearchChange();
  return (
    <div className="f-stack">
      <p className="f-none">{t('lead')}</p>
      <Filters>
        <VehicleChoice value={vehicle} choose={(id) => change({ vehicle: id })} width={240} />
      </Filters>
      {vehicle === undefined ? <Empty text={t('choose')} /> : <Of key={vehicle} vehicle={vehicle} />}
    </div>
  );
}

function Of({ vehicle }: { vehicle: number }) {
  const t = useTexts(texts);
  const may = useMay('telemetry_set_capacities');
  return (
    <div className="f-columns">
      <Reported vehicle={vehicle} />
      {may ? <CapacityForm vehicle={vehicle} /> : <Alert type="info" showIcon title={t('readOnly')} />}
    </div>
  );
}

/** The class by which rules judge a vehicle (docs/telemetry.md). */
const ruleClasses: Readonly<Record<string, RuleClass>> = {
  Van: 'van',
  LightTruck: 'light_truck',
  HeavyTruck: 'heavy_truck',
  Refrigerated: 'light_truck',
};

function useRuleClass(vehicle: number): RuleClass {
  return ruleClasses[useRoster().data?.get(vehicle)?.class ?? ''] ?? 'car';
}

function Reported({ vehicle }: { vehicle: number }) {
  const t = useTexts(texts);
  const r = useTexts(ruleTexts);
  const f = useFormat();
  const of = useRuleClass(vehicle);
  const query = useCall('telemetry_vehicles', { after: vehicle - 1, limit: 1 });
  return (
    <Answered query={query}>
      {({ vehicles: [found] }) => {
        const state = found?.vehicle === vehicle ? found : undefined;
        const fuel =
          state?.fuel_ml !== undefined
            ? f.fuel(state.fuel_ml)
            : state?.fuel_permille !== undefined
              ? t('ofTank', { share: f.share(state.fuel_permille / 1000) })
              : t('notReported');
        const charge = state?.charge_permille;
        return (
          <Facts
            facts={[
              [t('class'), r(of)],
              [t('heard'), state === undefined ? t('never') : <Ago key="heard" at={state.heard_ms} />],
              [t('fuelNow'), fuel],
              [t('chargeNow'), charge === undefined ? t('notReported') : f.share(charge / 1000)],
            ]}
          />
        );
      }}
    </Answered>
  );
}

function CapacityForm({ vehicle }: { vehicle: number }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const say = useRuleWords();
  const { message, modal } = App.useApp();
  const of = useRuleClass(vehicle);
  const plate = useRoster().data?.get(vehicle)?.plate ?? w('vehicleNumber', { id: vehicle });
  const rules = useCall('telemetry_rules', {}).data;
  const following = rules === undefined ? null : rulesFor(rules.book, of);
  const [typed, setTyped] = useState<Typed>(nothing);
  const [isTried, setTried] = useState(false);
  const set = useChange('telemetry_set_capacities', ['telemetry_vehicles']);
  const read = readCapacities(typed);
  const faults = !read.ok && isTried ? read.faults : {};
  const value = (path: 'fuel.tank_ml' | 'cargo.temperature') =>
    following === null ? '…' : say.value(path, following[path]);
  const save = () => {
    setTried(true);
    if (!read.ok) return;
    modal.confirm({
      title: t('confirm', { vehicle: plate }),
      content: <Summary of={typed} />,
      okText: t('save'),
      cancelText: w('cancel'),
      onOk: () =>
        set.mutateAsync({ vehicle, ...read.params }).then(
          () => {
            setTried(false);
            void message.success(t('saved'));
          },
          (error: unknown) => {
            const { title, remedy, detail = '' } = explain(error);
            void message.error(`${title} ${remedy} ${detail}`);
          },
        ),
    });
  };
  const enter = (name: keyof Typed) => (text: string) => setTyped({ ...typed, [name]: text });
  return (
    <Form layout="vertical" requiredMark={false} onFinish={save}>
      <Measure
        name="tank"
        typed={typed}
        enter={enter('tank')}
        fault={faults.tank}
        why={t('tankWhy', { value: value('fuel.tank_ml') })}
      />
      <Measure
        name="battery"
        typed={typed}
        enter={enter('battery')}
        fault={faults.battery}
        why={t('batteryWhy')}
      />
      <div className="f-pair">
        <Measure name="lowest" typed={typed} enter={enter('lowest')} fault={faults.lowest} />
        <Measure name="highest" typed={typed} enter={enter('highest')} fault={faults.highest} />
      </div>
      <div className="f-stack">
        <p className="f-none">{t('cargoWhy', { value: value('cargo.temperature') })}</p>
        <Alert type="info" showIcon title={t('all')} />
        <div>
          <Button type="primary" htmlType="submit" loading={set.isPending}>
            {t('save')}
          </Button>
        </div>
      </div>
    </Form>
  );
}

function Summary({ of }: { of: Typed }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const shown = (name: keyof Typed, none: string) =>
    of[name].trim() === '' ? none : `${of[name].trim()} ${units[measures[name].unit].word[language]}`;
  return (
    <Facts
      facts={[
        [t('tank'), shown('tank', t('byRules'))],
        [t('battery'), shown('battery', t('unknownAfter'))],
        [t('lowest'), shown('lowest', t('byRules'))],
        [t('highest'), shown('highest', t('byRules'))],
      ]}
    />
  );
}

function Measure(props: {
  name: keyof Typed;
  typed: Typed;
  enter: (text: string) => void;
  fault: Fault | undefined;
  why?: string;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { name, fault } = props;
  const id = `capacity-${name}`;
  const said =
    fault === undefined
      ? undefined
      : fault.kind === 'bounds'
        ? t('bounds', { least: fault.least, most: fault.most })
        : t(fault.kind);
  return (
    <Form.Item
      label={t(name)}
      htmlFor={id}
      extra={props.why}
      {...(said === undefined ? {} : { validateStatus: 'error' as const, help: said })}
    >
      <Input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        maxLength={16}
        suffix={units[measures[name].unit].word[language]}
        value={props.typed[name]}
        onChange={({ target }) => props.enter(target.value)}
      />
    </Form.Item>
  );
}
