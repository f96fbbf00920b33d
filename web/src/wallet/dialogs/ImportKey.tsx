import { UploadOutlined } from '@ant-design/icons';
import { Button, Form, Input, Segmented, Space, Upload } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../i18n/useTexts';
import { Icon } from '../../ui/Icon';
import { type KeyFile, parseKeyFile } from '../keystore/file';
import { openWallet } from '../shared';
import { walletTexts } from '../texts';
import { PasswordFields } from './PasswordFields';
import { ProblemAlert } from './ProblemAlert';

type Way = 'words' | 'file';

/** Brings a key in, by its words or by the file of another wallet. */
export function ImportKey(props: { done: (file: KeyFile) => void; back: () => void }) {
  const t = useTexts(walletTexts);
  const [way, setWay] = useState<Way>('words');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const bring = async (work: () => Promise<KeyFile>) => {
    setBusy(true);
    setError(undefined);
    try {
      props.done(await work());
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Space orientation="vertical" size="middle" className="wallet-stack">
      <Segmented<Way>
        block
        value={way}
        onChange={(next) => {
          setWay(next);
          setError(undefined);
        }}
        options={[
          { value: 'words', label: t('byWords') },
          { value: 'file', label: t('byFile') },
        ]}
      />
      {error === undefined ? null : <ProblemAlert error={error} />}
      {way === 'words' ? (
        <ByWords busy={busy} back={props.back} bring={bring} />
      ) : (
        <ByFile busy={busy} back={props.back} bring={bring} fail={setError} />
      )}
    </Space>
  );
}

interface Part {
  busy: boolean;
  back: () => void;
  bring: (work: () => Promise<KeyFile>) => Promise<void>;
}

function ByWords(props: Part) {
  const t = useTexts(walletTexts);
  return (
    <Form<{ words: string; path?: string; name: string; password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ words, path, name, password }) =>
        void props.bring(async () =>
          (await openWallet()).keystore.add(words, path?.trim() ?? '', name, password),
        )
      }
    >
      <Form.Item
        name="words"
        label={t('words')}
        rules={[{ required: true, message: t('wordsHint') }]}
        extra={t('wordsHint')}
      >
        <Input.TextArea rows={3} autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item name="path" label={t('path')} extra={t('pathHint')}>
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameHint')}
        rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}
      >
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <PasswordFields />
      <Buttons {...props} />
    </Form>
  );
}

function ByFile(props: Part & { fail: (error: unknown) => void }) {
  const t = useTexts(walletTexts);
  const [chosen, setChosen] = useState<{ name: string; text: string }>();
  const read = async (file: File) => {
    try {
      const text = await file.text();
      parseKeyFile(text);
      setChosen({ name: file.name, text });
      props.fail(undefined);
    } catch (error) {
      setChosen(undefined);
      props.fail(error);
    }
  };
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) =>
        void props.bring(async () => (await openWallet()).keystore.import(chosen?.text ?? '', password))
      }
    >
      <Form.Item label={t('file')} extra={t('fileHint')}>
        <Upload
          accept=".json,application/json"
          maxCount={1}
          showUploadList={false}
          beforeUpload={(file) => {
            void read(file);
            return false;
          }}
        >
          <Button icon={<Icon of={UploadOutlined} />}>{chosen?.name ?? t('chooseFile')}</Button>
        </Upload>
      </Form.Item>
      <Form.Item
        name="password"
        label={t('filePassword')}
        rules={[{ required: true, message: t('filePassword') }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Buttons {...props} disabled={!chosen} />
    </Form>
  );
}

function Buttons(props: Pick<Part, 'busy' | 'back'> & { disabled?: boolean }) {
  const t = useTexts(walletTexts);
  return (
    <Space>
      <Button onClick={props.back} disabled={props.busy}>
        {t('back')}
      </Button>
      <Button type="primary" htmlType="submit" loading={props.busy} disabled={props.disabled ?? false}>
        {t('importKey')}
      </Button>
    </Space>
  );
}
