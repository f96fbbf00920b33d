// Pages in the place of a page: it is not there, it may not be seen, or it has failed.
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { explain } from '../api/explain';
import { useSession } from '../api/hooks';
import { formatTime } from '../format/times';
import { useTexts } from '../i18n/useTexts';
import { NoPermission } from '../route/access';
import { Page } from '../ui/Page';
import { PathLink } from '../ui/PathLink';
import { uiTexts } from '../ui/texts';
import { rolesInWords } from './roleNames';
import { appTexts } from './texts';

function Said(props: { sign: string; children: ReactNode; actions: ReactNode }) {
  return (
    <div className="said">
      <span className="said-sign" aria-hidden="true">
        {props.sign}
      </span>
      {props.children}
      <div className="said-actions">{props.actions}</div>
    </div>
  );
}

function ToHome() {
  const t = useTexts(appTexts);
  return (
    <PathLink to="/" className="ant-btn-like">
      {t('toHome')}
    </PathLink>
  );
}

export function NotFound() {
  const t = useTexts(appTexts);
  const router = useRouter();
  return (
    <Page title={t('notFoundTitle')}>
      <Said
        sign="404"
        actions={
          <>
            <Button onClick={() => router.history.back()}>{t('back')}</Button>
            <ToHome />
          </>
        }
      >
        <p>{t('notFoundText')}</p>
      </Said>
    </Page>
  );
}

function NoPermissionPage(props: { error: NoPermission }) {
  const t = useTexts(appTexts);
  const who = useSession();
  return (
    <Page title={t('noPermissionTitle')}>
      <Said sign="403" actions={<ToHome />}>
        <p>{t('noPermissionText', { roles: rolesInWords(t, props.error.needed, 'or') })}</p>
        <p>{t('noPermissionHave', { roles: rolesInWords(t, who?.roles ?? []) })}</p>
      </Said>
    </Page>
  );
}

function PageFailed(props: { error: unknown; reload: () => void }) {
  const t = useTexts(appTexts);
  const ui = useTexts(uiTexts);
  const [at] = useState(() => Date.now());
  const { title, remedy, detail } = explain(props.error);
  return (
    <Page title={t('failedTitle')}>
      <Said
        sign="!"
        actions={
          <>
            <Button type="primary" onClick={props.reload}>
              {t('reload')}
            </Button>
            <ToHome />
          </>
        }
      >
        <p>
          {title} {remedy}
        </p>
        <p>{t('failedText', { time: formatTime(at) })}</p>
        {detail === undefined ? null : (
          <details>
            <summary>{ui('details')}</summary>
            <p>{detail}</p>
          </details>
        )}
      </Said>
    </Page>
  );
}

/** What a route shows in the place of a page that threw. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof NoPermission) return <NoPermissionPage error={error} />;
  const reload = () => {
    reset();
    void router.invalidate();
  };
  // A chunk of before the last release is no more: only the page anew brings the new ones.
  return <PageFailed error={error} reload={error instanceof TypeError ? () => location.reload() : reload} />;
}
