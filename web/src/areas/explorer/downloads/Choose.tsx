import { Button, Checkbox, DatePicker, Form, type GetProps, InputNumber, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { useNames } from '../detail/useNames';
import {
  changing,
  type ExportRequest,
  type ExportSearch,
  type Format,
  ofCompany,
  type Table,
  tables,
} from './request';
import { texts } from './texts';

type Day = NonNullable<NonNullable<GetProps<typeof DatePicker.RangePicker>['value']>[0]>;

/** What is to be in the file. */
export function Choose(props: { first: ExportSearch; choose: (request: ExportRequest) => void }) {
  const t = useTexts(texts);
  const { companies } = useNames();
  const [table, setTable] = useState<Table>(props.first.table ?? 'batches');
  const [company, setCompany] = useState<number | null>(props.first.company ?? null);
  const [span, setSpan] = useState<readonly [Day | null, Day | null]>([null, null]);
  const [at, setAt] = useState<number | null>(null);
  const [history, setHistory] = useState(false);
  const [format, setFormat] = useState<Format>('csv');
  const make = () => {
    const [since, until] = span;
    props.choose({
      table,
      format,
      ...(company === null || !ofCompany.has(table) ? {} : { company }),
      ...(at === null ? {} : { at }),
      ...(since === null ? {} : { since: since.startOf('day').format() }),
      // The day that was chosen belongs to it, and the one after it does not.
      ...(until === null ? {} : { until: until.add(1, 'day').startOf('day').format() }),
      ...(history && changing.has(table) ? { history } : {}),
    });
  };
  return (
    <Form layout="vertical" onFinish={make}>
      <Form.Item label={t('table')} htmlFor="export-table">
        <Select<Table>
          id="export-table"
          value={table}
          onChange={setTable}
          showSearch={{ optionFilterProp: 'label' }}
          options={tables.map((value) => ({ value, label: t(value) }))}
        />
      </Form.Item>
      {ofCompany.has(table) ? (
        <Form.Item label={t('company')} htmlFor="export-company">
          <Select<number | null>
            id="export-company"
            value={company}
            onChange={setCompany}
            options={[
              { value: null, label: t('allCompanies') },
              ...companies.map(({ id, name }) => ({ value: Number(id), label: name })),
            ]}
          />
        </Form.Item>
      ) : null}
      <Form.Item label={t('span')} htmlFor="export-span">
        <DatePicker.RangePicker
          id="export-span"
          allowEmpty={[true, true]}
          style={{ width: '100%' }}
          onChange={(chosen) => setSpan([chosen?.[0] ?? null, chosen?.[1] ?? null])}
        />
      </Form.Item>
      <Form.Item label={t('at')} htmlFor="export-at" extra={t('atHint')}>
        <InputNumber
          id="export-at"
          min={0}
          precision={0}
          controls={false}
          value={at}
          onChange={setAt}
          style={{ width: '100%' }}
        />
      </Form.Item>
      {changing.has(table) ? (
        <Form.Item>
          <Checkbox checked={history} onChange={(change) => setHistory(change.target.checked)}>
            {t('history')}
          </Checkbox>
        </Form.Item>
      ) : null}
      <Form.Item label={t('format')}>
        <Radio.Group
          value={format}
          onChange={(change) => setFormat(change.target.value)}
          aria-label={t('format')}
        >
          <Radio value="csv">
            CSV <span className="x-quiet">{t('csvHint')}</span>
          </Radio>
          <Radio value="parquet">
            Parquet <span className="x-quiet">{t('parquetHint')}</span>
          </Radio>
        </Radio.Group>
      </Form.Item>
      <Button type="primary" htmlType="submit">
        {t('make')}
      </Button>
    </Form>
  );
}
