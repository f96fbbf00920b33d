import { DownloadOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { hex } from '../../../chain/calls/words';
import type { DecodedCall } from '../../../chain/metadata';
import { useTexts } from '../../../i18n/useTexts';
import { Copy } from '../../../ui/Copy';
import { Icon } from '../../../ui/Icon';
import { actingTexts } from './texts';

/** A call as people hand it to each other: one line of hexadecimal digits, to copy or to save. */
export function EncodedCall(props: { call: DecodedCall; bytes: Uint8Array }) {
  const t = useTexts(actingTexts);
  const text = hex(props.bytes);
  return (
    <div className="o-stack o-tight">
      <div className="with-copy">
        <Input.TextArea
          aria-label={t('callData')}
          className="code"
          readOnly
          autoSize={{ minRows: 1, maxRows: 6 }}
          value={text}
        />
        <Copy text={text} />
      </div>
      <div>
        <Button
          size="small"
          icon={<Icon of={DownloadOutlined} />}
          onClick={() => save(fileOf(props.call), text)}
        >
          {t('save')}
        </Button>
      </div>
    </div>
  );
}

/** `balances-transfer_keep_alive.call`. */
function fileOf({ type, value }: DecodedCall): string {
  return `${type.toLowerCase()}-${value.type}.call`;
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
