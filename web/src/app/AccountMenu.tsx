import { LoginOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Button, Popover } from 'antd';
import { useState } from 'react';
import { useSession } from '../api/hooks';
import { type Session, session } from '../api/session';
import { shorten } from '../format/ids';
import { useTexts } from '../i18n/useTexts';
import { Copy } from '../ui/Copy';
import { Icon } from '../ui/Icon';
import { useNarrow } from '../ui/useNarrow';
import { rolesInWords } from './roleNames';
import { appTexts } from './texts';

/** Who is logged in, as what, and the way out; or the way in. */
export function AccountMenu() {
  const t = useTexts(appTexts);
  const who = useSession();
  const narrow = useNarrow();
  const { pathname, href } = useLocation();
  const [open, setOpen] = useState(false);
  if (who === null) {
    if (pathname === '/login') return null;
    return (
      <Link to="/login" search={href === '/' ? {} : { from: href }}>
        <Button type="primary" icon={<Icon of={LoginOutlined} />} aria-label={t('logIn')} tabIndex={-1}>
          {narrow ? null : t('logIn')}
        </Button>
      </Link>
    );
  }
  return (
    <Popover
      content={<Account who={who} done={() => setOpen(false)} />}
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
    >
      <Button type="text" icon={<Icon of={UserOutlined} />} aria-label={t('account')}>
        {narrow ? null : shorten(who.wallet, 5, 4)}
      </Button>
    </Popover>
  );
}

function Account(props: { who: Session; done: () => void }) {
  const t = useTexts(appTexts);
  const navigate = useNavigate();
  const { who, done } = props;
  const leave = async () => {
    done();
    await navigate({ to: '/' });
    await session.logout();
  };
  return (
    <div className="account">
      <div className="with-copy">
        <span className="code">{shorten(who.wallet, 10, 8)}</span>
        <Copy text={who.wallet} />
      </div>
      <dl>
        <dt>{t('roles')}</dt>
        <dd>{rolesInWords(t, who.roles)}</dd>
        <dt>{t('company')}</dt>
        <dd>{who.company}</dd>
      </dl>
      <Link to="/operations/keys" search={{ account: who.wallet }} onClick={done}>
        {t('keys')}
      </Link>
      <Button icon={<Icon of={LogoutOutlined} />} block onClick={() => void leave()}>
        {t('logOut')}
      </Button>
    </div>
  );
}
