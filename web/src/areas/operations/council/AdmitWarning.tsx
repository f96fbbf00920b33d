import { Alert } from 'antd';
import type { DecodedCall } from '../../../chain/metadata';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { attestPath } from '../../../route/paths';
import { PathLink } from '../../../ui/PathLink';
import { admittedBy, missingOf } from '../applications/admission';
import { openApplicationsQuery } from '../applications/queries';
import { texts } from './texts';

/** Of a call that admits an applicant: for what the chain would still refuse it, although the council agreed. */
export function AdmitWarning({ call }: { call: DecodedCall }) {
  const t = useTexts(texts);
  const application = admittedBy(call);
  const { data } = useAsk(
    openApplicationsQuery,
    {},
    { refetchInterval: 15_000, enabled: application !== undefined },
  );
  const found = data?.applications.find(({ id }) => id === String(application));
  const missing = found === undefined ? null : missingOf(found);
  if (found === undefined || missing === null) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t(`lacks_${missing}`)}
      action={<PathLink to={attestPath(found.id)}>{t('toApplication')}</PathLink>}
    />
  );
}
