import { StateTag } from '../../../ui/StateTag';

/** A grade from 0 to 100: from 85 on it is good, below 60 somebody should talk to the driver. */
export function Grade({ of }: { of: number | undefined }) {
  if (of === undefined) return <span className="f-quiet">—</span>;
  return <StateTag tone={of >= 85 ? 'good' : of >= 60 ? 'warn' : 'bad'} text={String(Math.round(of))} />;
}
