import { Input, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { uiTexts } from './texts';
import './page.css';

/** The filters of a list, in a line. */
export function Filters(props: { children: ReactNode }) {
  const t = useTexts(uiTexts);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame around filters that stand in a line.
    <div className="filters" role="group" aria-label={t('filters')}>
      {props.children}
    </div>
  );
}

/** One of some; all where nothing is chosen. */
export function Choice<V extends string>(props: {
  label: string;
  value: V | undefined;
  options: ReadonlyArray<{ readonly value: V; readonly label: string }>;
  choose: (value: V | undefined) => void;
  width?: number;
  isLoading?: boolean;
}) {
  const t = useTexts(uiTexts);
  return (
    <Select<V>
      aria-label={props.label}
      placeholder={`${props.label}: ${t('all')}`}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={props.isLoading === true}
      style={{ width: props.width ?? 180, maxWidth: '100%' }}
      value={props.value ?? null}
      options={[...props.options]}
      onChange={(value) => props.choose(value ?? undefined)}
      popupMatchSelectWidth={false}
    />
  );
}

/** A text that is looked for when it was typed. */
export function Typed(props: {
  label: string;
  value: string | undefined;
  choose: (value: string | undefined) => void;
  width?: number;
}) {
  const { choose } = props;
  const [typed, setTyped] = useState(props.value ?? '');
  useEffect(() => setTyped(props.value ?? ''), [props.value]);
  const look = () => {
    const text = typed.trim();
    if (text !== (props.value ?? '')) choose(text === '' ? undefined : text);
  };
  return (
    <Input
      aria-label={props.label}
      placeholder={props.label}
      allowClear
      maxLength={100}
      style={{ width: props.width ?? 220, maxWidth: '100%' }}
      value={typed}
      onChange={(change) => {
        setTyped(change.target.value);
        if (change.target.value === '' && props.value !== undefined) choose(undefined);
      }}
      onPressEnter={look}
      onBlur={look}
    />
  );
}
