import { getRouteApi } from '@tanstack/react-router';
import { Form, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Metadata } from '../../../chain/metadata';
import { useTexts } from '../../../i18n/useTexts';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import { useNow } from '../../../ui/useNow';
import { useSearchChange } from '../list/useSearchChange';
import '../operations.css';
import { FromNode } from '../parts/FromNode';
import { Section } from '../parts/Section';
import { ChoiceFields } from './ChoiceFields';
import type { Council } from './chainCouncil';
import { type ChoiceName, choiceNamed, choices, groups, readChoice } from './choices';
import { Proposing } from './Proposing';
import { proposeTexts } from './proposeTexts';
import { useCouncil, useMetadata } from './useCouncil';

const route = getRouteApi('/operations/council/propose');

/** Something for the council to vote on: chosen, filled in, read in words, and proposed by who has a seat. */
export function ProposePage() {
  const t = useTexts(proposeTexts);
  const council = useCouncil();
  const metadata = useMetadata();
  const known = useMemo(
    () => (council === undefined || metadata === undefined ? undefined : { council, metadata }),
    [council, metadata],
  );
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      narrow
      extra={<PathLink to="/operations/council">{t('back')}</PathLink>}
    >
      <FromNode value={known} rows={8}>
        {(answer) => <Editor {...answer} />}
      </FromNode>
    </Page>
  );
}

function Editor({ council, metadata }: { council: Council; metadata: Metadata }) {
  const t = useTexts(proposeTexts);
  const search = route.useSearch();
  const change = useSearchChange();
  const what = choiceNamed(search.what);
  return (
    <Form layout="vertical" component="div">
      <div className="o-stack">
        <Section title={t('what')}>
          <Select<ChoiceName>
            aria-label={t('what')}
            placeholder={t('choose')}
            style={{ width: '100%' }}
            value={what ?? null}
            showSearch={{ optionFilterProp: 'label' }}
            options={groups.map(([group, names]) => ({
              label: t(group),
              title: t(group),
              options: names.map((value) => ({ value, label: t(value) })),
            }))}
            onChange={(value) =>
              change({
                what: value,
                company: undefined,
                application: undefined,
                motion: undefined,
                call: undefined,
              })
            }
          />
        </Section>
        {what === undefined ? null : (
          <Chosen
            key={what}
            what={what}
            council={council}
            metadata={metadata}
            begun={{
              ...(search.company === undefined ? {} : { company: search.company }),
              ...(search.application === undefined ? {} : { application: search.application }),
              ...(search.motion === undefined ? {} : { motion: search.motion }),
              ...(search.call === undefined ? {} : { call: search.call }),
            }}
          />
        )}
      </div>
    </Form>
  );
}

function Chosen(props: {
  what: ChoiceName;
  council: Council;
  metadata: Metadata;
  begun: Readonly<Record<string, string>>;
}) {
  const t = useTexts(proposeTexts);
  const { what, council, metadata } = props;
  const [typed, type] = useState(props.begun);
  const nowMs = useNow(60_000);
  // The council is another object after each block: the call must not be made anew by that.
  const read = useMemo(() => readChoice(what, typed, { metadata, nowMs }), [what, typed, metadata, nowMs]);
  const { fields } = choices[what];
  return (
    <>
      {fields.length === 0 ? null : (
        <Section title={t(what)}>
          <ChoiceFields fields={fields} typed={typed} troubles={read.troubles} type={type} />
        </Section>
      )}
      <Proposing call={read.call} council={council} metadata={metadata} />
    </>
  );
}
