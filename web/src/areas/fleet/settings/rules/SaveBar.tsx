import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal } from 'antd';
import { useMemo, useState } from 'react';
import { call } from '../../../../api/call';
import { apiKey, useChange } from '../../../../api/hooks';
import { useTexts } from '../../../../i18n/useTexts';
import { Failed } from '../../../../ui/answers';
import { DataTable } from '../../list/DataTable';
import { texts as words } from '../../texts';
import { changesBetween, type Fault, faultsOf, type RuleChange, type Scope } from './book';
import { classes } from './classes';
import { applied, type Draft, type TypedFault } from './draft';
import type { Path } from './fields';
import { texts } from './texts';
import { useRuleWords } from './words';

type Tree = Readonly<Record<string, unknown>>;

/** What was changed and not saved: how much, what is wrong with it, and the way to save it. */
export function SaveBar(props: { book: Tree; draft: Draft; clear: () => void }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const { book, draft } = props;
  const { book: after, faults: unread } = useMemo(() => applied(book, draft), [book, draft]);
  const faults = useMemo(() => faultsOf(after), [after]);
  const wrong = unread.size + faults.length;
  if (draft.size === 0) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame. */}
      <div className="f-save" role="group" aria-label={t('unsaved')}>
        <span role="status">
          {t('changed', { count: draft.size })} · {t('unsaved')}
          {wrong === 0 ? null : <span className="f-bad"> · {t('faults', { count: wrong })}</span>}
        </span>
        {wrong === 0 ? null : <Wrong unread={unread} faults={faults} />}
        <span className="f-row">
          <Button onClick={props.clear}>{t('discard')}</Button>
          <Button type="primary" disabled={wrong > 0} onClick={() => setOpen(true)}>
            {t('review')}
          </Button>
        </span>
      </div>
      {isOpen && wrong === 0 ? (
        <ConfirmDialog
          before={book}
          after={after}
          close={() => setOpen(false)}
          saved={() => {
            setOpen(false);
            props.clear();
          }}
        />
      ) : null}
    </>
  );
}

/** What has to be mended, also where another class is shown. */
function Wrong(props: { unread: ReadonlyMap<string, TypedFault>; faults: readonly Fault[] }) {
  const t = useTexts(texts);
  const say = useRuleWords();
  const typed = [...props.unread].map(([key, fault]) => {
    const [scope, path] = key.split(' ') as [Scope, Path];
    return { key, text: `${t(scope)} · ${say.name(path)}: ${t(fault)}` };
  });
  const ruled = props.faults.map((fault) => ({
    key: `${fault.path} ${JSON.stringify(fault.why)}`,
    text: `${say.name(fault.path)}: ${say.fault(fault, 'all')}`,
  }));
  return (
    <ul className="f-plain f-wrong">
      {[...typed, ...ruled].slice(0, 5).map(({ key, text }) => (
        <li key={key}>{text}</li>
      ))}
    </ul>
  );
}

/** Shows what changes for whom, and saves it if nobody else saved anything meanwhile. */
function ConfirmDialog(props: { before: Tree; after: Tree; close: () => void; saved: () => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { before, after } = props;
  const changes = useMemo(() => changesBetween(before, after), [before, after]);
  const save = useChange('telemetry_set_rules', ['telemetry_rules']);
  const [isMoved, setMoved] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const confirm = async () => {
    setFailure(null);
    setAsking(true);
    try {
      const now = await call('telemetry_rules', {});
      setMoved(false);
      if (JSON.stringify(now.book) !== JSON.stringify(before)) {
        // Every field keeps what was typed; it is laid over what holds now.
        queries.setQueryData(apiKey('telemetry_rules', {}), now);
        setMoved(true);
        return;
      }
      await save.mutateAsync({ book: after });
      void message.success(t('saved'));
      props.saved();
    } catch (error) {
      setFailure(error);
    } finally {
      setAsking(false);
    }
  };
  return (
    <Modal
      open
      width={720}
      title={t('confirm')}
      okText={w('save')}
      cancelText={w('cancel')}
      confirmLoading={isAsking}
      onCancel={props.close}
      onOk={() => void confirm()}
    >
      <div className="f-stack">
        <p className="f-none">{t('confirmLead')}</p>
        {isMoved ? <Alert type="warning" showIcon title={t('moved')} /> : null}
        {changes.length === 0 ? (
          <Alert type="info" showIcon title={t('sameEffect')} />
        ) : (
          <Changes of={changes} />
        )}
        {failure === null ? null : <Failed error={failure} compact />}
      </div>
    </Modal>
  );
}

function Changes({ of }: { of: readonly RuleChange[] }) {
  const t = useTexts(texts);
  const say = useRuleWords();
  const who = (change: RuleChange) =>
    change.classes.length === classes.length ? t('all') : change.classes.map((one) => t(one)).join(' · ');
  return (
    <DataTable<RuleChange>
      size="small"
      aria-label={t('confirm')}
      rowKey={(row) => `${row.path} ${row.classes.join()}`}
      dataSource={[...of]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          key: 'rule',
          title: t('rule'),
          render: (_, row) => (
            <div className="f-told">
              <div>{say.name(row.path)}</div>
              <div className="f-quiet">
                {say.section(row.path.split('.')[0] as Parameters<typeof say.section>[0])}
              </div>
              <div className="f-quiet">{who(row)}</div>
            </div>
          ),
        },
        {
          key: 'before',
          title: t('before'),
          render: (_, row) => <div className="f-told">{say.value(row.path, row.from)}</div>,
        },
        {
          key: 'after',
          title: t('after'),
          render: (_, row) => (
            <div className="f-told">
              <strong>{say.value(row.path, row.to)}</strong>
            </div>
          ),
        },
      ]}
    />
  );
}
