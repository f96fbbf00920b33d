import { Modal } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Copy } from '../../../ui/Copy';
import { deviceTexts } from './texts';

/** A device's key, shown this once. It closes by its button alone: what is gone is gone. */
export function KeyDialog(props: { identity: string; secret: string | undefined; close: () => void }) {
  const t = useTexts(deviceTexts);
  const { identity, secret } = props;
  return (
    <Modal
      open
      title={t('keyTitle', { identity })}
      okText={t(secret === undefined ? 'done' : 'keySaved')}
      cancelButtonProps={{ style: { display: 'none' } }}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      onOk={props.close}
    >
      {secret === undefined ? (
        <p>{t('keyNone')}</p>
      ) : (
        <div className="f-stack">
          <p className="f-none">{t('keyOnce')}</p>
          <div className="f-key f-row f-spread">
            <span className="code">{secret}</span>
            <Copy text={secret} />
          </div>
        </div>
      )}
    </Modal>
  );
}
