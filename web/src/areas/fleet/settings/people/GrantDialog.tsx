import { Alert, Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useSession } from '../../../../api/hooks';
import { PERMISSIONS } from '../../../../chain/calls/vocabulary';
import { accountHex, isAccount, ss58 } from '../../../../format/ids';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { useNow } from '../../../../ui/useNow';
import { callOf } from '../../../../wallet/requests';
import { texts as words } from '../../texts';
import { localMs, localText } from '../../track/asked';
import { useSign } from '../../vehicles/useSign';
import { Consequences } from './Consequences';
import { bitOf, consequences, covers, type Fault, grantFault, permissions, type Role } from './role';
import { texts } from './texts';

/** Grants a role, or another in the place of the present one. What the chain would refuse cannot be signed. */
export function GrantDialog(props: {
  present: Role | null;
  roles: readonly Role[];
  me: string;
  close: () => void;
}) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const language = useLanguage();
  const sign = useSign();
  const company = useSession()?.company ?? 0;
  const nowS = Math.floor(useNow(10_000) / 1000);
  const { present, roles, me, close } = props;
  const [typed, setTyped] = useState(present === null ? '' : ss58(present.account));
  const [bits, setBits] = useState(present?.permissions ?? 0);
  const [until, setUntil] = useState(present?.expires == null ? '' : localText(present.expires * 1000));
  const [isTried, setTried] = useState(false);

  const own = roles.find(({ account }) => account === me)?.permissions ?? 0;
  const isKnown = isAccount(typed.trim());
  const who = isKnown ? accountHex(typed.trim()) : '';
  const untilMs = until === '' ? null : localMs(until);
  const isUntilBad = until !== '' && untilMs === null;
  const next = { permissions: bits, expires: untilMs === null ? null : Math.floor(untilMs / 1000) };
  const asked = { roles, signer: me, who, nowS };
  const fault = isUntilBad ? null : grantFault(asked, next);
  const isSame =
    present !== null &&
    present.account === who &&
    present.permissions === bits &&
    (present.expires ?? null) === next.expires;
  const at = fault === null ? null : placeOf(fault);
  const shown = (place: 'permits' | 'until' | 'all') =>
    fault !== null && at === place && (isTried || place === 'all') ? t(fault) : undefined;
  const error = (said: string | undefined) =>
    said === undefined ? {} : { validateStatus: 'error' as const, help: said };
  const finish = () => {
    setTried(true);
    if (!isKnown || isUntilBad || fault !== null || isSame) return;
    close();
    void sign(
      callOf('Consortium', 'grant_role', {
        company,
        who: ss58(who),
        permissions: bits,
        expires: next.expires === null ? undefined : BigInt(next.expires),
      }),
    );
  };
  return (
    <Modal
      open
      width={660}
      style={{ top: 24 }}
      title={t(present === null ? 'grant' : 'change')}
      okText={t('sign')}
      okButtonProps={{ disabled: isSame || at === 'all' }}
      cancelText={w('cancel')}
      onCancel={close}
      onOk={finish}
    >
      <Form layout="vertical" requiredMark={false} onFinish={finish}>
        <Form.Item
          label={t('who')}
          htmlFor="grant-who"
          extra={t('whoHint')}
          {...error(isTried && !isKnown ? t('whoBad') : undefined)}
        >
          <Input
            id="grant-who"
            className="code"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            disabled={present !== null}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </Form.Item>
        <Form.Item label={t('permits')} {...error(shown('permits'))}>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame. */}
          <div className="f-stack f-tight" role="group" aria-label={t('permits')}>
            {permissions.map((name, bit) => {
              const isOurs = covers(own, bitOf(name));
              return (
                <Checkbox
                  key={name}
                  checked={(bits & bitOf(name)) !== 0}
                  disabled={!isOurs}
                  onChange={() => setBits(bits ^ bitOf(name))}
                >
                  {PERMISSIONS[bit]?.[language]}
                  <span className="f-small">{isOurs ? t(name) : t('notYours')}</span>
                </Checkbox>
              );
            })}
          </div>
        </Form.Item>
        <Form.Item
          label={t('until')}
          htmlFor="grant-until"
          extra={t('untilHint')}
          {...error(isTried && isUntilBad ? t('untilBad') : shown('until'))}
        >
          <Input
            id="grant-until"
            type="datetime-local"
            allowClear
            style={{ maxWidth: 240 }}
            value={until}
            onChange={({ target }) => setUntil(target.value)}
          />
        </Form.Item>
      </Form>
      <div className="f-stack f-tight">
        {at === 'all' && fault !== null ? <Alert type="error" showIcon title={t(fault)} /> : null}
        {isKnown && fault === null && !isSame ? <Consequences of={consequences(asked, next)} /> : null}
        <Alert type="info" showIcon title={`${w('chainNote')} ${t('portalNote')}`} />
      </div>
    </Modal>
  );
}

/** Which field a fault is of; `all`: none can mend it alone. */
function placeOf(fault: Fault): 'permits' | 'until' | 'all' {
  if (fault === 'emptyRole' || fault === 'beyondOwnPermissions') return 'permits';
  return fault === 'expiryInPast' || fault === 'beyondOwnExpiry' ? 'until' : 'all';
}
