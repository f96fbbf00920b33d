import { DownloadOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button, Card, Tabs } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { StandingTag } from '../../../ui/Standing';
import { AsOf, AsOfNote } from '../detail/AsOf';
import { NotThere } from '../detail/NotThere';
import { useChange } from '../list/useTurn';
import { texts as words } from '../texts';
import { CompanyAllowance } from './CompanyAllowance';
import { CompanyLists } from './CompanyLists';
import { CompanyOverview } from './CompanyOverview';
import { CompanyPapers } from './CompanyPapers';
import { CompanyRoles } from './CompanyRoles';
import { CompanyTreasury } from './CompanyTreasury';
import { companyQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/companies/$company');

export function CompanyPage() {
  const w = useTexts(words);
  const { company: id } = route.useParams();
  const isId = /^\d{1,10}$/.test(id);
  return isId ? <One id={id} /> : <NotThere what={w('companyNumber', { id })} newest={undefined} />;
}

function One({ id }: { id: string }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { at, tab } = route.useSearch();
  const change = useChange();
  const choose = (block: number | undefined) => change({ at: block });
  const height = at === undefined ? null : { number: at };
  const query = useAsk(companyQuery, { id, company: Number(id), at: height }, { keepPrevious: true });
  return (
    <Answered query={query} rows={8}>
      {(answer) => {
        const { company, _meta } = answer;
        const newest = _meta?.block?.number;
        if (company === null && at === undefined)
          return <NotThere what={w('companyNumber', { id })} newest={newest} />;
        return (
          <Page
            title={company?.name ?? w('companyNumber', { id })}
            tags={company === null ? null : <StandingTag of={company} past={at !== undefined} />}
            extra={
              <>
                <AsOf key={at} at={at} newest={newest} choose={choose} />
                <Link to="/explorer/downloads" search={{ table: 'batches', company: Number(id) }}>
                  <Button icon={<Icon of={DownloadOutlined} />} tabIndex={-1}>
                    {t('exportBatches')}
                  </Button>
                </Link>
              </>
            }
          >
            <AsOfNote at={at} choose={choose} />
            {company === null ? (
              <Alert type="warning" showIcon title={t('notYet', { block: at ?? 0 })} />
            ) : null}
            {company === null ? null : (
              <Card size="small">
                <Tabs
                  activeKey={tab ?? 'overview'}
                  destroyOnHidden
                  onChange={(key) => change({ tab: key === 'overview' ? undefined : key, size: undefined })}
                  items={[
                    {
                      key: 'overview',
                      label: t('overview'),
                      children: (
                        <CompanyOverview company={company} answer={answer} isNow={at === undefined} />
                      ),
                    },
                    {
                      key: 'roles',
                      label: t('rolesTab'),
                      children: <CompanyRoles company={Number(id)} at={height} />,
                    },
                    {
                      key: 'papers',
                      label: w('papers'),
                      children: <CompanyPapers company={Number(id)} at={height} />,
                    },
                    ...(company.treasury === null
                      ? []
                      : [
                          {
                            key: 'treasury',
                            label: t('treasury'),
                            children: <CompanyTreasury account={company.treasury} isNow={at === undefined} />,
                          },
                        ]),
                    {
                      key: 'nodes',
                      label: w('nodes'),
                      children: <CompanyLists id={id} of="nodes" at={height} />,
                    },
                    {
                      key: 'allowance',
                      label: w('allowance'),
                      children: <CompanyAllowance company={Number(id)} at={height} />,
                    },
                    {
                      key: 'vehicles',
                      label: w('vehicles'),
                      children: <CompanyLists id={id} of="vehicles" at={height} />,
                    },
                    {
                      key: 'drivers',
                      label: w('drivers'),
                      children: <CompanyLists id={id} of="drivers" at={height} />,
                    },
                    {
                      key: 'tariffs',
                      label: w('tariffs'),
                      children: <CompanyLists id={id} of="tariffs" at={height} />,
                    },
                    {
                      key: 'batches',
                      label: w('batches'),
                      children: <CompanyLists id={id} of="batches" at={height} />,
                    },
                    {
                      key: 'anchors',
                      label: w('anchors'),
                      children: <CompanyLists id={id} of="anchors" at={height} />,
                    },
                  ]}
                />
              </Card>
            )}
          </Page>
        );
      }}
    </Answered>
  );
}
