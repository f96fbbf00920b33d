import { SearchOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { type FormEvent, useRef, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { Icon } from '../ui/Icon';
import { useNarrow } from '../ui/useNarrow';
import { appTexts } from './texts';

/** Leads to the explorer's search. On phones it is a button that leads to the same page. */
export function SearchBox() {
  const t = useTexts(appTexts);
  const navigate = useNavigate();
  const narrow = useNarrow(640);
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const go = (q: string) => void navigate({ to: '/explorer/search' as string, search: { q } });
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    const q = text.trim();
    if (q === '') return;
    go(q);
    setText('');
    input.current?.blur();
  };
  if (narrow)
    return (
      <Button
        type="text"
        className="search-button"
        icon={<Icon of={SearchOutlined} />}
        aria-label={t('searchLabel')}
        onClick={() => go('')}
      />
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of today do not all know <search>.
    <form className="search" role="search" onSubmit={submit}>
      <Icon of={SearchOutlined} />
      <input
        ref={input}
        type="search"
        value={text}
        onChange={(changed) => setText(changed.target.value)}
        placeholder={t('search')}
        aria-label={t('searchLabel')}
        maxLength={120}
        autoComplete="off"
        spellCheck={false}
      />
    </form>
  );
}
