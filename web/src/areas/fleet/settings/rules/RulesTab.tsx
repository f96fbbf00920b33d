import { getRouteApi } from '@tanstack/react-router';
import { Alert, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useCall, useMay } from '../../../../api/hooks';
import type { RuleBook } from '../../../../api/methods';
import { useTexts } from '../../../../i18n/useTexts';
import { Answered } from '../../../../ui/answers';
import { Filters, Typed } from '../../../../ui/Filters';
import { useSearchChange } from '../../list/useSearchChange';
import { ByClass } from './ByClass';
import { agreesWith, type Scope } from './book';
import { classes } from './classes';
import { type Draft, tidied } from './draft';
import { RuleForm } from './RuleForm';
import { SaveBar } from './SaveBar';
import { texts } from './texts';

const route = getRouteApi('/fleet/settings');

/** What the company watches, for all vehicles and by class. */
export function RulesTab() {
  const query = useCall('telemetry_rules', {});
  return <Answered query={query}>{(rules) => <Rules of={rules} />}</Answered>;
}

function Rules({ of }: { of: RuleBook }) {
  const t = useTexts(texts);
  const may = useMay('telemetry_set_rules');
  const { class: scope = 'all', view, q } = route.useSearch();
  const change = useSearchChange();
  const [typed, setTyped] = useState<Draft>(new Map());
  const agrees = useMemo(() => agreesWith(of.book, of.effective), [of]);
  // What somebody else saved meanwhile may be the same.
  const draft = useMemo(() => tidied(of.book, typed), [of, typed]);
  const isChange = may && agrees && view !== 'effective';
  return (
    <div className="f-stack">
      <p className="f-none">{t(isChange ? 'lead' : 'effectiveLead')}</p>
      {agrees ? null : <Alert type="warning" showIcon title={t('other')} description={t('otherText')} />}
      {may ? null : <Alert type="info" showIcon title={t('readOnly')} />}
      <Filters>
        {isChange ? <ScopeChoice scope={scope} choose={(value) => change({ class: value })} /> : null}
        {may && agrees ? (
          <Segmented
            aria-label={t('rule')}
            value={isChange ? 'change' : 'effective'}
            options={[
              { value: 'change', label: t('change') },
              { value: 'effective', label: t('effective') },
            ]}
            onChange={(value) => change({ view: value === 'effective' ? value : undefined })}
          />
        ) : null}
        <Typed label={t('find')} value={q} choose={(text) => change({ q: text })} />
      </Filters>
      {isChange ? (
        <>
          <p className="f-none">
            {t(scope === 'all' ? 'scopeAll' : 'scopeClass')}
            {scope === 'bus' || scope === 'dangerous_goods' ? ` ${t('noneOnChain')}` : ''}
          </p>
          <RuleForm
            key={scope}
            book={of.book}
            scope={scope}
            draft={draft}
            find={q}
            enter={(key, entry) => setTyped((before) => new Map(before).set(key, entry))}
          />
          <SaveBar book={of.book} draft={draft} clear={() => setTyped(new Map())} />
        </>
      ) : agrees ? (
        <ByClass book={of.book} find={q} />
      ) : null}
    </div>
  );
}

function ScopeChoice(props: { scope: Scope; choose: (scope: Scope | undefined) => void }) {
  const t = useTexts(texts);
  return (
    <Select<Scope>
      aria-label={t('scope')}
      style={{ width: 180 }}
      value={props.scope}
      options={(['all', ...classes] as const).map((value) => ({ value, label: t(value) }))}
      onChange={(value) => props.choose(value === 'all' ? undefined : value)}
    />
  );
}
