// What is shown instead of content: while it is loaded, when there is none, and when it failed.
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ApiError } from '../api/errors';
import { explain } from '../api/explain';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { uiTexts } from './texts';
import './page.css';

/** A place that is empty: a sentence, and what to do. */
export function Empty(props: { text?: string; action?: ReactNode }) {
  const t = useTexts(uiTexts);
  return (
    <div className="said">
      <svg className="said-icon" viewBox="0 0 56 56" aria-hidden="true" fill="none" stroke="currentColor">
        <path d="M8 34l8-18h24l8 18v10a3 3 0 0 1-3 3H11a3 3 0 0 1-3-3z" strokeWidth="2" />
        <path d="M8 34h12l3 5h10l3-5h12" strokeWidth="2" />
      </svg>
      <p>{props.text ?? t('nothing')}</p>
      {props.action}
    </div>
  );
}

/** What went wrong, in a sentence, what to do, and a button that tries again. */
export function Failed(props: { error: unknown; retry?: (() => void) | undefined; compact?: boolean }) {
  // `explain` speaks the language of now.
  useLanguage();
  const t = useTexts(uiTexts);
  const { title, remedy, detail } = explain(props.error);
  const loggedOut = props.error instanceof ApiError && props.error.endsSession;
  return (
    <div className="said" role="alert">
      {props.compact === true ? null : (
        <svg className="said-icon" viewBox="0 0 56 56" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M28 9l21 37H7z" strokeWidth="2" strokeLinejoin="round" />
          <path d="M28 23v11m0 5v1" strokeWidth="2.5" strokeLinecap="round" />
        </svg>
      )}
      <strong>{title}</strong>
      <p>{remedy}</p>
      <div className="said-actions">
        {loggedOut ? (
          <Link to="/login" search={{ from: window.location.pathname + window.location.search }}>
            <Button type="primary">{t('logIn')}</Button>
          </Link>
        ) : props.retry === undefined ? null : (
          <Button onClick={props.retry}>{t('retry')}</Button>
        )}
      </div>
      {detail === undefined ? null : (
        <details>
          <summary>{t('details')}</summary>
          <p>{detail}</p>
        </details>
      )}
    </div>
  );
}

/** Grey lines in the place of content that is loaded. */
export function Loading(props: { rows?: number }) {
  const t = useTexts(uiTexts);
  return (
    <div aria-busy="true" aria-label={t('loading')} role="status">
      <Skeleton active title={false} paragraph={{ rows: props.rows ?? 4 }} />
    </div>
  );
}

/**
 * What was asked for: grey lines, what went wrong, a sentence where it is empty, or the content. What is there already
 * stays while it is asked for again.
 */
export function Answered<T>(props: {
  query: Pick<UseQueryResult<T, Error>, 'data' | 'error' | 'isPending' | 'refetch'>;
  children: (data: T) => ReactNode;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  rows?: number;
}) {
  const { data, error, refetch } = props.query;
  if (data !== undefined) {
    if (props.isEmpty?.(data) === true) return props.empty ?? <Empty />;
    return props.children(data);
  }
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  return <Loading rows={props.rows ?? 4} />;
}
