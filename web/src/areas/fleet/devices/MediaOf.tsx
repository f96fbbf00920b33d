import { Button, Space } from 'antd';
import { useState } from 'react';
import { call } from '../../../api/call';
import { useCall } from '../../../api/hooks';
import type { Calls, Medium } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Time } from '../../../ui/Time';
import { useFile } from '../../../ui/useFile';
import { DataTable } from '../list/DataTable';
import { Section } from '../list/Section';
import { texts as words } from '../texts';
import { PhotoDialog } from './PhotoDialog';
import { deviceTexts } from './texts';

const kinds = ['picture', 'sound', 'video'] as const;

/** JT/T 808: a picture as JPEG, which every browser shows. */
const isPhoto = ({ kind, format }: Medium) => kind === 0 && format === 0;

/** What the terminal uploaded. */
export function MediaOf({ terminal }: { terminal: string }) {
  const t = useTexts(deviceTexts);
  const f = useFormat();
  const [shown, setShown] = useState<Medium>();
  const w = useTexts(words);
  const save = useFile(
    (params: Calls['devices_medium']['params']) => call('devices_medium', params),
    w('exporting'),
  );
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
                {
                  key: 'act',
                  title: '',
                  align: 'right',
                  render: (_, row) => (
                    <Space size="small">
                      {isPhoto(row) && (
                        <Button size="small" onClick={() => setShown(row)}>
                          {t('show')}
                        </Button>
                      )}
                      <Button
                        size="small"
                        type="text"
                        onClick={() => save.mutate({ terminal, medium: row.id })}
                      >
                        {t('save')}
                      </Button>
                    </Space>
                  ),
                },
              ]}
            />
            {shown && <PhotoDialog photo={shown} close={() => setShown(undefined)} />}
          </>
        )}
      </Answered>
    </Section>
  );
}
