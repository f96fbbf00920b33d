import { DownloadOutlined, InboxOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Card, Upload } from 'antd';
import { useEffect, useState } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { LONGEST } from '../../../proof';
import { Failed } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import { StateTag } from '../../../ui/StateTag';
import { Ask } from './Ask';
import { fetchProof, fileName } from './fetch';
import type { Loaded } from './state';
import type { Subject } from './subject';
import { texts } from './texts';

interface Props {
  /** What the address names. */
  readonly subject: Subject | null;
  readonly loaded: Loaded | null;
  readonly load: (loaded: Loaded | null) => void;
}

/** Where the proof comes from: the index, or a file. */
export function Source(props: Props) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const other = () => {
    props.load(null);
    void navigate({ to: '/explorer/verify', search: {} });
  };
  return (
    <Card size="small">
      {props.subject !== null ? (
        <OfIndex
          key={`${props.subject.kind} ${props.subject.id}`}
          {...props}
          subject={props.subject}
          other={other}
        />
      ) : props.loaded !== null ? (
        <Here loaded={props.loaded} other={other} text={t} />
      ) : (
        <div className="x-columns">
          <Drop load={props.load} />
          <Ask />
        </div>
      )}
    </Card>
  );
}

function OfIndex(props: Props & { subject: Subject; other: () => void }) {
  const t = useTexts(texts);
  const { subject, loaded, load } = props;
  const query = useQuery({
    queryKey: ['proof', subject.kind, subject.id],
    queryFn: ({ signal }) => fetchProof(subject, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
  const { data } = query;
  useEffect(() => {
    load(data == null ? null : { name: fileName(subject), text: new TextEncoder().encode(data) });
  }, [data, subject, load]);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (data === null)
    return <Alert type="warning" showIcon title={t('noProof')} action={<Other to={props.other} />} />;
  if (loaded === null) return <StateTag tone="busy" text={t('fetching')} />;
  return <Here loaded={loaded} subject={subject} other={props.other} text={t} />;
}

function Other({ to }: { to: () => void }) {
  const t = useTexts(texts);
  return <Button onClick={to}>{t('other')}</Button>;
}

function Here(props: {
  loaded: Loaded;
  subject?: Subject;
  other: () => void;
  text: ReturnType<typeof useTexts<typeof texts.en>>;
}) {
  const f = useFormat();
  const { loaded, subject, text: t } = props;
  const bytes = f.bytes(loaded.text.length);
  const titles = { ride: 'ofRide', vehicle: 'ofVehicle', anchor: 'ofAnchor' } as const;
  return (
    <div className="x-row x-spread">
      <div>
        <strong>
          {subject === undefined
            ? t('ofFile', { name: loaded.name, bytes })
            : t(titles[subject.kind], { id: subject.id })}
        </strong>
        {subject === undefined ? null : <div className="x-quiet">{t('fetched', { bytes })}</div>}
      </div>
      <span className="x-row">
        <Button icon={<Icon of={DownloadOutlined} />} onClick={() => save(loaded)}>
          {t('download')}
        </Button>
        <Other to={props.other} />
      </span>
    </div>
  );
}

/** Saves the bytes as they came: one blank more, and the proof would not verify. */
function save({ name, text }: Loaded): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(text)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function Drop({ load }: Pick<Props, 'load'>) {
  const t = useTexts(texts);
  const f = useFormat();
  const [tooLarge, setTooLarge] = useState<number>();
  const take = async (file: File) => {
    if (file.size > LONGEST) {
      setTooLarge(file.size);
      return;
    }
    setTooLarge(undefined);
    load({ name: file.name, text: new Uint8Array(await file.arrayBuffer()) });
  };
  return (
    <div className="x-stack">
      <Upload.Dragger
        accept=".json,application/json"
        multiple={false}
        showUploadList={false}
        beforeUpload={(file) => {
          void take(file);
          return false;
        }}
      >
        <p className="ant-upload-drag-icon">
          <Icon of={InboxOutlined} />
        </p>
        <p className="ant-upload-text">{t('drop')}</p>
        <p className="ant-upload-hint">{t('dropHint')}</p>
      </Upload.Dragger>
      {tooLarge === undefined ? null : (
        <Alert type="error" showIcon title={t('tooLarge', { bytes: f.bytes(tooLarge) })} />
      )}
    </div>
  );
}
