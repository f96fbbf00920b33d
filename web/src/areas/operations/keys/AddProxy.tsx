import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { type ProxyKey, proxyKinds, sayBlocks, sayProxy } from '../../../chain/proxies';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { useMetadata } from '../council/useCouncil';
import { type Draft, type Field, readProxy } from './proxy';
import { texts } from './texts';

const empty: Draft = { delegate: '', kind: undefined, most: '', delay: '' };

/** A key that shall act for an account: which, what it may do, up to how much, and how long that waits. */
export function AddProxy(props: {
  account: string;
  present: readonly ProxyKey[];
  add: (proxy: ProxyKey) => void;
  close: () => void;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const metadata = useMetadata();
  const { account, present, add, close } = props;
  const [draft, change] = useState(empty);
  const [isTried, setTried] = useState(false);
  const { proxy, troubles } = readProxy(draft, account, present);
  const kinds = metadata === undefined ? [] : proxyKinds(metadata);
  const state = (field: Field) => {
    const found = troubles.get(field);
    return found === undefined || (found === 'empty' && !isTried)
      ? {}
      : { validateStatus: 'error' as const, help: t(found) };
  };
  const finish = () => {
    setTried(true);
    if (proxy !== undefined) add(proxy);
  };
  const blocks = proxy?.delay ?? (/^\d{1,9}$/.test(draft.delay.trim()) ? Number(draft.delay) : 0);
  return (
    <Modal
      open
      title={t('addTitle')}
      okText={t('next')}
      cancelText={t('cancel')}
      onCancel={close}
      onOk={finish}
    >
      <Form layout="vertical" requiredMark={false} onFinish={finish}>
        <Form.Item label={t('delegate')} htmlFor="proxy-delegate" {...state('delegate')}>
          <Input
            id="proxy-delegate"
            className="code"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={draft.delegate}
            onChange={({ target }) => change({ ...draft, delegate: target.value })}
          />
        </Form.Item>
        <Form.Item label={t('kind')} htmlFor="proxy-kind" {...state('kind')}>
          <Select
            id="proxy-kind"
            value={draft.kind ?? null}
            options={kinds.map((type) => ({ value: type, label: sayProxy({ type }, language) }))}
            onChange={(kind) => change({ ...draft, kind: kind ?? undefined })}
          />
        </Form.Item>
        {draft.kind === 'Spending' ? (
          <Form.Item label={t('most')} htmlFor="proxy-most" extra={t('aboutLimit')} {...state('most')}>
            <Input
              id="proxy-most"
              inputMode="decimal"
              maxLength={30}
              value={draft.most}
              onChange={({ target }) => change({ ...draft, most: target.value })}
            />
          </Form.Item>
        ) : null}
        <Form.Item
          label={t('delay')}
          htmlFor="proxy-delay"
          extra={blocks === 0 ? t('delayNone') : t('delayHint', { time: sayBlocks(blocks, language) })}
          {...state('delay')}
        >
          <Input
            id="proxy-delay"
            inputMode="numeric"
            maxLength={10}
            value={draft.delay}
            onChange={({ target }) => change({ ...draft, delay: target.value })}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
