// Where a search hit is shown.

export interface Hit {
  /** The name of its type in the index. */
  readonly type: string;
  readonly id: string;
}

/** The path of the page that shows a hit. Nothing: none does, and what it says has to suffice. */
export function targetOf({ type, id }: Hit): string | undefined {
  const [first = '', second = ''] = id.split('-');
  switch (type) {
    case 'Block':
    case 'Checkpoint':
      return `/explorer/blocks/${id}`;
    case 'Extrinsic':
      return `/explorer/extrinsics/${id}`;
    // A call's id is that of its extrinsic, and its place in it.
    case 'Call':
      return `/explorer/extrinsics/${first}-${second}`;
    case 'Event':
    case 'Transfer':
    case 'Withdrawal':
      return `/explorer/events/${id}`;
    case 'Entry':
      return `/explorer/events/${first}-${second}`;
    case 'Company':
      return `/explorer/companies/${id}`;
    case 'Application':
      return `/explorer/applications/${id}`;
    // A paper's id is that of its application, and its place in it.
    case 'Paper':
      return `/explorer/applications/${first}`;
    case 'Machine':
      return `/explorer/nodes?node=${id}`;
    case 'Allowance':
      return `/explorer/companies/${id}?tab=allowance`;
    case 'Draw':
      return `/explorer/accounts/${id}`;
    case 'Role':
      return `/explorer/accounts/${second}`;
    case 'Balance':
    case 'Validator':
      return `/explorer/accounts/${id}`;
    case 'Vehicle':
      return `/explorer/vehicles/${id}`;
    case 'Driver':
      return `/explorer/drivers/${id}`;
    case 'Seat':
      return `/explorer/companies/${first}?tab=drivers`;
    case 'Tariff':
      return `/explorer/tariffs/${id}`;
    case 'Batch':
      return `/explorer/batches/${id}`;
    case 'Share':
      return `/explorer/batches/${first}-${second}`;
    case 'Ride':
      return `/explorer/rides/${id}`;
    case 'Anchor':
      return `/explorer/anchors/${id}`;
    case 'Loss':
      return `/explorer/companies/${first}`;
    case 'Session':
      return '/explorer/validators';
    default:
      return undefined;
  }
}

/** Several hits may lead to one page: the first says it all. */
export function distinct<T extends Hit>(hits: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return hits.filter((hit) => {
    const target = targetOf(hit) ?? `${hit.type} ${hit.id}`;
    if (seen.has(target)) return false;
    seen.add(target);
    return true;
  });
}
