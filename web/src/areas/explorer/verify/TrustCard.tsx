import { Alert, Checkbox, Input, Radio, Space } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { portal } from '../../../portal';
import { trustOf } from '../../../proof';
import { Section } from '../detail/Section';
import { connectedNode } from '../node/useNode';
import { texts } from './texts';

/** Whom the user believes: the connected node, a root that was pasted, or nobody yet. */
export interface Trusted {
  readonly by: 'node' | 'pasted' | 'nobody';
  readonly root: string;
  readonly set: string;
}

export const untyped: Trusted = { by: 'node', root: '', set: '' };

interface Props {
  readonly trusted: Trusted;
  readonly choose: (trusted: Trusted) => void;
  readonly asksContract: boolean;
  readonly askContract: (asks: boolean) => void;
}

export function TrustCard({ trusted, choose, asksContract, askContract }: Props) {
  const t = useTexts(texts);
  const { ethereum } = portal();
  return (
    <Section title={t('trust')}>
      <div className="x-stack">
        <p className="x-quiet v-flush">{t('trustLead')}</p>
        <Radio.Group
          value={trusted.by}
          onChange={(change) => choose({ ...trusted, by: change.target.value })}
          aria-label={t('trust')}
        >
          <Space orientation="vertical">
            <Choice by="node" title={t('byNode')} hint={t('byNodeHint', { node: connectedNode() })} />
            <Choice by="pasted" title={t('byPasted')} hint={t('byPastedHint')} />
            <Choice by="nobody" title={t('byNobody')} hint={t('byNobodyHint')} />
          </Space>
        </Radio.Group>
        {trusted.by === 'pasted' ? <Pasted trusted={trusted} choose={choose} /> : null}
        {ethereum === null ? (
          <p className="x-quiet v-flush">{t('noContract')}</p>
        ) : (
          <Checkbox checked={asksContract} onChange={(change) => askContract(change.target.checked)}>
            {t('askContract')}
            <div className="x-quiet x-break">{t('contractHint', { ...ethereum })}</div>
          </Checkbox>
        )}
      </div>
    </Section>
  );
}

function Choice(props: { by: Trusted['by']; title: string; hint: string }) {
  return (
    <Radio value={props.by}>
      {props.title}
      <div className="x-quiet x-break">{props.hint}</div>
    </Radio>
  );
}

function Pasted({ trusted, choose }: Pick<Props, 'trusted' | 'choose'>) {
  const t = useTexts(texts);
  const isWrong = trusted.root.trim() !== '' && trustOf(trusted.root, trusted.set) === null;
  return (
    <div className="x-stack v-pasted">
      <Input
        aria-label={t('root')}
        placeholder={`${t('root')}: 0x…`}
        maxLength={80}
        {...(isWrong ? { status: 'error' as const } : {})}
        value={trusted.root}
        onChange={(change) => choose({ ...trusted, root: change.target.value })}
      />
      <Input
        aria-label={t('setNumber')}
        placeholder={t('setNumber')}
        maxLength={20}
        value={trusted.set}
        onChange={(change) => choose({ ...trusted, set: change.target.value })}
      />
      {isWrong ? <Alert type="warning" title={t('rootWrong')} /> : null}
    </div>
  );
}
