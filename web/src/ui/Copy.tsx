import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { Icon } from './Icon';
import { uiTexts } from './texts';

/** A small button that copies the text. */
export function Copy(props: { text: string }) {
  const t = useTexts(uiTexts);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = window.setTimeout(() => setDone(false), 1_500);
    return () => window.clearTimeout(timer);
  }, [done]);
  const label = done ? t('copied') : t('copy');
  return (
    <Button
      className="copy"
      type="text"
      size="small"
      aria-label={label}
      title={label}
      icon={done ? <Icon of={CheckOutlined} /> : <Icon of={CopyOutlined} />}
      onClick={() => {
        navigator.clipboard.writeText(props.text).then(
          () => setDone(true),
          () => {},
        );
      }}
    />
  );
}
