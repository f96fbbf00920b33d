import { FullscreenExitOutlined, FullscreenOutlined } from '@ant-design/icons';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Icon } from '../../../ui/Icon';
import { Page } from '../../../ui/Page';
import { useNow } from '../../../ui/useNow';
import { useSearchChange } from '../list/useSearchChange';
import '../operations.css';
import { Alerts } from './Alerts';
import { Batches } from './Batches';
import { ChainHealth, ServicesHealth } from './Health';
import { IncomeCharts, IncomeToday } from './Income';
import { NowFigures, NowSections } from './Now';
import { texts } from './texts';
import { useBoard } from './useBoard';

const route = getRouteApi('/operations/');

/** The platform at a glance, live. */
export function CockpitPage() {
  const t = useTexts(texts);
  const { wall } = route.useSearch();
  const change = useSearchChange();
  if (wall === true) return <Wall leave={() => change({ wall: undefined })} />;
  const begin = () => {
    change({ wall: true });
    // The browser may refuse: the page then fills the window alone.
    document.documentElement.requestFullscreen().catch(() => {});
  };
  return (
    <Page
      title={t('title')}
      extra={
        <Button icon={<Icon of={FullscreenOutlined} />} onClick={begin}>
          {t('wall')}
        </Button>
      }
    >
      <Cockpit />
    </Page>
  );
}

function Cockpit() {
  const board = useBoard();
  return (
    <>
      {board.isAllowed && board.counts !== undefined ? <NowFigures counts={board.counts} /> : null}
      <IncomeToday />
      {board.isAllowed ? <NowSections counts={board.counts} error={board.error} /> : null}
      <IncomeCharts />
      <div className="o-columns">
        <ChainHealth />
        <Batches />
        <Alerts />
        <ServicesHealth />
      </div>
    </>
  );
}

/** The cockpit on the whole screen, for a wall. Escape leads back. */
function Wall({ leave }: { leave: () => void }) {
  const t = useTexts(texts);
  const end = () => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    leave();
  };
  return (
    <Keys leave={end}>
      <div className="o-wall">
        <header className="o-row o-spread">
          <h1>{t('title')}</h1>
          <span className="o-row">
            <Clock />
            <Button
              icon={<Icon of={FullscreenExitOutlined} />}
              aria-label={t('leave')}
              title={t('leave')}
              onClick={end}
            />
          </span>
        </header>
        <Cockpit />
      </div>
    </Keys>
  );
}

function Keys(props: { leave: () => void; children: ReactNode }) {
  const { leave } = props;
  useEffect(() => {
    const pressed = (key: KeyboardEvent) => {
      if (key.key === 'Escape') leave();
    };
    // The browser takes the key itself while it shows one element alone, and tells that it ended.
    const ended = () => {
      if (document.fullscreenElement === null) leave();
    };
    window.addEventListener('keydown', pressed);
    document.addEventListener('fullscreenchange', ended);
    return () => {
      window.removeEventListener('keydown', pressed);
      document.removeEventListener('fullscreenchange', ended);
    };
  }, [leave]);
  return props.children;
}

function Clock() {
  const f = useFormat();
  const now = useNow(1_000);
  return (
    <time className="o-wall-clock" dateTime={new Date(now).toISOString()}>
      {f.time(now)}
    </time>
  );
}
