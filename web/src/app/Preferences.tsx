import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Popover } from 'antd';
import type { ComponentType } from 'react';
import { setLanguage } from '../i18n/setup';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { type Choice, setChoice, useChoice, useMode } from '../theme/mode';
import { Icon } from '../ui/Icon';
import { appTexts } from './texts';

/** Between the two languages. */
export function LanguageSwitch() {
  const t = useTexts(appTexts);
  const language = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Button
      type="text"
      aria-label={t('switchLanguage')}
      title={t('switchLanguage')}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => setLanguage(other)}
    >
      {other === 'zh' ? '中' : 'EN'}
    </Button>
  );
}

const choices: ReadonlyArray<readonly [Choice, 'themeSystem' | 'themeLight' | 'themeDark', ComponentType]> = [
  ['system', 'themeSystem', DesktopOutlined],
  ['light', 'themeLight', SunOutlined],
  ['dark', 'themeDark', MoonOutlined],
];

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const t = useTexts(appTexts);
  const choice = useChoice();
  const dark = useMode() === 'dark';
  const menu = (
    <div className="choices">
      {choices.map(([value, key, Icon]) => (
        <Button
          key={value}
          type={value === choice ? 'primary' : 'text'}
          icon={<Icon />}
          block
          aria-pressed={value === choice}
          onClick={() => setChoice(value)}
        >
          {t(key)}
        </Button>
      ))}
    </div>
  );
  return (
    <Popover content={menu} trigger="click" placement="bottomRight">
      <Button
        type="text"
        icon={dark ? <Icon of={MoonOutlined} /> : <Icon of={SunOutlined} />}
        aria-label={t('theme')}
        title={t('theme')}
      />
    </Popover>
  );
}
