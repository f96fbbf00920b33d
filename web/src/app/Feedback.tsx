import { App as AntApp } from 'antd';
import type { ReactNode } from 'react';

/** `App.useApp()` of antd for the pages: messages, notifications and questions in the theme and language of now. */
export default function Feedback(props: { children: ReactNode }) {
  return <AntApp>{props.children}</AntApp>;
}
