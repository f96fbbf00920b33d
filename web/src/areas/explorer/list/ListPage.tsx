import { Card } from 'antd';
import type { ReactNode } from 'react';
import { Page } from '../../../ui/Page';

/** A page that is a list, with its filters. */
export function ListPage(props: {
  title: string;
  lead?: string;
  extra?: ReactNode;
  filters?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Page
      title={props.title}
      {...(props.lead === undefined ? {} : { lead: props.lead })}
      {...(props.extra === undefined ? {} : { extra: props.extra })}
    >
      <Card size="small">
        {props.filters}
        {props.children}
      </Card>
    </Page>
  );
}
