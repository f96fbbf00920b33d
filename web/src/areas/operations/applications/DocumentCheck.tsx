import { Button, Upload } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import type { Hex } from '../../../proof/bytes';
import { StateTag } from '../../../ui/StateTag';
import type { Paper } from './papers';
import { texts } from './texts';
import { useHashing } from './useHashing';

/** Whether a document that somebody was sent is one of these papers. It is hashed here and goes nowhere. */
export function DocumentCheck(props: {
  papers: readonly Paper[];
  shown: Hex | undefined;
  show: (hash: Hex) => void;
}) {
  const t = useTexts(texts);
  const { papers, shown, show } = props;
  const { hash, isBusy } = useHashing();
  const [name, setName] = useState('');
  const take = async (file: File) => {
    const found = await hash(file);
    if (found === undefined) return;
    setName(file.name);
    show(found);
  };
  return (
    <div className="o-row">
      <Upload
        multiple={false}
        showUploadList={false}
        beforeUpload={(file) => {
          void take(file);
          return false;
        }}
      >
        <Button loading={isBusy}>{t('check')}</Button>
      </Upload>
      <span role="status">
        {shown === undefined ? (
          <span className="o-note">{t('checkHint')}</span>
        ) : papers.some((paper) => paper.hash === shown) ? (
          <StateTag tone="good" text={t('isPaper', { name })} />
        ) : (
          <StateTag tone="bad" text={t('noPaper', { name })} />
        )}
      </span>
    </div>
  );
}
