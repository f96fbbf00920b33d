import { Button, Table } from 'antd';
import { useCall } from '../../../api/hooks';
import type { Stranger } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Ago } from '../../../ui/Time';
import type { EnrolStart } from './EnrolDialog';
import { deviceTexts } from './texts';

/** Devices that were refused because nobody knows them. */
export function Strangers({ enrol }: { enrol: ((start: EnrolStart) => void) | undefined }) {
  const t = useTexts(deviceTexts);
  const query = useCall('devices_strangers', { limit: 100 }, { refetchInterval: 10_000 });
  const says = ({ details }: Stranger) =>
    [details.manufacturer, details.model, details.serial, details.plate, details.vin]
      .filter((part) => part !== undefined && part !== '')
      .join(' · ') || '—';
  return (
    <Answered query={query}>
      {({ strangers }) => (
        <div className="f-stack">
          <p className="f-none">{t('strangersLead')}</p>
          <Table<Stranger>
            size="small"
            aria-label={t('strangers')}
            rowKey="identity"
            dataSource={[...strangers]}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty text={t('noStrangers')} /> }}
            columns={[
              {
                key: 'identity',
                title: t('identity'),
                render: (_, row) => <span className="code">{row.identity}</span>,
              },
              { key: 'says', title: t('saysOfItself'), render: (_, row) => says(row) },
              {
                key: 'reason',
                title: t('reason'),
                render: (_, row) => <span className="f-told">{row.reason}</span>,
              },
              { key: 'refused', title: t('refused'), align: 'right', dataIndex: 'refused' },
              { key: 'address', title: t('address'), render: (_, row) => `${row.channel} ${row.address}` },
              { key: 'seen', title: t('lastSeen'), render: (_, row) => <Ago at={row.last_ms} /> },
              {
                key: 'enrol',
                title: '',
                render: (_, { identity, protocol, details }) =>
                  enrol === undefined ? null : (
                    <Button
                      size="small"
                      onClick={() => enrol({ identity, details, ...(protocol == null ? {} : { protocol }) })}
                    >
                      {t('enrolThis')}
                    </Button>
                  ),
              },
            ]}
          />
        </div>
      )}
    </Answered>
  );
}
