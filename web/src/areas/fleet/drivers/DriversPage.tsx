import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { Card, Tabs } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Page } from '../../../ui/Page';
import { DaysChoice } from '../list/DaysChoice';
import { Tabbed } from '../list/Tabbed';
import { useSearchChange } from '../list/useSearchChange';
import { Enrolled } from './Enrolled';
import { OnDuty } from './OnDuty';
import { Reports } from './Reports';
import { texts } from './texts';

const route = getRouteApi('/fleet/drivers');

/** The company's drivers: now, on the chain, and how they drove. */
export function DriversPage() {
  const t = useTexts(texts);
  const { tab = 'duty', days = 7 } = route.useSearch();
  const change = useSearchChange();
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card size="small">
        <Tabbed beside={tab === 'reports' ? <DaysChoice days={days} /> : null}>
          <Tabs
            activeKey={tab}
            onChange={(key) => change({ tab: key === 'duty' ? undefined : key })}
            destroyOnHidden
            items={[
              { key: 'duty', label: t('duty'), children: <OnDuty /> },
              { key: 'enrolled', label: t('enrolled'), children: <Enrolled /> },
              { key: 'reports', label: t('reports'), children: <Reports days={days} /> },
            ]}
          />
        </Tabbed>
      </Card>
    </Page>
  );
}
