import { Button, Table } from 'antd';
import type { ReactNode } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { Section } from '../parts/Section';
import type { ChainSettings } from './chainSettings';
import { texts } from './texts';

type Name = 'perSecond' | 'perByte' | 'allowanceMost' | 'allowanceRecovery' | 'maxSeats';

interface Row {
  readonly name: Name;
  readonly value: ReactNode;
  readonly isSet: boolean;
  /** The choice of the page that proposes. */
  readonly propose: string;
}

/** What the council may change without an upgrade. */
export function ByCouncil({ settings }: { settings: ChainSettings }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { perSecond, perByte, allowanceMost, allowanceRecovery, maxSeats } = settings;
  const money = (value: bigint | undefined) =>
    value === undefined ? t('asBuilt') : <Amount value={value} />;
  const rows: readonly Row[] = [
    { name: 'perSecond', value: money(perSecond.value), isSet: perSecond.isSet, propose: 'feePerSecond' },
    { name: 'perByte', value: money(perByte.value), isSet: perByte.isSet, propose: 'feePerByte' },
    ...(
      [
        ['allowanceMost', allowanceMost],
        ['allowanceRecovery', allowanceRecovery],
      ] as const
    ).map(([name, { value, isSet }]) => ({ name, value: money(value), isSet, propose: name })),
    {
      name: 'maxSeats',
      value: maxSeats.value === undefined ? t('asBuilt') : f.count(maxSeats.value),
      isSet: maxSeats.isSet,
      propose: 'maxSeats',
    },
  ];
  return (
    <Section title={t('byCouncil')}>
      <div className="o-stack o-tight">
        <p className="o-none">{t('byCouncilLead')}</p>
        <Table<Row>
          size="small"
          aria-label={t('byCouncil')}
          rowKey="name"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={[...rows]}
          columns={[
            { title: t('parameter'), render: (_, { name }) => t(name) },
            { title: t('value'), render: (_, { value }) => value },
            {
              title: t('state'),
              render: (_, { isSet }) => (
                <StateTag tone={isSet ? 'busy' : 'plain'} text={t(isSet ? 'isSet' : 'isBuilt')} />
              ),
            },
            {
              title: t('where'),
              render: () => <span className="code o-note">runtime/src/configs/parameters.rs</span>,
              responsive: ['lg'],
            },
            {
              key: 'propose',
              render: (_, { propose }) => (
                <PathLink to={`/operations/council/propose?what=${propose}`}>
                  <Button size="small" tabIndex={-1}>
                    {t('change')}
                  </Button>
                </PathLink>
              ),
            },
          ]}
        />
      </div>
    </Section>
  );
}
