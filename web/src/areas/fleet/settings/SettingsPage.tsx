import '../fleet.css';
import { getRouteApi } from '@tanstack/react-router';
import { Card, Tabs } from 'antd';
import { useMay } from '../../../api/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { Page } from '../../../ui/Page';
import { useSearchChange } from '../list/useSearchChange';
import { CapacitiesTab } from './capacities/CapacitiesTab';
import { ChannelsTab } from './channels/ChannelsTab';
import { MembershipTab } from './membership/MembershipTab';
import { MessagesTab } from './messages/MessagesTab';
import { PeopleTab } from './people/PeopleTab';
import { RulesTab } from './rules/RulesTab';
import { texts } from './texts';

const route = getRouteApi('/fleet/settings');

/** What the company sets, and where one's own messages go. */
export function SettingsPage() {
  const t = useTexts(texts);
  const change = useSearchChange();
  const mayWatch = useMay('telemetry_rules');
  const items = [
    ...(mayWatch
      ? [
          { key: 'rules', label: t('rules'), children: <RulesTab /> },
          { key: 'capacities', label: t('capacities'), children: <CapacitiesTab /> },
        ]
      : []),
    { key: 'people', label: t('people'), children: <PeopleTab /> },
    { key: 'membership', label: t('membership'), children: <MembershipTab /> },
    { key: 'channels', label: t('channels'), children: <ChannelsTab /> },
    { key: 'messages', label: t('messages'), children: <MessagesTab /> },
  ];
  const first = items[0]?.key;
  const { tab } = route.useSearch();
  const shown = items.some(({ key }) => key === tab) ? tab : first;
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card size="small">
        <Tabs
          {...(shown === undefined ? {} : { activeKey: shown })}
          onChange={(key) => change({ tab: key === first ? undefined : key })}
          destroyOnHidden
          items={items}
        />
      </Card>
    </Page>
  );
}
