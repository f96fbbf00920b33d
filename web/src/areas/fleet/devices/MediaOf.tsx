import { useCall } from '../../../api/hooks';
import type { Medium } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Time } from '../../../ui/Time';
import { DataTable } from '../list/DataTable';
import { Section } from '../list/Section';
import { deviceTexts } from './texts';

const kinds = ['picture', 'sound', 'video'] as const;

/** What the terminal uploaded. */
export function MediaOf({ terminal }: { terminal: string }) {
  const t = useTexts(deviceTexts);
  const f = useFormat();
  const query = useCall('devices_media', { terminal, limit: 50 });
  return (
    <Section title={t('media')}>
      <Answered
        query={query}
        isEmpty={({ media }) => media.length === 0}
        empty={<p className="f-none">{t('noMedia')}</p>}
      >
        {({ media }) => (
          <>
            <p className="f-none">{t('mediaNote')}</p>
            <DataTable<Medium>
              size="small"
              aria-label={t('media')}
              rowKey="id"
              dataSource={[...media]}
              pagination={{ pageSize: 8, hideOnSinglePage: true, showSizeChanger: false }}
              scroll={{ x: 'max-content' }}
              columns={[
                { key: 'kind', title: t('kind'), render: (_, row) => t(kinds[row.kind] ?? 'otherKind') },
                { key: 'channel', title: t('channel'), align: 'right', dataIndex: 'channel' },
                { key: 'taken', title: t('taken'), render: (_, row) => <Time at={row.time_ms} /> },
                { key: 'size', title: t('size'), align: 'right', render: (_, row) => f.bytes(row.bytes) },
              ]}
            />
          </>
        )}
      </Answered>
    </Section>
  );
}
