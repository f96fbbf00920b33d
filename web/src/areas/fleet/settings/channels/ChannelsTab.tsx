import { useCall } from '../../../../api/hooks';
import { useTexts } from '../../../../i18n/useTexts';
import { Answered } from '../../../../ui/answers';
import { EmailChannel } from './EmailChannel';
import { texts } from './texts';
import { WebhookChannel } from './WebhookChannel';

/** Where the messages of whoever is logged in go besides the inbox. */
export function ChannelsTab() {
  const t = useTexts(texts);
  const query = useCall('inbox_channels', {});
  return (
    <div className="f-stack">
      <p className="f-none">{t('lead')}</p>
      <Answered query={query}>
        {(set) => (
          <div className="f-columns">
            <EmailChannel key={`email ${set.email ?? ''}`} set={set} />
            <WebhookChannel key={`webhook ${set.webhook_url ?? ''} ${set.webhook_shape ?? ''}`} set={set} />
          </div>
        )}
      </Answered>
    </div>
  );
}
