import { useTexts } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { useNow } from '../../../ui/useNow';
import { useWord, Word } from '../detail/State';
import { BlockLink, CompanyLink, PeerId } from '../detail/values';
import type { MachinesQuery } from '../graphql/graphql';
import type { Column } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { type MachineState, stateOf } from './machine';
import { texts } from './texts';

type Row = MachinesQuery['machinesConnection']['nodes'][number];

/** The columns of a list of machines: of all, or of one company. `past`: as of an earlier block. */
export function useMachineColumns(of: 'all' | 'company', past = false): readonly Column<Row>[] {
  const t = useTexts(texts);
  const w = useTexts(words);
  const company: Column<Row> = {
    key: 'company',
    title: w('company'),
    render: (_, row) => <CompanyLink id={row.companyId} />,
  };
  return [
    { key: 'label', title: t('label'), render: (_, row) => row.label },
    { key: 'node', title: t('peerId'), render: (_, row) => <PeerId of={row.node} /> },
    ...(of === 'all' ? [company] : []),
    { key: 'kind', title: t('kind'), render: (_, row) => <Word of="NodeKind" is={row.kind} /> },
    { key: 'state', title: w('status'), render: (_, row) => <MachineTag of={row} past={past} /> },
    {
      key: 'since',
      title: w('since'),
      align: 'right',
      render: (_, row) => <BlockLink number={row.since} />,
      responsive: ['sm'],
    },
  ];
}

const tones: Readonly<Record<MachineState, Tone>> = { registered: 'good', stopped: 'warn', removed: 'plain' };

function MachineTag({ of, past }: { of: Row; past: boolean }) {
  const t = useTexts(texts);
  const word = useWord();
  const now = useNow(60_000);
  const state = stateOf(of, past ? undefined : now);
  const by = of.removal === null ? undefined : word('Removal', of.removal);
  const text = state === 'removed' && by !== undefined ? t('removedBy', { by }) : t(state);
  return (
    <StateTag tone={tones[state]} text={text} {...(state === 'stopped' ? { title: t('stoppedWhy') } : {})} />
  );
}
