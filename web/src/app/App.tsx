import { LoadingOutlined } from '@ant-design/icons';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import enGB from 'antd/es/locale/en_GB';
import zhCN from 'antd/es/locale/zh_CN';
import { type ReactNode, useLayoutEffect } from 'react';
import { useLanguage } from '../i18n/useTexts';
import { useMode } from '../theme/mode';
import { theme } from '../theme/theme';
import { Icon } from '../ui/Icon';
import { Boundary } from './Boundary';
import { queries } from './queries';
import { router } from './router';
import { Start } from './Start';

/** Language and looks, for everything below. */
function Looks(props: { children: ReactNode }) {
  const language = useLanguage();
  const mode = useMode();
  useLayoutEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset['theme'] = mode;
    document.documentElement.style.colorScheme = mode;
  }, [language, mode]);
  return (
    <ConfigProvider
      locale={language === 'zh' ? zhCN : enGB}
      theme={theme(mode)}
      // Two characters of Chinese stay one word for who searches a page or has it read to them.
      button={{ autoInsertSpace: false, loadingIcon: <Icon of={LoadingOutlined} /> }}
    >
      {props.children}
    </ConfigProvider>
  );
}

export function App() {
  return (
    <Looks>
      <Boundary>
        <Start>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Start>
      </Boundary>
    </Looks>
  );
}
