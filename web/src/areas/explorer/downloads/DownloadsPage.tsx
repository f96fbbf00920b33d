import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { Section } from '../detail/Section';
import { Choose } from './Choose';
import { ExportRefused, signerOf } from './exporting';
import { HowToCheck } from './HowToCheck';
import { Making } from './Making';
import type { ExportRequest } from './request';
import { texts } from './texts';

const route = getRouteApi('/explorer/downloads');

export function DownloadsPage() {
  const t = useTexts(texts);
  const search = route.useSearch();
  const [request, setRequest] = useState<ExportRequest | null>(null);
  const { index } = portal();
  const signer = useQuery({
    queryKey: ['exports', index],
    queryFn: ({ signal }) => signerOf(index, signal),
    staleTime: 60_000,
    retry: false,
  });
  const isOffered = signer.data !== undefined;
  return (
    <Page title={t('title')} lead={t('lead')}>
      {signer.isPending ? <Loading rows={6} /> : null}
      {signer.isError ? <NotOffered error={signer.error} retry={() => void signer.refetch()} /> : null}
      {isOffered ? (
        <div className="x-columns">
          <Section title={t('what')}>
            {request === null ? (
              <Choose first={search} choose={setRequest} />
            ) : (
              <Making request={request} done={() => setRequest(null)} />
            )}
          </Section>
          <HowToCheck signer={signer.data ?? null} />
        </div>
      ) : null}
    </Page>
  );
}

function NotOffered({ error, retry }: { error: Error; retry: () => void }) {
  const t = useTexts(texts);
  if (error instanceof ExportRefused && error.isNotOffered) {
    return <Alert type="info" showIcon title={t('notOffered')} description={t('notOfferedText')} />;
  }
  const detail = error instanceof ExportRefused ? error.message : undefined;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('silent')}
      description={detail}
      action={<Button onClick={retry}>{t('again')}</Button>}
    />
  );
}
