import { DoubleLeftOutlined, DoubleRightOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Select, Table } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Empty, Failed } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import { texts } from '../texts';
import { around, type PageAt, type PageInfo, sizes, usualSize } from './paging';
import '../detail/detail.css';

/** What every connection of the index has. */
export interface Connection<Row> {
  readonly totalCount: string;
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
}

export type Column<Row> = ColumnType<Row> & { readonly key: string };

interface Props<Answer, Row> {
  /** What the table is of, for who cannot see it. */
  readonly label: string;
  readonly query: UseQueryResult<Answer, Error>;
  readonly pick: (answer: Answer) => Connection<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly at: PageAt;
  readonly turn: (to: PageAt) => void;
  /** Whether rows are left out by a filter. */
  readonly isFiltered?: boolean;
  /** What is said where there are none, and no filter. */
  readonly empty?: string;
}

/** A page of a list, with the way to the others. */
export function ConnectionTable<Answer, Row extends object>(props: Props<Answer, Row>) {
  const t = useTexts(texts);
  const { query, at } = props;
  const connection = query.data === undefined ? undefined : props.pick(query.data);
  if (query.isError && connection === undefined) {
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  }
  const isLoading = query.isPending || query.isPlaceholderData;
  return (
    <div>
      <Table<Row>
        size="small"
        aria-label={props.label}
        columns={[...props.columns]}
        dataSource={connection === undefined ? [] : [...connection.nodes]}
        rowKey={props.rowKey}
        pagination={false}
        loading={{ spinning: isLoading, delay: 200 }}
        scroll={{ x: 'max-content' }}
        locale={{
          emptyText: isLoading ? (
            <div style={{ height: 120 }} />
          ) : (
            <Empty text={props.isFiltered === true ? t('emptyFiltered') : (props.empty ?? t('empty'))} />
          ),
        }}
      />
      {connection === undefined ? null : <Pager connection={connection} at={at} turn={props.turn} />}
    </div>
  );
}

function Pager(props: { connection: Connection<object>; at: PageAt; turn: (to: PageAt) => void }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { connection, at, turn } = props;
  const pages = around(at, connection.pageInfo);
  const step = (to: PageAt | undefined, label: string, icon: React.ReactNode) => (
    <Button
      size="small"
      icon={icon}
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => {
        if (to !== undefined) turn(to);
      }}
    />
  );
  return (
    <nav className="x-pager" aria-label={t('rows', { count: connection.totalCount })}>
      <span className="x-quiet numbers">{t('rows', { count: f.count(connection.totalCount) })}</span>
      <span className="x-row">
        {step(pages.first, t('firstPage'), <Icon of={DoubleLeftOutlined} />)}
        {step(pages.previous, t('previousPage'), <Icon of={LeftOutlined} />)}
        {step(pages.next, t('nextPage'), <Icon of={RightOutlined} />)}
        {step(pages.last, t('lastPage'), <Icon of={DoubleRightOutlined} />)}
        <Select
          size="small"
          aria-label={t('perPage', { count: '' })}
          value={at.size ?? usualSize}
          options={sizes.map((size) => ({ value: size, label: t('perPage', { count: size }) }))}
          onChange={(size) => turn(size === usualSize ? {} : { size })}
        />
      </span>
    </nav>
  );
}
