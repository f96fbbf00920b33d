import { Alert, Modal } from 'antd';
import { useSession } from '../../../../api/hooks';
import { PERMISSIONS } from '../../../../chain/calls/vocabulary';
import { shorten, ss58 } from '../../../../format/ids';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { useNow } from '../../../../ui/useNow';
import { callOf } from '../../../../wallet/requests';
import { texts as words } from '../../texts';
import { useSign } from '../../vehicles/useSign';
import { Consequences } from './Consequences';
import { bitOf, consequences, permissions, type Role, revokeFault } from './role';
import { texts } from './texts';

/** Takes a role away. What the chain would refuse cannot be signed. */
export function RevokeDialog(props: { role: Role; roles: readonly Role[]; me: string; close: () => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const language = useLanguage();
  const sign = useSign();
  const company = useSession()?.company ?? 0;
  const nowS = Math.floor(useNow(10_000) / 1000);
  const { role, roles, me, close } = props;
  const who = ss58(role.account);
  const asked = { roles, signer: me, who: role.account, nowS };
  const fault = revokeFault(asked);
  const may = permissions
    .flatMap((name, bit) =>
      (role.permissions & bitOf(name)) === 0 ? [] : [PERMISSIONS[bit]?.[language] ?? name],
    )
    .join(language === 'zh' ? '、' : ', ');
  return (
    <Modal
      open
      title={t('revokeTitle', { who: shorten(who, 6, 6) })}
      okText={t('sign')}
      okButtonProps={{ disabled: fault !== null }}
      cancelText={w('cancel')}
      onCancel={close}
      onOk={() => {
        close();
        void sign(callOf('Consortium', 'revoke_role', { company, who }));
      }}
    >
      <div className="f-stack f-tight">
        <p className="f-none">{t('revokeText', { may })}</p>
        {fault === null ? (
          <Consequences of={consequences(asked, null)} />
        ) : (
          <Alert type="error" showIcon title={t(fault)} />
        )}
        <Alert type="info" showIcon title={`${w('chainNote')} ${t('portalNote')}`} />
      </div>
    </Modal>
  );
}
