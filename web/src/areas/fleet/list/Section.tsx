import { Card } from 'antd';
import type { ReactNode } from 'react';

/** A part of a page under a heading. */
export function Section(props: { title: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <Card
      size="small"
      title={<h2 className="f-heading">{props.title}</h2>}
      {...(props.extra === undefined ? {} : { extra: props.extra })}
    >
      {props.children}
    </Card>
  );
}
