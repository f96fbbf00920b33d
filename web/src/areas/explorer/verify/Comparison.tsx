import type { UseQueryResult } from '@tanstack/react-query';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { type Held, type Hex, Unanswered, type Verification, words } from '../../../proof';
import { Facts } from '../../../ui/Facts';
import { StateTag } from '../../../ui/StateTag';
import { Section } from '../detail/Section';
import { Hash } from '../detail/values';
import { type NodeSets, withRoot } from './sets';
import { texts } from './texts';
import { setRootOf } from './whole';

/** The set that signed, beside what the node and the contract know. */
export function Comparison(props: {
  verification: Verification;
  sets: UseQueryResult<NodeSets, Error>;
  contract: UseQueryResult<Held, Error>;
  asked: boolean;
}) {
  const t = useTexts(texts);
  const { verification, sets, contract } = props;
  const { bundle } = verification;
  const root = setRootOf(verification);
  if (bundle === null) return null;
  return (
    <Section title={t('compare')}>
      <Facts
        facts={[
          [
            t('inBundle'),
            <div key="bundle">
              <div>
                {t('nodeCurrent', { number: bundle.commitment.set, validators: bundle.validators.length })}
              </div>
              <Hash of={root} whole />
            </div>,
          ],
          // What was refused before has no set to compare.
          [t('nodeSays'), root === undefined ? null : <NodeSays key="node" sets={sets} root={root} />],
          props.asked && root !== undefined
            ? [t('contractSays'), <ContractSays key="contract" contract={contract} root={root} />]
            : ['', null],
        ]}
      />
    </Section>
  );
}

function NodeSays({ sets, root }: { sets: UseQueryResult<NodeSets, Error>; root: Hex | undefined }) {
  const t = useTexts(texts);
  if (sets.isError) return <StateTag tone="warn" text={t('nodeSilent', { why: sets.error.message })} />;
  if (sets.data === undefined) return <StateTag tone="busy" text={t('asking')} />;
  const same = root === undefined ? undefined : withRoot(sets.data, root);
  const shown = same ?? sets.data.current;
  return (
    <div>
      <StateTag
        tone={same === undefined ? 'bad' : 'good'}
        text={t(same === undefined ? 'different' : 'same')}
      />
      <div>{t('nodeCurrent', { number: shown.number, validators: shown.validators })}</div>
      <Hash of={shown.root} whole />
      {sets.data.block === undefined ? <p className="x-quiet">{t('nodeNow')}</p> : null}
    </div>
  );
}

function ContractSays({ contract, root }: { contract: UseQueryResult<Held, Error>; root: Hex | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (contract.isError) {
    const { error } = contract;
    const why = error instanceof Unanswered ? words[language].failure(error.why) : error.message;
    return <StateTag tone="warn" text={why} />;
  }
  if (contract.data === undefined) return <StateTag tone="busy" text={t('asking')} />;
  const { holds, current, next } = contract.data;
  const knows = [current, next].some((set) => set.root === root);
  if (!holds && !knows) return <StateTag tone="bad" text={t('contractNeither')} />;
  const said = holds && knows ? 'contractHolds' : holds ? 'contractHoldsRoot' : 'contractKnowsSet';
  return <StateTag tone="good" text={t(said)} />;
}
