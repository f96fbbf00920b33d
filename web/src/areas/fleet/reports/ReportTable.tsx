import { DownloadOutlined } from '@ant-design/icons';
import { Button, Table } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { type ReactNode, useMemo } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Icon } from '../../../ui/Icon';
import { csvOf, saveText } from '../list/csv';
import { DataTable } from '../list/DataTable';
import { Section } from '../list/Section';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { Grade } from '../vehicles/Grade';
import type { Grouping } from './choices';
import { csvHead, csvRow } from './file';
import { economyOf, harshIn100Km, type Row, safetyOf } from './sums';
import { texts } from './texts';
import type { Asked, Report } from './useReport';

type Whole = Omit<Row, 'key'>;

interface Column {
  readonly key: string;
  readonly title: string;
  readonly of: (row: Whole) => ReactNode;
}

/** The rows of a report with their sums, and as a file. */
export function ReportTable(props: {
  asked: Asked;
  rows: readonly Row[];
  whole: Whole;
  may: Report['may'];
  nameOf: (key: string) => string;
}) {
  const t = useTexts(texts);
  const { asked, rows, whole, may, nameOf } = props;
  const { by, span } = asked;
  const columns = useColumns(by, whole, may);
  const title = useKeyTitle(by);
  const name = (key: string) =>
    by === 'vehicle' ? <VehicleName id={Number(key)} /> : <span className="numbers">{nameOf(key)}</span>;
  const table: ColumnType<Row>[] = [
    { key: 'key', title, fixed: 'left', render: (_, { key }) => name(key) },
    ...columns.map(({ key, title: head, of }) => ({
      key,
      title: head,
      align: 'right' as const,
      render: (_: unknown, row: Row) => of(row),
    })),
  ];
  const download = () =>
    saveText(
      `report-${by}-${span.first}-${span.last}.csv`,
      csvOf(csvHead(by, may), [
        ...rows.map((row) => csvRow(by, may, row, nameOf(row.key))),
        csvRow(by, may, { ...whole, key: '' }, t('sum')),
      ]),
    );
  // A table without links is reached by the keyboard in another way.
  const Shown = by === 'vehicle' ? Table<Row> : DataTable<Row>;
  return (
    <Section
      title={t('table')}
      extra={
        <Button
          size="small"
          icon={<Icon of={DownloadOutlined} />}
          disabled={rows.length === 0}
          onClick={download}
        >
          {t('csv')}
        </Button>
      }
    >
      <Shown
        size="small"
        aria-label={t('table')}
        rowKey="key"
        dataSource={[...rows]}
        columns={table}
        pagination={{ pageSize: 31, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        summary={() => (
          <Table.Summary.Row className="f-total">
            <Table.Summary.Cell index={0}>{t('sum')}</Table.Summary.Cell>
            {columns.map(({ key, of }, at) => (
              <Table.Summary.Cell key={key} index={at + 1} align="right">
                {of(whole)}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </Section>
  );
}

function useKeyTitle(by: Grouping): string {
  const t = useTexts(texts);
  const w = useTexts(words);
  if (by === 'vehicle') return w('vehicle');
  if (by === 'driver') return w('driver');
  return t(by);
}

function useColumns(by: Grouping, whole: Whole, may: Report['may']): readonly Column[] {
  const t = useTexts(texts);
  const f = useFormat();
  return useMemo(() => {
    const grade = (value: number | null) => <Grade of={value ?? undefined} />;
    const known = (value: number | null, said: (value: number) => string) =>
      value === null ? '—' : said(value);
    const drive: readonly (Column | null)[] = [
      { key: 'trips', title: t('trips'), of: ({ drive: of }) => f.count(of.trips) },
      { key: 'distance', title: t('distance'), of: ({ drive: of }) => f.distance(of.distanceM) },
      { key: 'moving', title: t('moving'), of: ({ drive: of }) => f.duration(of.movingMs) },
      { key: 'night', title: t('night'), of: ({ drive: of }) => f.duration(of.nightMs) },
      { key: 'idle', title: t('idle'), of: ({ drive: of }) => f.duration(of.idleMs) },
      whole.drive.energyWh === null
        ? null
        : { key: 'energy', title: t('energy'), of: ({ drive: of }) => known(of.energyWh, f.energy) },
      whole.drive.fuelMl === null
        ? null
        : { key: 'fuel', title: t('fuel'), of: ({ drive: of }) => known(of.fuelMl, f.fuel) },
      {
        key: 'harsh',
        title: t('harsh'),
        of: ({ drive: of }) => (of.distanceM === 0 ? '—' : f.decimal(harshIn100Km(of), 1)),
      },
      { key: 'speeding', title: t('speeding'), of: ({ drive: of }) => f.duration(of.speedingMs) },
      { key: 'safety', title: t('safety'), of: ({ drive: of }) => grade(safetyOf(of)) },
      { key: 'worst', title: t('worst'), of: ({ drive: of }) => grade(of.safetyWorst) },
      { key: 'economy', title: t('economy'), of: ({ drive: of }) => grade(economyOf(of)) },
    ];
    const amount = (key: 'gross' | 'drivers' | 'platform' | 'others', title: string): Column => ({
      key,
      title,
      of: ({ money }) => <Amount value={money[key]} fen />,
    });
    const money = [
      { key: 'rides', title: t('rides'), of: ({ money: of }: Whole) => f.count(of.rides) },
      amount('gross', t('gross')),
      amount('drivers', t('driversGet')),
      amount('platform', t('platformGets')),
      amount('others', t('othersGet')),
    ];
    return [
      ...(may.drive ? drive.filter((column) => column !== null) : []),
      ...(may.alerts
        ? [{ key: 'alerts', title: t('alerts'), of: ({ alerts }: Whole) => f.count(alerts) }]
        : []),
      ...(may.money && by !== 'vehicle' ? money : []),
    ];
  }, [by, whole, may, t, f]);
}
