import { BellOutlined } from '@ant-design/icons';
import { useCall, useSession } from '../../../api/hooks';
import { Icon } from '../../../ui/Icon';

/** The bell of the menu, with a mark while there are messages that were not read. */
export function InboxIcon() {
  const driver = useSession()?.driver !== undefined;
  const inbox = useCall('inbox_list', { limit: 1 }, { enabled: driver, refetchInterval: 60_000 });
  const unread = driver && (inbox.data?.unread ?? 0) > 0;
  return (
    <span style={{ position: 'relative', display: 'inline-flex' }}>
      <Icon of={BellOutlined} />
      {unread ? (
        <span
          aria-hidden="true"
          style={{
            position: 'absolute',
            top: -2,
            right: -3,
            width: 8,
            height: 8,
            borderRadius: '50%',
            background: 'var(--bad)',
          }}
        />
      ) : null}
    </span>
  );
}
