// The map at work, for the bench and for pictures: `?scene=vehicles&count=1000`. Not part of the portal.
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import { createRoot } from 'react-dom/client';
import { useLanguage } from '../../src/i18n/useTexts';
import { useMode } from '../../src/theme/mode';
import { theme } from '../../src/theme/theme';
import { FenceScene, OrderScene, TrackScene, VehiclesScene } from './scenes';

const asked = new URLSearchParams(window.location.search);

function Scene() {
  const count = Number(asked.get('count') ?? 1_000);
  switch (asked.get('scene')) {
    case 'track':
      return <TrackScene />;
    case 'fence':
      return <FenceScene />;
    case 'order':
      return <OrderScene />;
    default:
      return <VehiclesScene count={count} zoom={Number(asked.get('zoom') ?? 11)} />;
  }
}

function Bench() {
  const language = useLanguage();
  const mode = useMode();
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme(mode)}>
      <App style={{ height: '100%' }}>
        <Scene />
      </App>
    </ConfigProvider>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Bench />);
