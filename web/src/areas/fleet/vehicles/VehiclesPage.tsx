import '../fleet.css';
import { PlusOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Card, Input, Segmented, Table } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { useState } from 'react';
import { useSession } from '../../../api/hooks';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { datumOf } from '../../../map/base/tiles';
import { portal } from '../../../portal';
import { Answered, Empty } from '../../../ui/answers';
import { Choice, Filters } from '../../../ui/Filters';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { StateTag } from '../../../ui/StateTag';
import { Ago } from '../../../ui/Time';
import { useSearchChange } from '../list/useSearchChange';
import type { LiveFleet } from '../live/liveFleet';
import { texts as liveTexts } from '../live/texts';
import { useLiveFleet } from '../live/useLiveFleet';
import { lookTones } from '../live/VehicleCard';
import { ChainStatus, useWord } from '../roster/stateWords';
import { useCompanies } from '../roster/useCompanies';
import { type ChainVehicle, useRoster } from '../roster/useRoster';
import { texts as words } from '../texts';
import { RegisterDialog } from './RegisterDialog';
import { texts } from './texts';
import { fitting, type Whose, whose } from './whose';

const route = getRouteApi('/fleet/vehicles');

const statuses = ['InService', 'OutOfService', 'Scrapped'] as const;

/** The company's vehicles by the chain, with how they are now; and those that are offered to it. */
export function VehiclesPage() {
  const t = useTexts(texts);
  const session = useSession();
  const [isRegistering, setIsRegistering] = useState(false);
  const { fleet, may } = useLiveFleet(datumOf(portal().tiles));
  const roster = useRoster();
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      extra={
        session?.roles.includes('fleet') === true ? (
          <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={() => setIsRegistering(true)}>
            {t('register')}
          </Button>
        ) : undefined
      }
    >
      <Card size="small">
        <Answered query={roster} rows={8}>
          {(found) => <Listed of={[...found.values()]} fleet={may ? fleet : null} />}
        </Answered>
      </Card>
      <RegisterDialog open={isRegistering} close={() => setIsRegistering(false)} />
    </Page>
  );
}

function Listed(props: { of: readonly ChainVehicle[]; fleet: LiveFleet | null }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const word = useWord();
  const company = useSession()?.company ?? 0;
  const search = route.useSearch();
  const change = useSearchChange();
  const { which = 'own', status, q } = search;
  const columns = useColumns(props.fleet, which);
  const rows = fitting(props.of, company, which, status, q ?? '');
  return (
    <>
      <Filters>
        <Segmented<Whose>
          aria-label={t('which')}
          value={which}
          options={whose.map((value) => ({
            value,
            label: `${t(value)} ${fitting(props.of, company, value, undefined, '').length}`,
          }))}
          onChange={(value) => change({ which: value === 'own' ? undefined : value, page: undefined })}
        />
        <Input.Search
          allowClear
          aria-label={t('search')}
          placeholder={t('search')}
          style={{ width: 240, maxWidth: '100%' }}
          defaultValue={q ?? ''}
          onChange={({ target }) => change({ q: target.value.trim() || undefined, page: undefined })}
        />
        <Choice
          label={t('status')}
          value={status}
          options={statuses.map((value) => ({ value, label: word('VehicleStatus', value) }))}
          choose={(value) => change({ status: value, page: undefined })}
        />
      </Filters>
      <Table<ChainVehicle>
        size="small"
        aria-label={t('title')}
        rowKey="id"
        columns={columns}
        dataSource={rows}
        scroll={{ x: 'max-content' }}
        pagination={{
          current: search.page ?? 1,
          pageSize: 20,
          hideOnSinglePage: true,
          showSizeChanger: false,
          onChange: (page) => change({ page: page === 1 ? undefined : page }),
        }}
        locale={{ emptyText: <Empty text={q || status ? w('noMatch') : t('none')} /> }}
      />
    </>
  );
}

function useColumns(fleet: LiveFleet | null, which: Whose): ColumnType<ChainVehicle>[] {
  const t = useTexts(texts);
  const f = useFormat();
  const word = useWord();
  const companies = useCompanies();
  const columns: (ColumnType<ChainVehicle> | null)[] = [
    {
      key: 'plate',
      title: t('plate'),
      render: (_, row) => (
        <Link to="/fleet/vehicles/$vehicle" params={{ vehicle: String(row.id) }} className="numbers">
          {row.plate ?? `${t('noPlate')} (${row.id})`}
        </Link>
      ),
    },
    fleet === null || which === 'in'
      ? null
      : { key: 'now', title: t('now'), render: (_, row) => <Now fleet={fleet} vehicle={row.id} /> },
    { key: 'status', title: t('status'), render: (_, row) => <ChainStatus of={row.status} /> },
    which === 'own'
      ? null
      : {
          key: 'offer',
          title: t('sale'),
          render: (_, row) =>
            t(which === 'in' ? 'offeredBy' : 'offeredTo', {
              company: companies.name(which === 'in' ? row.owner : (row.offeredTo ?? 0)),
              price: f.money(row.price ?? 0n),
            }),
        },
    { key: 'model', title: t('model'), dataIndex: 'model', responsive: ['sm'] },
    {
      key: 'class',
      title: t('class'),
      render: (_, row) => word('VehicleClass', row.class),
      responsive: ['md'],
    },
    {
      key: 'vin',
      title: t('vin'),
      render: (_, row) => <span className="code">{row.vin}</span>,
      responsive: ['lg'],
    },
  ];
  return columns.filter((column) => column !== null);
}

function Now({ fleet, vehicle }: { fleet: LiveFleet; vehicle: number }) {
  const t = useTexts(texts);
  const l = useTexts(liveTexts);
  const state = fleet.state(vehicle);
  if (state === undefined) return <span className="f-quiet">{fleet.isComplete ? t('neverHeard') : '…'}</span>;
  const look = fleet.look(vehicle);
  return (
    <span className="f-row">
      <StateTag tone={lookTones[look]} text={l(look)} />
      <span className="f-quiet">
        <Ago at={state.heard_ms} />
      </span>
    </span>
  );
}
