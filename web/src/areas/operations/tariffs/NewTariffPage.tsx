import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, Form, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { portal } from '../../../portal';
import { readTariff, tariffArgument } from '../../../tariff/tariff';
import { offsetOf } from '../../../tariff/windows';
import { Answered } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { useNow } from '../../../ui/useNow';
import { callOf, submit } from '../../../wallet/requests';
import type { OperationsTariffsQuery } from '../graphql/graphql';
import '../operations.css';
import { Section } from '../parts/Section';
import { type Draft, draftOf, type Field, readDraft } from './draft';
import { NumberField, Row, ShareFields, WindowFields } from './Fields';
import { formTexts } from './formTexts';

import { PreviewSection } from './Preview';
import { tariffsQuery } from './queries';

type TariffRow = OperationsTariffsQuery['tariffs'][number];

const route = getRouteApi('/operations/tariffs/new');

const empty: Draft = {
  values: {
    base: '',
    includedKm: '',
    perKm: '',
    perMinute: '',
    freeWaitingMin: '',
    perWaitingMinute: '',
    minimum: '',
    cancellation: '',
    rounding: '0.01',
    maxSurge: '1',
    maxKm: '',
    maxHours: '',
    maxWaitingMin: '',
    maxTolls: '',
    driver: '',
    platform: '',
  },
  utcOffsetMinutes: 480,
  windows: [],
  thirdParties: [],
};

const prices: ReadonlyArray<readonly [Field, 'yuan' | 'km' | 'min' | 'times']> = [
  ['base', 'yuan'],
  ['includedKm', 'km'],
  ['perKm', 'yuan'],
  ['perMinute', 'yuan'],
  ['freeWaitingMin', 'min'],
  ['perWaitingMinute', 'yuan'],
  ['minimum', 'yuan'],
  ['cancellation', 'yuan'],
  ['rounding', 'yuan'],
];

const limits: ReadonlyArray<readonly [Field, 'yuan' | 'km' | 'min' | 'hours' | 'times']> = [
  ['maxSurge', 'times'],
  ['maxKm', 'km'],
  ['maxHours', 'hours'],
  ['maxWaitingMin', 'min'],
  ['maxTolls', 'yuan'],
];

const dayMs = 86_400_000;
/** The chain takes no beginning beyond this. */
const mostAheadMs = 90 * dayMs;

/** A new tariff: typed, checked as the chain checks it, tried on real rides, and proposed. */
export function NewTariffPage() {
  const t = useTexts(formTexts);
  const { from } = route.useSearch();
  const query = useAsk(tariffsQuery, { company: portal().company }, { staleTime: 60_000 });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Answered query={query} rows={10}>
        {({ tariffs }) => <Editor key={from ?? ''} rows={tariffs} from={from} />}
      </Answered>
    </Page>
  );
}

/** The version to begin with: the one that was asked for, or the newest that was approved. */
function beginning(rows: readonly TariffRow[], id: string | undefined): TariffRow | undefined {
  return rows.find((row) => row.id === id) ?? rows.find((row) => row.state === 'approved');
}

