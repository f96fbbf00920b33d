import { beefyHead } from '../../../chain/beefy';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { BlockLink, Hash } from '../detail/values';
import { useNodeAnswer } from '../node/useNode';
import { type NodeSet, setsOf } from '../verify/sets';
import { texts } from './texts';

/** The sets whose signatures Ethereum believes: the present one and the next. */
export function Signers() {
  const t = useTexts(texts);
  const query = useNodeAnswer(['signers'], async (chain) => {
    const head = await beefyHead(chain);
    return { head, sets: head === undefined ? undefined : await setsOf(chain, head.number) };
  });
  return (
    <Answered query={query} rows={4}>
      {({ head, sets }) => (
        <Facts
          facts={[
            [t('signed'), head === undefined ? null : <BlockLink key="signed" number={head.number} />],
            [t('current'), sets === undefined ? null : <SignerSet key="current" of={sets.current} />],
            [t('next'), sets === undefined ? null : <SignerSet key="next" of={sets.next} />],
          ]}
        />
      )}
    </Answered>
  );
}

function SignerSet({ of }: { of: NodeSet }) {
  const t = useTexts(texts);
  return (
    <div>
      <div>{t('set', { number: of.number, validators: of.validators })}</div>
      <Hash of={of.root} whole />
    </div>
  );
}
