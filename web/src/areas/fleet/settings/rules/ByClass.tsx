import { useMemo } from 'react';
import { useTexts } from '../../../../i18n/useTexts';
import { Empty } from '../../../../ui/answers';
import { DataTable } from '../../list/DataTable';
import { texts as words } from '../../texts';
import { defaultOf, isSame, rulesFor } from './book';
import { classes } from './classes';
import { type Path, pathsOf, type SectionName, sectionNames } from './fields';
import { foundIn } from './RuleForm';
import { texts } from './texts';
import { useRuleWords } from './words';

/** The rules as they hold for each class. */
export function ByClass(props: { book: Readonly<Record<string, unknown>>; find: string | undefined }) {
  const w = useTexts(words);
  const say = useRuleWords();
  const found = foundIn(say, props.find);
  const shown = sectionNames
    .map((section) => ({ section, paths: pathsOf(section).filter((path) => found(section, path)) }))
    .filter(({ paths }) => paths.length > 0);
  if (shown.length === 0) return <Empty text={w('noMatch')} />;
  return (
    <>
      {shown.map(({ section, paths }) => (
        <SectionTable key={section} book={props.book} section={section} paths={paths} />
      ))}
    </>
  );
}

function SectionTable(props: {
  book: Readonly<Record<string, unknown>>;
  section: SectionName;
  paths: readonly Path[];
}) {
  const t = useTexts(texts);
  const say = useRuleWords();
  const { book, section, paths } = props;
  const rules = useMemo(() => new Map(classes.map((of) => [of, rulesFor(book, of)])), [book]);
  return (
    <section className="f-stack f-tight" aria-label={say.section(section)}>
      <h2 className="f-heading">{say.section(section)}</h2>
      <DataTable<{ path: Path }>
        size="small"
        aria-label={say.section(section)}
        rowKey="path"
        dataSource={paths.map((path) => ({ path }))}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            key: 'rule',
            title: t('rule'),
            fixed: 'left',
            width: 180,
            render: (_, { path }) => (
              <div className="f-rule" title={say.why(path)}>
                {say.name(path)}
              </div>
            ),
          },
          ...classes.map((of) => ({
            key: of,
            title: t(of),
            render: (_: unknown, { path }: { path: Path }) => {
              const value = rules.get(of)?.[path] ?? null;
              const isOwn = !isSame(value, defaultOf(of, path));
              return (
                <div className="f-rule">
                  {isOwn ? (
                    <strong className="f-own" title={t('set')}>
                      {say.value(path, value)}
                    </strong>
                  ) : (
                    say.value(path, value)
                  )}
                </div>
              );
            },
          })),
        ]}
      />
    </section>
  );
}
