import { FileTextOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Upload } from 'antd';
import { useMemo, useState } from 'react';
import type { Metadata } from '../../../chain/metadata';
import { useTexts } from '../../../i18n/useTexts';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import type { Council } from '../council/chainCouncil';
import { useCouncil, useMetadata } from '../council/useCouncil';
import '../operations.css';
import { FromNode } from '../parts/FromNode';
import { Section } from '../parts/Section';
import { Row } from '../tariffs/Fields';
import { mostFileBytes, readCallFile } from './callFile';
import { Read } from './Read';
import { texts } from './texts';

/** A call that somebody made elsewhere: read in words, then sent, proposed, or agreed to. */
export function CallsPage() {
  const t = useTexts(texts);
  const council = useCouncil();
  const metadata = useMetadata();
  const known = council === undefined || metadata === undefined ? undefined : { council, metadata };
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      narrow
      extra={<PathLink to="/operations/council">{t('council')}</PathLink>}
    >
      <FromNode value={known} rows={6}>
        {(answer) => <Desk {...answer} />}
      </FromNode>
    </Page>
  );
}

function Desk({ council, metadata }: { council: Council; metadata: Metadata }) {
  const t = useTexts(texts);
  const [content, put] = useState<string>();
  const found = useMemo(
    () => (content === undefined || content === '' ? undefined : readCallFile(content, metadata)),
    [content, metadata],
  );
  const trouble = found !== undefined && 'trouble' in found ? t(found.trouble) : undefined;
  return (
    <Form layout="vertical" component="div">
      <div className="o-stack">
        <Section title={t('file')}>
          <Choose content={content ?? ''} put={put} trouble={trouble} />
        </Section>
        {found !== undefined && 'call' in found ? (
          <Read key={content} call={found.call} bytes={found.bytes} council={council} />
        ) : null}
      </div>
    </Form>
  );
}

/** A longer line is not put into a field, where it would stop the browser. */
const mostShown = 200_000;

function Choose(props: { content: string; put: (content: string) => void; trouble: string | undefined }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const { content, put, trouble } = props;
  const [name, setName] = useState<string>();
  const read = async (file: File) => {
    setName(file.name);
    try {
      // Of what is too long the beginning is enough to say so.
      const text = await file.slice(0, mostFileBytes + 1).text();
      // Nothing is there as well.
      put(text === '' ? ' ' : text);
    } catch {
      void message.error(t('unreadable', { name: file.name }));
    }
  };
  return (
    <div className="o-stack o-tight">
      <div className="o-row">
        <Upload
          accept=".call,.txt,text/plain"
          showUploadList={false}
          beforeUpload={(file) => {
            void read(file);
            return false;
          }}
        >
          <Button icon={<Icon of={FileTextOutlined} />}>{t('choose')}</Button>
        </Upload>
        {name === undefined ? null : <span>{name}</span>}
        {content === '' ? null : (
          <Button
            type="link"
            size="small"
            onClick={() => {
              setName(undefined);
              put('');
            }}
          >
            {t('clear')}
          </Button>
        )}
      </div>
      <p className="o-note">{t('chooseHint')}</p>
      <Row label={t('paste')} trouble={trouble}>
        <Input.TextArea
          aria-label={t('paste')}
          className="code"
          spellCheck={false}
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={content.length > mostShown ? `${content.slice(0, 100)}…` : content}
          readOnly={content.length > mostShown}
          onChange={({ target }) => {
            setName(undefined);
            put(target.value);
          }}
        />
      </Row>
    </div>
  );
}
