import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Progress } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { Loading } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Icon } from '../../../ui/Icon';
import { Hash } from '../detail/values';
import { begin, ExportRefused, type ExportStatus, statusOf } from './exporting';
import type { ExportRequest } from './request';
import { texts } from './texts';

/** An export from the moment it was asked for until its files are fetched. */
export function Making(props: { request: ExportRequest; done: () => void }) {
  const t = useTexts(texts);
  const { index } = portal();
  const begun = useQuery({
    queryKey: ['export', index, props.request],
    queryFn: ({ signal }) => begin(index, props.request, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const address = begun.data;
  const status = useQuery({
    queryKey: ['export status', address],
    queryFn: ({ signal }) => statusOf(address ?? '', signal),
    enabled: address !== undefined,
    gcTime: 0,
    retry: 1,
    refetchInterval: ({ state }) =>
      state.data?.state === 'ready' || state.data?.state === 'failed' ? 30_000 : 1_000,
  });
  const error = begun.error ?? (status.data === undefined ? status.error : null);
  return (
    <div className="x-stack">
      <strong>
        {t(props.request.table)} · {props.request.format === 'csv' ? 'CSV' : 'Parquet'}
      </strong>
      {error === null ? null : <Refused error={error} retry={() => void begun.refetch()} />}
      {error === null && status.data === undefined ? <Loading rows={2} /> : null}
      {status.data === undefined || address === undefined ? null : (
        <State of={status.data} address={address} />
      )}
      <div>
        <Button onClick={props.done}>{t('cancel')}</Button>
      </div>
    </div>
  );
}

function Refused({ error, retry }: { error: Error; retry: () => void }) {
  const t = useTexts(texts);
  if (error instanceof ExportRefused) {
    return (
      <Alert
        type="error"
        showIcon
        title={t('refused')}
        description={error.message}
        action={<Button onClick={retry}>{t('again')}</Button>}
      />
    );
  }
  return (
    <Alert
      type="warning"
      showIcon
      title={t('silent')}
      action={<Button onClick={retry}>{t('again')}</Button>}
    />
  );
}

function State({ of, address }: { of: ExportStatus; address: string }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { rows, all } = of;
  switch (of.state) {
    case 'waiting':
      return <Alert type="info" showIcon title={t('waiting')} />;
    case 'making': {
      const share =
        rows == null || all == null || all === 0 ? 0 : Math.min(99, Math.floor((rows / all) * 100));
      return (
        <div>
          {t('making')}
          <Progress percent={share} />
          {rows == null || all == null ? null : (
            <span className="x-quiet">{t('rowsOf', { rows: f.count(rows), all: f.count(all) })}</span>
          )}
        </div>
      );
    }
    case 'failed':
      return <Alert type="error" showIcon title={t('failed')} description={of.why ?? undefined} />;
    case 'ready':
      return <Ready of={of} address={address} />;
  }
}

function Ready({ of, address }: { of: ExportStatus; address: string }) {
  const t = useTexts(texts);
  const f = useFormat();
  const link = (path: string, label: string, isMain: boolean) => (
    <Button
      type={isMain ? 'primary' : 'default'}
      icon={<Icon of={DownloadOutlined} />}
      href={new URL(path, address).href}
      download
    >
      {label}
    </Button>
  );
  return (
    <div className="x-stack">
      <Alert type="success" showIcon title={t('ready')} description={t('threeFiles')} />
      <div className="x-row">
        {link(of.file, t('file'), true)}
        {link(of.manifest, t('manifest'), false)}
        {of.signature == null ? null : link(of.signature, t('signature'), false)}
      </div>
      <Facts
        facts={[
          [t('rows'), of.rows == null ? null : f.count(of.rows)],
          [t('size'), f.bytes(of.bytes)],
          ['SHA-256', of.sha256 == null ? null : <Hash key="sha" of={of.sha256} whole />],
          [t('kept'), of.kept_s == null ? null : f.duration(of.kept_s * 1000)],
        ]}
      />
    </div>
  );
}
