import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { mostParts } from '../../../tariff/tariff';
import { weekdays } from '../../../tariff/windows';
import { Icon } from '../../../ui/Icon';
import type { Draft, Field, ShareDraft, Trouble, WindowDraft } from './draft';
import { formTexts } from './formTexts';
import { texts } from './texts';
import { useCompanies } from './useCompanies';

export interface Editing {
  readonly draft: Draft;
  readonly troubles: ReadonlyMap<string, Trouble>;
  readonly change: (draft: Draft) => void;
}

type Unit = 'yuan' | 'km' | 'min' | 'hours' | 'times' | 'percent';

/** A label, a field, and what is wrong with it. */
export function Row(props: { label: string; trouble?: string | undefined; children: ReactNode }) {
  return (
    <Form.Item
      label={props.label}
      {...(props.trouble === undefined ? {} : { validateStatus: 'error' as const, help: props.trouble })}
      style={{ marginBottom: 16 }}
    >
      {props.children}
    </Form.Item>
  );
}

export function NumberField(props: Editing & { field: Field; unit: Unit }) {
  const t = useTexts(formTexts);
  const { draft, troubles, change, field } = props;
  const trouble = troubles.get(field);
  return (
    <Row label={t(field)} trouble={trouble === undefined ? undefined : t(trouble)}>
      <Input
        aria-label={t(field)}
        inputMode="decimal"
        maxLength={30}
        value={draft.values[field]}
        suffix={<span className="o-quiet">{t(props.unit)}</span>}
        onChange={({ target }) => change({ ...draft, values: { ...draft.values, [field]: target.value } })}
      />
    </Row>
  );
}

function replaced<T>(list: readonly T[], at: number, by: T): readonly T[] {
  return list.map((one, place) => (place === at ? by : one));
}

function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, place) => place !== at);
}

export function WindowFields(props: Editing) {
  const t = useTexts(formTexts);
  const w = useTexts(texts);
  const { draft, troubles, change } = props;
  const put = (windows: readonly WindowDraft[]) => change({ ...draft, windows });
  return (
    <div className="o-stack o-tight">
      {draft.windows.map((window, at) => {
        const set = (part: Partial<WindowDraft>) => put(replaced(draft.windows, at, { ...window, ...part }));
        const trouble = troubles.get(`window ${at}`);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and their fields keep nothing of their own.
          <div key={at}>
            <div className="o-row">
              <Input
                aria-label={t('windowFrom')}
                style={{ width: 84 }}
                maxLength={5}
                value={window.from}
                onChange={({ target }) => set({ from: target.value })}
              />
              –
              <Input
                aria-label={t('windowUntil')}
                style={{ width: 84 }}
                maxLength={5}
                value={window.until}
                onChange={({ target }) => set({ until: target.value })}
              />
              <Input
                aria-label={t('surcharge')}
                style={{ width: 110 }}
                prefix="+"
                suffix="%"
                maxLength={8}
                value={window.surcharge}
                onChange={({ target }) => set({ surcharge: target.value })}
              />
              <Button
                aria-label={t('remove')}
                icon={<Icon of={DeleteOutlined} />}
                onClick={() => put(without(draft.windows, at))}
              />
            </div>
            <Checkbox.Group
              aria-label={t('days')}
              style={{ marginTop: 6 }}
              value={weekdays.filter((_, day) => ((window.days >> day) & 1) === 1)}
              options={weekdays.map((day) => ({ value: day, label: w(day) }))}
              onChange={(days) =>
                set({
                  days: weekdays.reduce(
                    (bits, day, place) => bits | (days.includes(day) ? 1 << place : 0),
                    0,
                  ),
                })
              }
            />
            {trouble === undefined ? null : <div className="o-more">{t(trouble)}</div>}
          </div>
        );
      })}
      <span>
        <Button
          size="small"
          icon={<Icon of={PlusOutlined} />}
          disabled={draft.windows.length >= mostParts}
          onClick={() =>
            put([...draft.windows, { days: 0b111_1111, from: '07:00', until: '09:00', surcharge: '' }])
          }
        >
          {t('addWindow')}
        </Button>
      </span>
    </div>
  );
}

export function ShareFields(props: Editing) {
  const t = useTexts(formTexts);
  const companies = useCompanies();
  const { draft, troubles, change } = props;
  const put = (thirdParties: readonly ShareDraft[]) => change({ ...draft, thirdParties });
  // The own part is the platform's: the chain takes nobody's own company as a third party.
  const others = companies.all.filter(({ id }) => id !== portal().company);
  return (
    <div className="o-stack o-tight">
      {draft.thirdParties.map(({ company, share }, at) => {
        const set = (part: Partial<ShareDraft>) =>
          put(replaced(draft.thirdParties, at, { company, share, ...part }));
        const trouble = troubles.get(`share ${at}`);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and their fields keep nothing of their own.
          <div key={at}>
            <div className="o-row">
              <Select<number>
                aria-label={t('company')}
                style={{ width: 220, maxWidth: '100%' }}
                value={company ?? null}
                options={others.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(id) => set({ company: id })}
              />
              <Input
                aria-label={t('share')}
                style={{ width: 110 }}
                suffix="%"
                maxLength={10}
                value={share}
                onChange={({ target }) => set({ share: target.value })}
              />
              <Button
                aria-label={t('remove')}
                icon={<Icon of={DeleteOutlined} />}
                onClick={() => put(without(draft.thirdParties, at))}
              />
            </div>
            {trouble === undefined ? null : <div className="o-more">{t(trouble)}</div>}
          </div>
        );
      })}
      <span>
        <Button
          size="small"
          icon={<Icon of={PlusOutlined} />}
          disabled={draft.thirdParties.length >= mostParts}
          onClick={() => put([...draft.thirdParties, { company: undefined, share: '' }])}
        >
          {t('addShare')}
        </Button>
      </span>
    </div>
  );
}
