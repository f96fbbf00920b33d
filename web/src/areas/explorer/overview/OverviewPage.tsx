import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk, useFollowIndex } from '../../../index/hooks';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import type { LiveSubscription } from '../graphql/graphql';
import { ChainFigures } from './ChainFigures';
import { type Followed, followed, heightsOf } from './chain';
import { NewestBatches } from './NewestBatches';
import { NewestBlocks } from './NewestBlocks';
import { liveSubscription, newestQuery, overviewQuery } from './queries';
import { SettledCharts } from './SettledCharts';
import { TotalFigures } from './TotalFigures';
import { texts } from './texts';

type View = LiveSubscription['live'];

export function OverviewPage() {
  const t = useTexts(texts);
  const [view, setView] = useState<Followed<View>>();
  const live = view?.live;
  const failure = useFollowIndex(liveSubscription, {}, (next: LiveSubscription) =>
    setView((before) => followed(before, next.live)),
  );
  const overview = useAsk(overviewQuery, {}, { refetchInterval: 6_000 });
  const newest = useAsk(newestQuery, {}, { refetchInterval: 4_000 });
  const isDeaf = failure !== null || live?.connected === false;
  const taken = live?.retracted?.length ?? 0;
  return (
    <Page title={t('title')}>
      {isDeaf ? (
        <Alert type="warning" showIcon title={t('notHeardTitle')} description={t('notHeard')} />
      ) : null}
      {taken > 0 ? <Alert type="info" showIcon title={t('retracted', { count: taken })} /> : null}
      <ChainFigures heights={heightsOf(isDeaf ? undefined : live)} session={overview.data?.sessions[0]} />
      <TotalFigures overview={overview} />
      <SettledCharts />
      <div className="x-columns">
        <NewestBlocks view={isDeaf ? undefined : view} newest={newest} />
        <NewestBatches newest={newest} />
      </div>
      <Alert
        type="info"
        showIcon
        icon={<Icon of={SafetyCertificateOutlined} />}
        title={t('verifyTitle')}
        description={
          <div className="x-row x-spread">
            <span className="x-grow">{t('verifyText')}</span>
            <Link to="/explorer/verify">
              <Button type="primary" tabIndex={-1}>
                {t('verifyButton')}
              </Button>
            </Link>
          </div>
        }
      />
    </Page>
  );
}
