import { Table, type TableProps } from 'antd';
import { useEffect, useRef } from 'react';

/** A table without links: where it is wider than the page, the keyboard reaches it and moves it sideways. */
export function DataTable<Row>(props: TableProps<Row>) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector('.ant-table-content')?.setAttribute('tabindex', '0');
  });
  return (
    <div ref={place}>
      <Table<Row> {...props} />
    </div>
  );
}
