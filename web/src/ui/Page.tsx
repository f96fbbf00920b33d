import { type ReactNode, useEffect } from 'react';
import './page.css';

/** A page: its heading, which is also the title of the window, what can be done with it, and its content. */
export function Page(props: {
  title: string;
  /** A sentence below the heading. */
  lead?: ReactNode;
  /** Tags and the like beside the heading. */
  tags?: ReactNode;
  /** Buttons at the right. */
  extra?: ReactNode;
  /** No wider than a text is read well, as for forms. */
  narrow?: boolean;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = props.title === 'SmartLinkDrive' ? props.title : `${props.title} · SmartLinkDrive`;
  }, [props.title]);
  return (
    <div className={props.narrow === true ? 'page page-narrow' : 'page'}>
      <header className="page-head">
        <div className="page-name">
          <h1>{props.title}</h1>
          {props.tags}
        </div>
        {props.extra === undefined ? null : <div className="page-extra">{props.extra}</div>}
        {props.lead === undefined ? null : <div className="page-lead">{props.lead}</div>}
      </header>
      {props.children}
    </div>
  );
}
