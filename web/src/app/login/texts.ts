import { defineTexts } from '../../i18n/texts';

export const loginTexts = defineTexts('login', {
  en: {
    title: 'Log in',
    lead: 'Your wallet signs a text that names this company and the time. It costs nothing and moves nothing.',
    expired: 'Your session is over. Log in again: you come back to where you were.',
    revoked: 'Your session was ended elsewhere: by you, or by an administrator. Log in again.',
    loggedOut: 'You are logged out.',
    in: 'You are logged in as {{account}} ({{roles}}).',
    goOn: 'Go on',
    noWallet:
      'There is no wallet in this browser. Make a key here: it is encrypted with your password and stays on this device.',
    makeKey: 'Make or bring in a key',
    installed: 'Or install a wallet, then load this page again:',
    choose: 'Choose the account with which your company knows you.',
    chooseButton: 'Choose an account',
    with: 'Log in as {{name}}',
    other: 'Another account',
    signing: 'Confirm in your wallet …',
  },
  zh: {
    title: '登录',
    lead: '钱包将对一段写明本公司和时间的文字签名，不产生费用，也不会转移任何资产。',
    expired: '会话已结束，请重新登录，之后将回到原来的页面。',
    revoked: '会话已在别处终止（由您本人或管理员），请重新登录。',
    loggedOut: '您已退出登录。',
    in: '您已登录：{{account}}（{{roles}}）。',
    goOn: '继续',
    noWallet: '此浏览器中没有钱包。您可以在此创建密钥：密钥以您的密码加密，仅保存在本设备上。',
    makeKey: '创建或导入密钥',
    installed: '也可以安装钱包扩展，然后刷新本页：',
    choose: '请选择在公司登记的账户。',
    chooseButton: '选择账户',
    with: '以 {{name}} 登录',
    other: '换一个账户',
    signing: '请在钱包中确认……',
  },
});
