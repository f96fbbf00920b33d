import { Button } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Empty } from '../../../ui/answers';
import { texts } from '../texts';
import { useSearchChange } from './useSearchChange';

/** The way through a list of the api, whose pages are known one after the other: back is the browser's own. */
export function CursorPager(props: {
  /** The cursor of the page that is shown. Missing: the first. */
  cursor: string | number | undefined;
  /** That of the next page. Missing: there is none. */
  next: string | number | undefined;
  /** Whether the next page has what is older. */
  byTime?: boolean;
}) {
  const t = useTexts(texts);
  const change = useSearchChange();
  const { cursor, next, byTime = false } = props;
  if (cursor === undefined && next === undefined) return null;
  return (
    <nav className="o-pager" aria-label={t(byTime ? 'older' : 'nextPage')}>
      <Button size="small" disabled={cursor === undefined} onClick={() => change({ cursor: undefined })}>
        {t(byTime ? 'newest' : 'first')}
      </Button>
      <Button size="small" disabled={next === undefined} onClick={() => change({ cursor: next })}>
        {t(byTime ? 'older' : 'nextPage')}
      </Button>
    </nav>
  );
}

/** In the place of a page after the last one: the service cannot tell that a full page is the last. */
export function ListEnd({ byTime = false }: { byTime?: boolean }) {
  const t = useTexts(texts);
  const change = useSearchChange();
  return (
    <Empty
      text={t('listEnds')}
      action={
        <Button onClick={() => change({ cursor: undefined })}>{t(byTime ? 'toNewest' : 'toFirst')}</Button>
      }
    />
  );
}
