import { Alert, Button, Form, Input, Space, Typography } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../i18n/useTexts';
import type { KeyFile } from '../keystore/file';
import { newPhrase } from '../keystore/phrase';
import { openWallet } from '../shared';
import { walletTexts } from '../texts';
import { PasswordFields } from './PasswordFields';
import { ProblemAlert } from './ProblemAlert';

interface Chosen {
  name: string;
  password: string;
}

/** Words that are asked for after they were shown. */
const ASKED = 3;

/** Makes a key: name and password, twelve words, proof that they were written down. */
export function NewKey(props: { done: (file: KeyFile) => void; back: () => void }) {
  const [chosen, setChosen] = useState<Chosen>();
  const [phrase] = useState(newPhrase);
  const [written, setWritten] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const make = async ({ name, password }: Chosen) => {
    setBusy(true);
    setError(undefined);
    try {
      const { keystore } = await openWallet();
      props.done(await keystore.add(phrase, '', name, password));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Space orientation="vertical" size="middle" className="wallet-stack">
      {error === undefined ? null : <ProblemAlert error={error} />}
      {!chosen ? <Choose done={setChosen} back={props.back} /> : null}
      {chosen && !written ? <Words phrase={phrase} done={() => setWritten(true)} /> : null}
      {chosen && written ? (
        <Quiz phrase={phrase} busy={busy} done={() => void make(chosen)} back={() => setWritten(false)} />
      ) : null}
    </Space>
  );
}

function Choose(props: { done: (chosen: Chosen) => void; back: () => void }) {
  const t = useTexts(walletTexts);
  return (
    <Form<Chosen> layout="vertical" requiredMark={false} onFinish={props.done}>
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameHint')}
        rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}
      >
        <Input maxLength={40} autoFocus autoComplete="off" />
      </Form.Item>
      <PasswordFields />
      <Space>
        <Button onClick={props.back}>{t('back')}</Button>
        <Button type="primary" htmlType="submit">
          {t('next')}
        </Button>
      </Space>
    </Form>
  );
}

function Words(props: { phrase: string; done: () => void }) {
  const t = useTexts(walletTexts);
  return (
    <Space orientation="vertical" size="middle" className="wallet-stack">
      <Typography.Title level={3} className="wallet-title">
        {t('phraseTitle')}
      </Typography.Title>
      <Alert type="warning" showIcon title={t('phraseLead')} />
      <ol className="wallet-words" translate="no">
        {props.phrase.split(' ').map((word, at) => (
          // The same word may come twice.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what tells them apart.
          <li key={at}>{word}</li>
        ))}
      </ol>
      <Button type="primary" onClick={props.done}>
        {t('phraseWritten')}
      </Button>
    </Space>
  );
}

function Quiz(props: { phrase: string; busy: boolean; done: () => void; back: () => void }) {
  const t = useTexts(walletTexts);
  const words = props.phrase.split(' ');
  const [asked] = useState(() => placesToAsk(words.length));
  return (
    <Form layout="vertical" requiredMark={false} onFinish={props.done}>
      <Typography.Title level={3} className="wallet-title">
        {t('quizTitle')}
      </Typography.Title>
      {asked.map((place) => (
        <Form.Item
          key={place}
          name={`word${place}`}
          label={t('quizWord', { number: String(place + 1) })}
          validateTrigger="onBlur"
          rules={[
            {
              validator: async (_, value: string | undefined) => {
                if ((value ?? '').trim().toLowerCase() === words[place]) return;
                throw new Error(t('quizWrong', { number: String(place + 1) }));
              },
            },
          ]}
        >
          <Input autoComplete="off" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
      ))}
      <Space>
        <Button onClick={props.back} disabled={props.busy}>
          {t('back')}
        </Button>
        <Button type="primary" htmlType="submit" loading={props.busy}>
          {props.busy ? t('making') : t('makeKey')}
        </Button>
      </Space>
    </Form>
  );
}

/** Different places, in their order. */
function placesToAsk(count: number): number[] {
  const places = new Set<number>();
  while (places.size < ASKED) places.add((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % count);
  return [...places].sort((a, b) => a - b);
}
