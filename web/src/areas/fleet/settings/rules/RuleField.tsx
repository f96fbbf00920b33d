import { Form, Input, Select } from 'antd';
import { useId } from 'react';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { alertKinds, useAlertWords } from '../../alerts/alert';
import { useSignalWord } from '../../live/signalTexts';
import { defaultOf, inherited, type Scope } from './book';
import { classes } from './classes';
import type { Entry } from './draft';
import { alarms, fieldOf, type Path } from './fields';
import { texts } from './texts';
import { inUnit, units } from './units';
import { useRuleWords } from './words';

interface Props {
  path: Path;
  scope: Scope;
  /** With what was typed. */
  book: Readonly<Record<string, unknown>>;
  entry: Entry;
  fault: string | undefined;
  enter: (entry: Entry) => void;
}

/** One rule: what it is called, what it means, what holds anyway, and what is set instead. */
export function RuleField(props: Props) {
  const { path, scope, fault } = props;
  const t = useTexts(texts);
  const say = useRuleWords();
  const id = useId();
  const field = fieldOf(path);
  const bounds =
    field.kind === 'number'
      ? t('bounds', {
          least: inUnit(field.least, field.unit),
          most: say.value(path, field.most),
        })
      : '';
  return (
    <Form.Item
      label={say.name(path)}
      htmlFor={id}
      layout="vertical"
      {...(fault === undefined ? {} : { validateStatus: 'error' as const, help: fault })}
      extra={[say.why(path), useDefaultText(path, scope), bounds].filter((text) => text !== '').join(' ')}
      style={{ marginBottom: 0 }}
    >
      <Control {...props} id={id} />
    </Form.Item>
  );
}

/** The default of a class; for all vehicles that of each, where they differ. Choices say theirs themselves. */
function useDefaultText(path: Path, scope: Scope): string {
  const t = useTexts(texts);
  const say = useRuleWords();
  const language = useLanguage();
  if (scope !== 'all') return t('defaultIs', { value: say.value(path, defaultOf(scope, path)) });
  if (fieldOf(path).kind !== 'number') return '';
  const gap = language === 'zh' ? '、' : ', ';
  const values = [...new Set(classes.map((of) => say.value(path, defaultOf(of, path))))];
  if (values.length === 1) return t('defaultIs', { value: values.join() });
  const parts = values.map((value) => {
    const these = classes.filter((of) => say.value(path, defaultOf(of, path)) === value);
    return t('defaultFor', { value, classes: these.map((of) => t(of)).join(gap) });
  });
  return t('defaultIs', { value: parts.join(language === 'zh' ? '；' : '; ') });
}

function Control(props: Props & { id: string }) {
  const { path, scope, book, entry, enter, id } = props;
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useRuleWords();
  const field = fieldOf(path);
  const anyway = inherited(book, scope, path);
  const how = t(scope === 'all' ? 'asDefault' : 'asSaid');
  const anywayText = anyway === null ? t('byClass') : say.value(path, anyway.value);
  const asInherited = t('inheritedIs', { how, value: anywayText });
  if (field.kind === 'number')
    return (
      <Input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        maxLength={24}
        allowClear
        placeholder={anyway === null ? t('byClass') : inUnit(Number(anyway.value), field.unit)}
        suffix={units[field.unit].word[language]}
        value={entry.is === 'typed' ? entry.text : ''}
        onChange={({ target }) =>
          enter(target.value === '' ? { is: 'inherited' } : { is: 'typed', text: target.value })
        }
      />
    );
  if (field.kind === 'switch') {
    const now = entry.is === 'value' ? (entry.value === true ? 'on' : 'off') : 'inherited';
    return (
      <Select
        id={id}
        value={now}
        options={[
          { value: 'inherited', label: asInherited },
          { value: 'on', label: t('on') },
          { value: 'off', label: t('off') },
        ]}
        onChange={(value: string) =>
          enter(value === 'inherited' ? { is: 'inherited' } : { is: 'value', value: value === 'on' })
        }
      />
    );
  }
  if (field.kind === 'range') return <RangeControl {...props} asInherited={asInherited} />;
  return <ListControl {...props} asInherited={asInherited} />;
}

function RangeControl({ id, entry, enter, asInherited }: Props & { id: string; asInherited: string }) {
  const t = useTexts(texts);
  const now = entry.is === 'range' ? 'range' : entry.is === 'value' ? 'none' : 'inherited';
  const choose = (value: string) => {
    if (value === 'range') enter({ is: 'range', low: '', high: '' });
    else enter(value === 'none' ? { is: 'value', value: null } : { is: 'inherited' });
  };
  return (
    <div className="f-stack f-tight">
      <Select
        id={id}
        value={now}
        options={[
          { value: 'inherited', label: asInherited },
          { value: 'none', label: t('noRange') },
          { value: 'range', label: t('range') },
        ]}
        onChange={choose}
      />
      {entry.is === 'range' ? (
        <div className="f-pair">
          {(['low', 'high'] as const).map((end) => (
            <Input
              key={end}
              aria-label={t(end === 'low' ? 'lowest' : 'highest')}
              placeholder={t(end === 'low' ? 'lowest' : 'highest')}
              inputMode="decimal"
              autoComplete="off"
              maxLength={12}
              suffix="°C"
              value={entry[end]}
              onChange={({ target }) => enter({ ...entry, [end]: target.value })}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}

function ListControl(props: Props & { id: string; asInherited: string }) {
  const { id, path, scope, book, entry, enter, asInherited } = props;
  const t = useTexts(texts);
  const signal = useSignalWord();
  const alert = useAlertWords();
  const isAlerts = fieldOf(path).kind === 'alerts';
  const anyway = inherited(book, scope, path)?.value;
  const isOwn = entry.is === 'value';
  const start = Array.isArray(anyway) ? anyway : [];
  const chosen = isOwn && Array.isArray(entry.value) ? entry.value : [];
  const options = (isAlerts ? alertKinds : alarms).map((value) => ({
    value,
    label: isAlerts ? alert.kind(value) : signal(value),
  }));
  return (
    <div className="f-stack f-tight">
      <Select
        id={id}
        value={isOwn ? 'own' : 'inherited'}
        options={[
          { value: 'inherited', label: asInherited },
          { value: 'own', label: t('ownList') },
        ]}
        onChange={(value: string) =>
          enter(value === 'own' ? { is: 'value', value: start } : { is: 'inherited' })
        }
      />
      {isOwn ? (
        <Select<string[]>
          mode="multiple"
          aria-label={t('ownList')}
          placeholder={t('nothing')}
          showSearch={{ optionFilterProp: 'label' }}
          value={[...chosen]}
          options={options}
          onChange={(value) => enter({ is: 'value', value })}
        />
      ) : null}
    </div>
  );
}
