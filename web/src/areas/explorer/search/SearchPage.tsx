import { getRouteApi } from '@tanstack/react-router';
import { Card } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered, Empty } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { FoundItem } from './FoundItem';
import { searchQuery } from './queries';
import { SearchBox } from './SearchBox';
import { distinct } from './target';
import { texts } from './texts';
import '../detail/detail.css';

const route = getRouteApi('/explorer/search');

const most = 50;

export function SearchPage() {
  const t = useTexts(texts);
  const { q = '' } = route.useSearch();
  const text = q.trim();
  return (
    <Page title={text === '' ? t('title') : t('results', { text })}>
      <SearchBox text={text} />
      {text === '' ? <Empty text={t('prompt')} /> : <Hits text={text} />}
    </Page>
  );
}

function Hits({ text }: { text: string }) {
  const t = useTexts(texts);
  const query = useAsk(searchQuery, { text, first: most });
  return (
    <Card size="small">
      <Answered
        query={query}
        rows={6}
        isEmpty={({ search }) => search.length === 0}
        empty={<Empty text={t('nothing', { text: text.slice(0, 80) })} action={<p>{t('nothingHint')}</p>} />}
      >
        {({ search }) => (
          <>
            <ul className="x-plain x-hits">
              {distinct(search).map((hit) => (
                <FoundItem key={`${hit.type} ${hit.id}`} hit={hit} />
              ))}
            </ul>
            {search.length === most ? <p className="x-quiet">{t('capped', { count: most })}</p> : null}
          </>
        )}
      </Answered>
    </Card>
  );
}
