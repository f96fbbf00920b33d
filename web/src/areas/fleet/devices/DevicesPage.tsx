import '../fleet.css';
import { PlusOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Card, Table, Tabs } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { useState } from 'react';
import { useCall, useMay } from '../../../api/hooks';
import type { Terminal } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Filters } from '../../../ui/Filters';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { CursorPager, ListEnd } from '../list/CursorPager';
import { useSearchChange } from '../list/useSearchChange';
import { VehicleChoice } from '../roster/VehicleChoice';
import { VehicleName } from '../roster/VehicleName';
import { texts as words } from '../texts';
import { EnrolDialog, type EnrolStart } from './EnrolDialog';
import { Strangers } from './Strangers';
import { terminalTone } from './terminal';
import { deviceTexts } from './texts';

const route = getRouteApi('/fleet/devices');

/** The company's terminals, and devices that nobody knows. */
export function DevicesPage() {
  const t = useTexts(deviceTexts);
  const mayEnrol = useMay('devices_enrol');
  const [enrolling, setEnrolling] = useState<EnrolStart | null>(null);
  const { tab = 'known' } = route.useSearch();
  const change = useSearchChange();
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        mayEnrol ? (
          <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={() => setEnrolling({})}>
            {t('enrol')}
          </Button>
        ) : undefined
      }
    >
      <Card size="small">
        <Tabs
          activeKey={tab}
          onChange={(key) => change({ tab: key === 'known' ? undefined : key })}
          destroyOnHidden
          items={[
            { key: 'known', label: t('title'), children: <Known /> },
            {
              key: 'strangers',
              label: t('strangers'),
              children: <Strangers enrol={mayEnrol ? setEnrolling : undefined} />,
            },
          ]}
        />
      </Card>
      {enrolling === null ? null : <EnrolDialog start={enrolling} close={() => setEnrolling(null)} />}
    </Page>
  );
}

function Known() {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const { vehicle, cursor } = route.useSearch();
  const change = useSearchChange();
  const query = useCall(
    'devices_list',
    {
      limit: 50,
      ...(vehicle === undefined ? {} : { vehicle }),
      ...(cursor === undefined ? {} : { after: cursor }),
    },
    { refetchInterval: 15_000 },
  );
  return (
    <>
      <Filters>
        <VehicleChoice value={vehicle} canBeNone choose={(id) => change({ vehicle: id })} />
      </Filters>
      <Answered
        query={query}
        rows={8}
        isEmpty={({ terminals }) => terminals.length === 0 && cursor !== undefined}
        empty={<ListEnd />}
      >
        {({ terminals, next }) => (
          <>
            <TerminalTable
              terminals={terminals}
              emptyText={vehicle === undefined ? t('none') : w('noMatch')}
            />
            <CursorPager cursor={cursor} next={next} />
          </>
        )}
      </Answered>
    </>
  );
}

function TerminalTable(props: { terminals: readonly Terminal[]; emptyText: string }) {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const columns: ColumnType<Terminal>[] = [
    {
      key: 'identity',
      title: t('identity'),
      render: (_, row) => (
        <Link to="/fleet/devices/$terminal" params={{ terminal: row.id }} className="numbers">
          {row.identity}
        </Link>
      ),
    },
    {
      key: 'vehicle',
      title: w('vehicle'),
      render: (_, row) =>
        row.vehicle == null ? (
          <span className="f-quiet">{t('notBound')}</span>
        ) : (
          <VehicleName id={row.vehicle} />
        ),
    },
    {
      key: 'state',
      title: w('state'),
      render: (_, row) => <StateTag tone={terminalTone(row.state)} text={t(row.state ?? 'stateUnknown')} />,
    },
    {
      key: 'seen',
      title: t('lastSeen'),
      render: (_, row) =>
        row.last_seen_ms == null ? (
          <span className="f-quiet">{t('never')}</span>
        ) : (
          <Ago at={row.last_seen_ms} />
        ),
    },
    {
      key: 'protocol',
      title: t('protocol'),
      render: (_, row) => (row.protocol == null ? t('otherKind') : t(row.protocol)),
      responsive: ['md'],
    },
    {
      key: 'connected',
      title: t('connected'),
      render: (_, { connection }) =>
        connection == null ? (
          <span className="f-quiet">{t('notConnected')}</span>
        ) : (
          t('connectedBy', connection)
        ),
      responsive: ['lg'],
    },
    {
      key: 'chain',
      title: t('onChain'),
      render: (_, row) =>
        row.bound_on_chain == null ? (
          <span className="f-quiet">{t('chainNot')}</span>
        ) : (
          t('chainSince', { block: row.bound_on_chain })
        ),
      responsive: ['lg'],
    },
  ];
  return (
    <Table<Terminal>
      size="small"
      aria-label={t('title')}
      rowKey="id"
      columns={columns}
      dataSource={[...props.terminals]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <Empty text={props.emptyText} /> }}
    />
  );
}
