import { getRouteApi } from '@tanstack/react-router';
import { Checkbox } from 'antd';
import { useCall, useMay } from '../../../api/hooks';
import type { Setting } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered, Empty } from '../../../ui/answers';
import { Filters, Typed } from '../../../ui/Filters';
import { StateTag } from '../../../ui/StateTag';
import { DataTable } from '../list/DataTable';
import { useSearchChange } from '../list/useSearchChange';
import { Section } from '../parts/Section';
import { found, isOwn } from './settings';
import { texts } from './texts';

const route = getRouteApi('/operations/configuration');

/** By which values the company's services run, where each came from, and whether it may change while they do. */
export function ServiceSettings() {
  const t = useTexts(texts);
  const may = useMay('ops_configuration');
  const query = useCall('ops_configuration', {}, { enabled: may });
  return (
    <Section title={t('services')}>
      <div className="o-stack o-tight">
        <p className="o-none">{t(may ? 'servicesLead' : 'servicesRole')}</p>
        {may ? (
          <Answered query={query} rows={8}>
            {({ settings }) => <Settings of={settings} />}
          </Answered>
        ) : null}
      </div>
    </Section>
  );
}

function Settings({ of }: { of: readonly Setting[] }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { key: text, own } = route.useSearch();
  const change = useSearchChange();
  const shown = found(of, { text, own });
  return (
    <>
      <Filters>
        <Typed label={t('keyOrValue')} value={text} choose={(value) => change({ key: value })} />
        <Checkbox
          checked={own === true}
          onChange={({ target }) => change({ own: target.checked ? true : undefined })}
        >
          {t('onlyOwn', { count: f.count(of.filter(isOwn).length) })}
        </Checkbox>
        <span className="o-note">
          {t('shown', { shown: f.count(shown.length), all: f.count(of.length) })}
        </span>
      </Filters>
      <DataTable<Setting>
        size="small"
        aria-label={t('services')}
        rowKey="key"
        pagination={shown.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        dataSource={[...shown]}
        locale={{ emptyText: <Empty text={t('noSettings')} /> }}
        columns={[
          { title: t('key'), render: (_, { key }) => <span className="code">{key}</span> },
          {
            title: t('value'),
            render: (_, { value }) =>
              value == null ? (
                <span className="o-quiet">{t('noValue')}</span>
              ) : (
                <div className="o-told code">{value}</div>
              ),
          },
          {
            title: t('origin'),
            render: (_, setting) =>
              isOwn(setting) ? (
                <div className="o-told">{setting.origin}</div>
              ) : (
                <span className="o-quiet">{t('default')}</span>
              ),
          },
          {
            title: t('who'),
            render: (_, { reloads }) => (
              <StateTag tone={reloads ? 'busy' : 'plain'} text={t(reloads ? 'reloads' : 'restart')} />
            ),
          },
        ]}
      />
    </>
  );
}