function Editor({ rows, from }: { rows: readonly TariffRow[]; from: string | undefined }) {
  const t = useTexts(formTexts);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const now = useNow(10_000);
  const [begun] = useState(() => beginning(rows, from));
  const [draft, change] = useState<Draft>(() => {
    const tariff = readTariff(begun?.tariff);
    return tariff === undefined ? empty : draftOf(tariff);
  });
  const [city, setCity] = useState(String(begun?.city ?? ''));
  const [start, setStart] = useState(() => localText(now + dayMs));
  const [isBusy, setBusy] = useState(false);
  const read = useMemo(() => readDraft(draft), [draft]);
  const startMs = new Date(start).getTime();
  const startTrouble = !(startMs > now)
    ? t('fromPast')
    : startMs > now + mostAheadMs
      ? t('fromFar')
      : undefined;
  const isCity = /^\d{6}$/.test(city);
  const { tariff, fault } = read;
  const isRight = tariff !== undefined && fault === null && isCity && startTrouble === undefined;
  const editing = { draft, troubles: read.troubles, change };
  const propose = async () => {
    if (tariff === undefined) return;
    setBusy(true);
    const outcome = await submit(
      callOf('Tariffs', 'propose', {
        company: portal().company,
        city: Number(city),
        from: BigInt(Math.floor(startMs / 1000)),
        tariff: tariffArgument(tariff),
      }),
    );
    setBusy(false);
    if (outcome.result !== 'done') return;
    void message.success(t('done'));
    void navigate({ to: '/operations/tariffs' });
  };
  return (
    <Form layout="vertical" component="div">
      <div className="o-stack">
        <div className="o-columns">
          <Section title={t('prices')}>
            <div className="o-form-grid">
              <Row label={t('city')} trouble={isCity ? undefined : t('cityWrong')}>
                <Input
                  aria-label={t('city')}
                  inputMode="numeric"
                  maxLength={6}
                  value={city}
                  onChange={({ target }) => setCity(target.value.trim())}
                />
              </Row>
              <Row label={t('from')} trouble={startTrouble}>
                <Input
                  type="datetime-local"
                  aria-label={t('from')}
                  value={start}
                  onChange={({ target }) => setStart(target.value)}
                />
              </Row>
              <Row label={t('offset')}>
                <Select<number>
                  aria-label={t('offset')}
                  value={draft.utcOffsetMinutes}
                  options={offsets.map((value) => ({ value, label: `UTC${offsetOf(value)}` }))}
                  onChange={(utcOffsetMinutes) => change({ ...draft, utcOffsetMinutes })}
                />
              </Row>
              {prices.map(([field, unit]) => (
                <NumberField key={field} field={field} unit={unit} {...editing} />
              ))}
            </div>
          </Section>
          <div className="o-stack">
            <Section title={t('windows')}>
              <WindowFields {...editing} />
            </Section>
            <Section title={t('shares')}>
              <div className="o-form-grid">
                <NumberField field="driver" unit="percent" {...editing} />
                <NumberField field="platform" unit="percent" {...editing} />
              </div>
              <ShareFields {...editing} />
              <Together missingPpm={read.missingPpm} />
            </Section>
            <Section title={t('limits')}>
              <p className="o-note">{t('limitsLead')}</p>
              <div className="o-form-grid">
                {limits.map(([field, unit]) => (
                  <NumberField key={field} field={field} unit={unit} {...editing} />
                ))}
              </div>
            </Section>
          </div>
        </div>
        <Alert
          showIcon
          type={isRight ? 'success' : 'warning'}
          title={fault !== null ? t(`fault_${fault}`) : isRight ? t('fine') : t('wrongFields')}
          action={
            <Button type="primary" disabled={!isRight} loading={isBusy} onClick={() => void propose()}>
              {t('propose')}
            </Button>
          }
        />
        {tariff !== undefined && fault === null && isCity ? (
          <PreviewSection tariff={tariff} city={Number(city)} />
        ) : (
          <p className="o-none">{t('nothingYet')}</p>
        )}
      </div>
    </Form>
  );
}

/** Whole hours, as almost everybody has them. */
const offsets: readonly number[] = Array.from({ length: 27 }, (_, at) => (at - 12) * 60);

/** As `datetime-local` writes it, by the clock of the place, at a whole minute. */
function localText(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function Together({ missingPpm }: { missingPpm: number | undefined }) {
  const t = useTexts(formTexts);
  const f = useFormat();
  if (missingPpm === undefined) return null;
  return missingPpm === 0 ? (
    <p className="o-note">{t('sumFine')}</p>
  ) : (
    <p className="o-more">{t('sum', { share: f.basisPoints((1_000_000 - missingPpm) / 100) })}</p>
  );
}
