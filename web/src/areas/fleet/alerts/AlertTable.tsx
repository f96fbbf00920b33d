import { Link } from '@tanstack/react-router';
import { Button, Table } from 'antd';
import type { ColumnType } from 'antd/es/table';
import type { Alert } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Empty } from '../../../ui/answers';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { severityTones, stateTones, useAlertWords } from './alert';
import { alertTexts } from './alertTexts';

/** Alerts below each other. Its way leads to the alert's details. */
export function AlertTable(props: {
  alerts: readonly Alert[];
  label: string;
  isFiltered: boolean;
  /** Whether they are of several vehicles. */
  vehicles?: boolean;
  open?: (alert: string) => void;
}) {
  const t = useTexts(alertTexts);
  const w = useTexts(words);
  const say = useAlertWords();
  const { open, vehicles = true } = props;
  const columns: (ColumnType<Alert> | null)[] = [
    {
      key: 'kind',
      title: t('kind'),
      render: (_, row) =>
        open === undefined ? (
          <Link to="/fleet/alerts" search={{ vehicle: row.vehicle, alert: row.id }}>
            {say.kind(row.kind)}
          </Link>
        ) : (
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => open(row.id)}>
            {say.kind(row.kind)}
          </Button>
        ),
    },
    {
      key: 'severity',
      title: t('severity'),
      render: (_, { severity }) =>
        severity === undefined ? null : (
          <StateTag tone={severityTones[severity] ?? 'plain'} text={say.severity(severity)} />
        ),
    },
    vehicles
      ? { key: 'vehicle', title: w('vehicle'), render: (_, row) => <VehicleName id={row.vehicle} /> }
      : null,
    { key: 'opened', title: t('opened'), render: (_, row) => <Time at={row.opened_ms} /> },
    {
      key: 'value',
      title: t('value'),
      align: 'right',
      render: (_, row) => <span className="numbers">{say.value(row, row.value) ?? '—'}</span>,
      responsive: ['sm'],
    },
    {
      key: 'driver',
      title: w('driver'),
      align: 'right',
      render: (_, row) => row.driver ?? <span className="f-quiet">{w('unknown')}</span>,
      responsive: ['md'],
    },
    {
      key: 'state',
      title: w('state'),
      render: (_, { state }) =>
        state === undefined ? null : <StateTag tone={stateTones[state] ?? 'plain'} text={say.state(state)} />,
    },
  ];
  return (
    <Table<Alert>
      size="small"
      aria-label={props.label}
      rowKey="id"
      columns={columns.filter((column) => column !== null)}
      dataSource={[...props.alerts]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <Empty text={props.isFiltered ? w('noMatch') : t('empty')} /> }}
    />
  );
}
