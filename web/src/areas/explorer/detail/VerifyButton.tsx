import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { Icon } from '../../../ui/Icon';
import { texts } from '../texts';
import type { SubjectSearch } from '../verify/subject';

/** Leads to where the browser checks the proof of this thing. */
export function VerifyButton(props: { subject: SubjectSearch }) {
  const t = useTexts(texts);
  return (
    <Link to="/explorer/verify" search={props.subject}>
      <Button type="primary" icon={<Icon of={SafetyCertificateOutlined} />} tabIndex={-1}>
        {t('verify')}
      </Button>
    </Link>
  );
}
