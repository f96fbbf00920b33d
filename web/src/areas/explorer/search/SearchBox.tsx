import { useNavigate } from '@tanstack/react-router';
import { Input } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';

/** One box for whatever somebody has at hand. */
export function SearchBox(props: { text?: string }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  return (
    <search>
      <Input.Search
        key={props.text ?? ''}
        size="large"
        allowClear
        enterButton={t('search')}
        aria-label={t('searchHint')}
        placeholder={t('searchHint')}
        defaultValue={props.text ?? ''}
        maxLength={200}
        onSearch={(typed) => {
          const text = typed.trim();
          if (text !== '') void navigate({ to: '/explorer/search', search: { q: text } });
        }}
      />
    </search>
  );
}
