import { MenuOutlined } from '@ant-design/icons';
import { Outlet, useLocation } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { Loading } from '../ui/answers';
import { Icon } from '../ui/Icon';
import { useNarrow } from '../ui/useNarrow';
import { WalletHost } from '../wallet/WalletHost';
import { AccountMenu } from './AccountMenu';
import { Banners } from './Banners';
import { Logo } from './Logo';
import { BottomBar, Nav } from './Nav';
import { LanguageSwitch, ThemeSwitch } from './Preferences';
import { SearchBox } from './SearchBox';
import { appTexts } from './texts';
import { useLoginWhenOver } from './useLoginWhenOver';
import './shell.css';

// The home page shows no messages: it need not wait for them.
const Feedback = lazy(() => import('./Feedback'));

/** What is around every page. */
export function Shell() {
  const t = useTexts(appTexts);
  const narrow = useNarrow(992);
  const [open, setOpen] = useState(false);
  const path = useLocation({ select: (location) => location.pathname });
  useLoginWhenOver();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever came to another page closes the menu.
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <header className="bar">
        {narrow ? (
          <Button
            type="text"
            icon={<Icon of={MenuOutlined} />}
            aria-label={t('menu')}
            onClick={() => setOpen(true)}
          />
        ) : null}
        <Logo />
        <SearchBox />
        <div className="bar-end">
          <LanguageSwitch />
          <ThemeSwitch />
          <AccountMenu />
        </div>
      </header>
      <div className="middle">
        {narrow ? (
          <Drawer
            open={open}
            onClose={() => setOpen(false)}
            placement="left"
            size={280}
            title={t('menu')}
            styles={{ body: { padding: 0 } }}
          >
            <Nav />
          </Drawer>
        ) : (
          <div className="side">
            <Nav />
          </div>
        )}
        <main id="content" tabIndex={-1} className="content">
          <Banners />
          {path === '/' ? (
            <Outlet />
          ) : (
            <Suspense fallback={<Loading rows={6} />}>
              <Feedback>
                <Outlet />
              </Feedback>
            </Suspense>
          )}
        </main>
      </div>
      {narrow ? <BottomBar more={() => setOpen(true)} /> : null}
      <WalletHost />
    </div>
  );
}
