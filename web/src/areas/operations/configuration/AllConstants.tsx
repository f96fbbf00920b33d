import { useMemo } from 'react';
import { NO_NAMES } from '../../../chain/calls/names';
import { line, Shower } from '../../../chain/calls/shown';
import { Words } from '../../../chain/calls/words';
import type { ConstantOfChain, Metadata } from '../../../chain/metadata';
import { useFormat } from '../../../format/useFormat';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { DataTable } from '../list/DataTable';
import { Section } from '../parts/Section';
import { fileOf } from './constants';
import { texts } from './texts';

/** Every constant of the runtime, in the words of its metadata. */
export function AllConstants({ metadata }: { metadata: Metadata }) {
  const t = useTexts(texts);
  const f = useFormat();
  const language = useLanguage();
  const constants = useMemo(() => metadata.constants(), [metadata]);
  const shower = useMemo(() => new Shower(metadata, new Words(language, NO_NAMES)), [metadata, language]);
  return (
    <Section title={t('all')}>
      <div className="o-stack o-tight">
        <p className="o-none">{t('allLead', { count: f.count(constants.length) })}</p>
        <DataTable<ConstantOfChain>
          size="small"
          aria-label={t('all')}
          rowKey={({ pallet, name }) => `${pallet}.${name}`}
          pagination={{ pageSize: 10, size: 'small', showSizeChanger: false }}
          scroll={{ x: 'max-content' }}
          dataSource={constants}
          columns={[
            {
              title: t('constant'),
              render: (_, { pallet, name }) => (
                <span className="code">
                  {pallet}.{name}
                </span>
              ),
            },
            {
              title: t('value'),
              render: (_, { type, value }) => <div className="o-told">{line(shower.value(type, value))}</div>,
            },
            {
              title: t('meaning'),
              render: (_, { docs }) => (
                <div className="o-told o-note" lang="en">
                  {docs.replace(/\s+/g, ' ')}
                </div>
              ),
            },
            {
              title: t('where'),
              render: (_, { pallet }) => <span className="code o-note">{fileOf(pallet) ?? ''}</span>,
              responsive: ['lg'],
            },
          ]}
        />
      </div>
    </Section>
  );
}
