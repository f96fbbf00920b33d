import { Alert } from 'antd';
import { type Problem, problemOf } from '../problem';

/** What went wrong and what to do. */
export function ProblemAlert(props: { error?: unknown; problem?: Problem; type?: 'error' | 'warning' }) {
  const { title, remedy } = props.problem ?? problemOf(props.error);
  return <Alert type={props.type ?? 'error'} showIcon role="alert" title={title} description={remedy} />;
}
