import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { ExtrinsicLink, Money, Named, Result, When } from '../detail/values';
import { extrinsicsQuery } from '../extrinsics/queries';
import type { ExtrinsicsQuery } from '../graphql/graphql';
import { type Column, ConnectionTable } from '../list/ConnectionTable';
import { texts as words } from '../texts';
import { texts } from './texts';
import { usePlace } from './usePlace';

type Row = ExtrinsicsQuery['extrinsicsConnection']['nodes'][number];

/** What an account signed. */
export function Signed({ account }: { account: string }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { at, window, turn } = usePlace();
  const query = useAsk(extrinsicsQuery, { where: { signer: account }, ...window }, { keepPrevious: true });
  const columns: readonly Column<Row>[] = [
    { key: 'id', title: w('extrinsic'), render: (_, row) => <ExtrinsicLink id={row.id} /> },
    { key: 'call', title: w('call'), render: (_, row) => <Named pallet={row.pallet} name={row.name} /> },
    {
      key: 'result',
      title: w('result'),
      render: (_, row) => <Result success={row.success} error={row.error} />,
    },
    { key: 'time', title: w('time'), render: (_, row) => <When at={row.time} />, responsive: ['sm'] },
    {
      key: 'fee',
      title: w('fee'),
      align: 'right',
      render: (_, row) => <Money units={row.fee} />,
      responsive: ['sm'],
    },
  ];
  return (
    <ConnectionTable
      label={t('extrinsics')}
      query={query}
      pick={(answer) => answer.extrinsicsConnection}
      columns={columns}
      rowKey={(row) => row.id}
      at={at}
      turn={turn}
    />
  );
}
