import { Alert, Button, InputNumber, Space } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';

interface Props {
  /** The chosen block; nothing: now. */
  readonly at: number | undefined;
  /** How far the index is. */
  readonly newest: number | undefined;
  readonly choose: (at: number | undefined) => void;
}

/** Chooses a block at whose end the state is shown. */
export function AsOf({ at, newest, choose }: Props) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState<number | null>(at ?? null);
  const isBeyond = typed !== null && newest !== undefined && typed > newest;
  const show = () => {
    if (typed !== null && !isBeyond) choose(typed);
  };
  return (
    <Space.Compact>
      <InputNumber
        prefix={t('asOf')}
        aria-label={t('asOf')}
        min={0}
        precision={0}
        controls={false}
        value={typed}
        placeholder={newest === undefined ? '' : String(newest)}
        {...(isBeyond ? { status: 'error' as const, title: t('beyondIndex', { block: newest }) } : {})}
        onChange={setTyped}
        onPressEnter={show}
        style={{ width: 230 }}
      />
      <Button onClick={show} disabled={typed === null || isBeyond}>
        {t('asOfShow')}
      </Button>
    </Space.Compact>
  );
}

/** Says that an earlier state is shown. */
export function AsOfNote({ at, choose }: Pick<Props, 'at' | 'choose'>) {
  const t = useTexts(texts);
  if (at === undefined) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={t('asOfPast', { block: at })}
      action={
        <Button size="small" onClick={() => choose(undefined)}>
          {t('backToNow')}
        </Button>
      }
    />
  );
}
