/** Says in plain words why the chain refused something, and what to do. */
import type { Language } from '../../i18n/setup';
import type { Metadata } from '../metadata';
import { CHINESE } from './chinese';
import type { Refusal } from './refusal';

/** A refusal in words. */
export interface Explanation {
  /** `Vehicles.OtherPrice`, as the chain names it. */
  name: string;
  sentence: string;
}

type Bilingual = Readonly<Record<Language, string>>;

const ASK_AGAIN: Bilingual = {
  en: 'Look at the page again and repeat what you did.',
  zh: '请刷新页面后重新操作。',
};

const DISPATCH: Readonly<Record<string, Bilingual>> = {
  BadOrigin: {
    en: 'This account may not do that: some calls are the council’s alone.',
    zh: '该账户无权执行此操作：部分操作仅限理事会。',
  },
  CannotLookup: { en: 'An account in it does not exist.', zh: '其中的账户不存在。' },
  ConsumerRemaining: {
    en: 'The account is still in use, so it cannot be emptied: leave some money in it.',
    zh: '账户仍在使用中，不能清空：请保留部分余额。',
  },
  Exhausted: {
    en: 'The block was full. Try again.',
    zh: '区块已满，请重试。',
  },
  RootNotAllowed: {
    en: 'The highest power is not allowed here: do it as an account.',
    zh: '此处不允许使用最高权限：请以账户身份执行。',
  },
  TooManyConsumers: {
    en: 'The account is in use by too many things: end some of them first.',
    zh: '账户被过多项目使用：请先结束其中一些。',
  },
  Unavailable: {
    en: 'The chain does not have what is needed right now. Try again later.',
    zh: '链上暂时缺少所需数据，请稍后重试。',
  },
  'Arithmetic.Overflow': { en: 'A number got too large.', zh: '数值过大。' },
  'Arithmetic.Underflow': {
    en: 'There is not enough money: an amount would fall below zero. Name a smaller one.',
    zh: '余额不足，金额将低于零：请减少金额。',
  },
  'Token.BelowMinimum': { en: 'The amount is too small.', zh: '金额过小。' },
  'Token.Frozen': {
    en: 'Part of the balance is frozen: name a smaller amount.',
    zh: '部分余额被冻结：请减少金额。',
  },
  'Token.FundsUnavailable': {
    en: 'The account does not have so much money: name a smaller amount, or put money in first.',
    zh: '账户余额不足：请减少金额或先充值。',
  },
  'Token.NotExpendable': {
    en: 'The account would be emptied, which is not allowed: leave some money in it.',
    zh: '该操作会清空账户，不被允许：请保留部分余额。',
  },
};

const VALIDITY: Readonly<Record<string, Bilingual>> = {
  AncientBirthBlock: {
    en: 'It was signed too long ago. Sign it again.',
    zh: '签名时间过久，请重新签名。',
  },
  BadProof: {
    en: 'The signature does not fit. The wallet may hold outdated metadata, or sign for another network: update the metadata in the wallet, then sign again.',
    zh: '签名不匹配。钱包中的元数据可能已过期，或签名针对其他网络：请在钱包中更新元数据后重新签名。',
  },
  BadSigner: {
    en: 'The account cannot sign this. Choose another account.',
    zh: '该账户不能签署此操作，请选择其他账户。',
  },
  Call: {
    en: 'The chain does not take this call now: it may be paused, or forbidden for this account.',
    zh: '本链目前不接受该操作：可能已暂停，或该账户被禁止。',
  },
  ExhaustsResources: {
    en: 'It is too large for the present block. Try again in a moment.',
    zh: '当前区块容量不足，请稍后重试。',
  },
  Future: {
    en: 'An earlier transaction of this account is missing. Wait until the others are through, then try again.',
    zh: '该账户有更早的交易尚未完成，请等待完成后重试。',
  },
  Payment: {
    en: 'The account cannot pay the fee, or does not exist yet: put money in first.',
    zh: '账户余额不足以支付手续费，或账户尚不存在，请先充值。',
  },
  Stale: {
    en: 'Another transaction of this account came first, or this one was sent before. Look at your account’s transactions, then try again.',
    zh: '该账户已有其他交易先行完成，或该交易已发送过。请查看账户交易记录后重试。',
  },
};

/** Puts a refusal into words. Always answers a sentence; an unknown error is named as it is. */
export function explain(metadata: Metadata, refusal: Refusal, language: Language): Explanation {
  if (refusal.kind === 'pallet') {
    const name = `${refusal.pallet}.${refusal.name}`;
    const docs = metadata.error(refusal.pallet, refusal.name)?.docs;
    const chinese = language === 'zh' ? CHINESE[refusal.pallet]?.[refusal.name] : undefined;
    return { name, sentence: chinese ?? (docs || unknown(name, language)) };
  }
  const words = (refusal.kind === 'validity' ? VALIDITY : DISPATCH)[refusal.name];
  return { name: refusal.name, sentence: words?.[language] ?? unknown(refusal.name, language) };
}

function unknown(name: string, language: Language): string {
  const first = language === 'zh' ? `链上返回错误：${name}。` : `The chain answered: ${name}.`;
  return language === 'zh' ? first + ASK_AGAIN.zh : `${first} ${ASK_AGAIN.en}`;
}
