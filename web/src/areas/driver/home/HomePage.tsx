import { useTexts } from '../../../i18n/useTexts';
import { Failed, Loading } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { EndedPanel } from '../ride/EndedPanel';
import { RidePanel } from '../ride/RidePanel';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { DutyPanel } from './DutyPanel';
import { Notices } from './Notices';
import { Today } from './Today';

/** Where a driver works: online and offline, and the ride that is driven. */
export function HomePage() {
  const t = useTexts(texts);
  return (
    <div className="d-home">
      <Page title={t('work')}>
        <Notices />
        <Now />
        <Today />
      </Page>
    </div>
  );
}

/** The one thing to do now. */
function Now() {
  const { feed, failure, ride, ended } = useWork();
  if (failure !== null) return <Failed error={failure} retry={() => window.location.reload()} />;
  if (!feed.ready) return <Loading rows={5} />;
  if (ride !== null) return <RidePanel key={ride.id} order={ride} />;
  if (ended !== null) return <EndedPanel order={ended} />;
  return <DutyPanel />;
}
