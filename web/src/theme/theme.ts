import { theme as antTheme, type ThemeConfig } from 'antd';
import type { Mode } from './mode';

export const accent = '#1668dc';

/** The accent as a text on dark ground: the accent itself is too dark there to be read. */
const accentOnDark = '#6ba5f7';

/** What base.css has as well, for what is no component of antd. */
const grounds = {
  light: {
    page: '#f4f6f9',
    surface: '#ffffff',
    raised: '#ffffff',
    line: '#e3e7ed',
    muted: '#5b6472',
    text: '#1b2330',
  },
  dark: {
    page: '#0e1217',
    surface: '#161b22',
    raised: '#1d242d',
    line: '#2b333e',
    muted: '#9aa5b4',
    text: '#e4e9f0',
  },
} as const;

/** Colours of series, to be told apart by those who see fewer colours, on both grounds. */
export const series = ['#3c89e8', '#13a8a8', '#e8953c', '#9254de', '#cb4f6f', '#7f9a2b', '#8c8c8c'] as const;

export function theme(mode: Mode): ThemeConfig {
  const ground = grounds[mode];
  const link = mode === 'dark' ? accentOnDark : accent;
  return {
    algorithm: mode === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      colorPrimary: accent,
      colorInfo: accent,
      // Red that can be read as a text on this ground.
      colorError: mode === 'dark' ? '#ff7875' : '#cf1322',
      colorLink: link,
      colorLinkHover: mode === 'dark' ? '#8fbcfa' : '#0f55b8',
      colorBgLayout: ground.page,
      colorBgContainer: ground.surface,
      colorBgElevated: ground.raised,
      colorBorderSecondary: ground.line,
      colorTextBase: ground.text,
      colorTextSecondary: ground.muted,
      colorTextTertiary: ground.muted,
      colorTextDescription: ground.muted,
      colorTextPlaceholder: ground.muted,
      borderRadius: 8,
      fontSize: 14,
      // Of base.css, which knows the language.
      fontFamily: 'var(--font)',
    },
    components: {
      // White on a lighter accent cannot be read: a button that is pointed at grows darker.
      Button: { colorPrimaryHover: '#0f55b8', defaultHoverColor: link, defaultHoverBorderColor: link },
      Menu: { itemSelectedColor: link, horizontalItemSelectedColor: link },
      Tabs: { itemSelectedColor: link, itemHoverColor: link, itemActiveColor: link },
      Pagination: { itemActiveColor: link, itemActiveColorHover: link },
      Table: { headerColor: ground.muted, headerBg: ground.surface, cellPaddingBlock: 11 },
      Card: { bodyPadding: 20, headerHeight: 52 },
      Layout: { bodyBg: ground.page, headerBg: ground.surface, siderBg: ground.surface },
    },
  };
}

/** The theme of charts. */
export function chartTheme(mode: Mode): object {
  const ground = grounds[mode];
  const axis = {
    axisLine: { lineStyle: { color: ground.line } },
    axisTick: { show: false },
    axisLabel: { color: ground.muted },
    splitLine: { lineStyle: { color: ground.line } },
  };
  return {
    color: series,
    backgroundColor: 'transparent',
    textStyle: { color: ground.text },
    legend: { textStyle: { color: ground.muted } },
    tooltip: {
      backgroundColor: ground.raised,
      borderColor: ground.line,
      textStyle: { color: ground.text },
    },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
  };
}
