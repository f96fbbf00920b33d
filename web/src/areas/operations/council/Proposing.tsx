import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button } from 'antd';
import { useMemo, useState } from 'react';
import type { DecodedCall, Metadata } from '../../../chain/metadata';
import { callHash } from '../../../chain/proxies';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { CallView } from '../../../wallet/CallView';
import { callOf, submit } from '../../../wallet/requests';
import { EncodedCall } from '../acting/EncodedCall';
import { Section } from '../parts/Section';
import { AdmitWarning } from './AdmitWarning';
import type { Council } from './chainCouncil';
import { OwnSeat } from './OwnSeat';
import { powerOf, votesFor } from './powers';
import { proposeTexts } from './proposeTexts';
import { useDescription, useOwnSeats } from './useCouncil';
import { useSeats } from './useSeats';

/** What the council would do, how many votes that takes, and the button that proposes it. */
export function Proposing(props: { call: DecodedCall | undefined; council: Council; metadata: Metadata }) {
  const t = useTexts(proposeTexts);
  const { call, council, metadata } = props;
  const encoded = useMemo(() => (call === undefined ? undefined : encode(metadata, call)), [metadata, call]);
  return (
    <Section title={t('reading')}>
      {call === undefined ? (
        <p className="o-none">{t('nothingYet')}</p>
      ) : encoded === undefined ? (
        <Alert type="error" showIcon title={t('tooHeavy')} />
      ) : (
        <Made call={call} bytes={encoded} council={council} />
      )}
    </Section>
  );
}

function encode(metadata: Metadata, call: DecodedCall): Uint8Array | undefined {
  try {
    return metadata.encodeCall(call);
  } catch {
    return undefined;
  }
}

function Made({ call, bytes, council }: { call: DecodedCall; bytes: Uint8Array; council: Council }) {
  const description = useDescription(call);
  return (
    <div className="o-stack">
      {description ? <CallView description={description} /> : <Loading rows={1} />}
      <Motion call={call} bytes={bytes} council={council} />
    </div>
  );
}

/** How many votes a call takes, and the button that proposes it, or why it cannot be. */
export function Motion({ call, bytes, council }: { call: DecodedCall; bytes: Uint8Array; council: Council }) {
  const t = useTexts(proposeTexts);
  const power = powerOf(call);
  const seats = council.members.length;
  const hash = callHash(bytes);
  const same = council.motions.find((motion) => motion.hash === hash);
  return (
    <>
      {power === undefined ? (
        <Alert type="error" showIcon title={t('noPower')} />
      ) : (
        <p className="o-none">
          {t('needsVotes', { votes: votesFor(power, seats), seats, share: t(power) })}{' '}
          {votesFor(power, seats) < 2 ? t('atOnce') : null}
        </p>
      )}
      <AdmitWarning call={call} />
      {same === undefined ? null : <Alert type="info" showIcon title={t('known', { index: same.index })} />}
      {power === undefined || same !== undefined ? null : (
        <Send call={call} bytes={bytes} council={council} threshold={votesFor(power, seats)} />
      )}
    </>
  );
}

function Send(props: { call: DecodedCall; bytes: Uint8Array; council: Council; threshold: number }) {
  const t = useTexts(proposeTexts);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { call, bytes, council, threshold } = props;
  const own = useOwnSeats(council.members);
  const { nameOf } = useSeats(council.members);
  const [chosen, choose] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  if (own === undefined) return <Loading rows={1} />;
  const seat = own.find(({ address }) => address === chosen) ?? own[0];
  const propose = async () => {
    setBusy(true);
    const proposal = callOf('Council', 'propose', {
      threshold,
      proposal: call,
      length_bound: bytes.length,
    });
    const outcome = await submit(proposal, seat);
    setBusy(false);
    if (outcome.result !== 'done') return;
    void message.success(t('done'));
    void navigate({ to: '/operations/council' });
  };
  return (
    <>
      <OwnSeat to="propose" seats={own} seat={seat} choose={choose} nameOf={nameOf} />
      {seat === undefined ? (
        <div className="o-stack o-tight">
          <p className="o-none">{t('notSeated')}</p>
          <EncodedCall call={call} bytes={bytes} />
        </div>
      ) : (
        <div>
          <Button type="primary" loading={isBusy} onClick={() => void propose()}>
            {t('submit')}
          </Button>
        </div>
      )}
    </>
  );
}
