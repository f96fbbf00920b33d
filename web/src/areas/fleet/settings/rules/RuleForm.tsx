import { Collapse } from 'antd';
import { useMemo } from 'react';
import { useTexts } from '../../../../i18n/useTexts';
import { Empty } from '../../../../ui/answers';
import { texts as words } from '../../texts';
import { faultsOf, type Scope, said } from './book';
import { applied, type Draft, draftKey, type Entry, entryOf } from './draft';
import { type Path, pathsOf, type SectionName, sectionNames } from './fields';
import { RuleField } from './RuleField';
import { texts } from './texts';
import { type RuleWords, useRuleWords } from './words';

/** The rules of a scope as fields, by section. */
export function RuleForm(props: {
  book: Readonly<Record<string, unknown>>;
  scope: Scope;
  draft: Draft;
  find: string | undefined;
  enter: (key: string, entry: Entry) => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const say = useRuleWords();
  const { book, scope, draft, enter } = props;
  const { book: changed, faults: unread } = useMemo(() => applied(book, draft), [book, draft]);
  const faults = useMemo(() => faultsOf(changed), [changed]);
  const found = foundIn(say, props.find);
  const faultOf = (path: Path): string | undefined => {
    const typed = unread.get(draftKey(scope, path));
    if (typed !== undefined) return t(typed);
    const concerns = faults.find(
      (fault) => fault.path === path && (scope === 'all' || fault.classes.includes(scope)),
    );
    return concerns === undefined ? undefined : say.fault(concerns, scope);
  };
  const item = (section: SectionName) => {
    const paths = pathsOf(section).filter((path) => found(section, path));
    const count = pathsOf(section).filter((path) => said(changed, scope, path) !== undefined).length;
    const isWrong = paths.some((path) => faultOf(path) !== undefined);
    return {
      key: section,
      label: <h2 className="f-heading">{say.section(section)}</h2>,
      extra: (
        <span className={isWrong ? 'f-bad' : 'f-quiet'}>{count === 0 ? null : t('own', { count })}</span>
      ),
      children: (
        <div className="f-stack">
          <p className="f-none">{say.sectionWhy(section)}</p>
          <div className="f-fields">
            {paths.map((path) => (
              <RuleField
                key={path}
                path={path}
                scope={scope}
                book={changed}
                entry={draft.get(draftKey(scope, path)) ?? entryOf(book, scope, path)}
                fault={faultOf(path)}
                enter={(entry) => enter(draftKey(scope, path), entry)}
              />
            ))}
          </div>
        </div>
      ),
    };
  };
  const shown = sectionNames.filter((section) => pathsOf(section).some((path) => found(section, path)));
  if (shown.length === 0) return <Empty text={w('noMatch')} />;
  return (
    <Collapse
      // What is looked for is open; else the first, so that one sees what there is.
      key={props.find ?? ''}
      defaultActiveKey={props.find === undefined ? shown.slice(0, 1) : [...shown]}
      items={shown.map(item)}
    />
  );
}

/** Whether a rule is looked for: a part of its name, of what it means, or of its section's name. */
export function foundIn(
  say: Pick<RuleWords, 'name' | 'why' | 'section'>,
  find: string | undefined,
): (section: SectionName, path: Path) => boolean {
  const wanted = find?.trim().toLowerCase() ?? '';
  return (section, path) =>
    wanted === '' ||
    [say.name(path), say.why(path), say.section(section), path].some((text) =>
      text.toLowerCase().includes(wanted),
    );
}
