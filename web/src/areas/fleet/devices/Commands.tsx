import { Button, Table } from 'antd';
import { useState } from 'react';
import { useCall, useChange, useMay } from '../../../api/hooks';
import type { Command } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { Section } from '../list/Section';
import { texts as words } from '../texts';
import { kindOf } from './command';
import { SendDialog } from './SendDialog';
import { commandTone, isOver } from './terminal';
import { deviceTexts } from './texts';

/** What the terminal was told, and what became of it. */
export function Commands({ terminal }: { terminal: string }) {
  const t = useTexts(deviceTexts);
  const w = useTexts(words);
  const maySend = useMay('devices_send');
  const [isSending, setIsSending] = useState(false);
  const query = useCall('devices_commands', { terminal, limit: 50 }, { refetchInterval: 5_000 });
  const withdraw = useChange('devices_withdraw', ['devices_commands']);
  const kindText = (command: Command) => {
    const kind = kindOf(command.command);
    return kind === undefined ? t('otherKind') : t(kind);
  };
  return (
    <Section
      title={t('commands')}
      extra={
        maySend ? (
          <Button size="small" type="primary" onClick={() => setIsSending(true)}>
            {t('send')}
          </Button>
        ) : undefined
      }
    >
      <Answered query={query}>
        {({ commands }) => (
          <Table<Command>
            size="small"
            aria-label={t('commands')}
            rowKey="id"
            dataSource={[...commands]}
            pagination={{ pageSize: 8, hideOnSinglePage: true, showSizeChanger: false }}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty text={t('noCommands')} /> }}
            expandable={{
              rowExpandable: (row) => row.answer !== undefined || row.why !== undefined,
              expandedRowRender: (row) => (
                <pre className="f-key code">{row.why ?? JSON.stringify(row.answer, null, 2)}</pre>
              ),
            }}
            columns={[
              { key: 'kind', title: t('kind'), render: (_, row) => kindText(row) },
              {
                key: 'state',
                title: w('state'),
                render: (_, row) => (
                  <StateTag tone={commandTone(row.state)} text={t(row.state ?? 'stateUnknown')} />
                ),
              },
              { key: 'issued', title: t('issued'), render: (_, row) => <Time at={row.issued_ms} /> },
              {
                key: 'withdraw',
                title: '',
                render: (_, row) =>
                  maySend && !isOver(row) ? (
                    <Button
                      size="small"
                      loading={withdraw.isPending && withdraw.variables.id === row.id}
                      onClick={() => withdraw.mutate({ id: row.id })}
                    >
                      {t('withdraw')}
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Answered>
      {isSending ? <SendDialog terminal={terminal} close={() => setIsSending(false)} /> : null}
    </Section>
  );
}
