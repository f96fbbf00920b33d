import { Table } from 'antd';
import type { ReactNode } from 'react';
import { type ProxyKey, sayBlocks, sayProxy } from '../chain/proxies';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { Empty } from '../ui/answers';
import { AccountName } from '../ui/links';
import { keyTexts } from './texts';

/** Which keys act for an account: each with what it may do, and how long that waits. */
export function ProxyTable(props: {
  of: readonly ProxyKey[];
  /** What can be done about one. Missing: nothing can. */
  action?: (proxy: ProxyKey) => ReactNode;
}) {
  const t = useTexts(keyTexts);
  const language = useLanguage();
  const { of, action } = props;
  return (
    <Table<ProxyKey>
      size="small"
      aria-label={t('proxies')}
      rowKey={(row) => `${row.delegate} ${sayProxy(row.kind, 'en')} ${row.delay}`}
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...of]}
      locale={{ emptyText: <Empty text={t('noProxies')} /> }}
      columns={[
        { title: t('key'), render: (_, { delegate }) => <AccountName account={delegate} copy /> },
        {
          title: t('may'),
          render: (_, { kind }) => <div className="k-told">{sayProxy(kind, language)}</div>,
        },
        {
          title: t('delay'),
          render: (_, { delay }) => (delay === 0 ? t('atOnce') : sayBlocks(delay, language)),
        },
        ...(action === undefined
          ? []
          : [{ key: 'action', align: 'right' as const, render: (_: unknown, row: ProxyKey) => action(row) }]),
      ]}
    />
  );
}
