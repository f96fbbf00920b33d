/** What went wrong with the wallet, in words. */
import { ApiError } from '../api/errors';
import { explain } from '../api/explain';
import { NodeSilent, WrongNetwork } from '../chain/connection-errors';
import { say } from '../i18n/texts';
import { ExtensionFault, extensionName } from './extensions';
import { BadKeyFile, WrongPassword } from './keystore/file';
import { Locked } from './keystore/keystore';
import { BadPath, BadPhrase } from './keystore/phrase';
import { NoStorage } from './keystore/vault';
import { Refused } from './refused';
import { walletTexts } from './texts';

/** A problem and what to do about it. */
export interface Problem {
  title: string;
  remedy: string;
}

/** Puts an error into the words of the present language. */
export function problemOf(error: unknown): Problem {
  const t = say(walletTexts);
  if (error instanceof Refused) return { title: t('refused'), remedy: t('refused.do') };
  if (error instanceof WrongPassword) return { title: t('wrongPassword'), remedy: t('wrongPassword.do') };
  if (error instanceof Locked) return { title: t('locked'), remedy: t('locked.do') };
  if (error instanceof ExtensionFault) return ofExtension(error);
  if (error instanceof BadKeyFile) {
    return error.why === 'kind'
      ? { title: t('badFileKind'), remedy: t('badFileKind.do') }
      : { title: t('badFile'), remedy: t('badFile.do') };
  }
  if (error instanceof BadPhrase) {
    const words = error.unknown.slice(0, 5).join(', ');
    return words === ''
      ? { title: t('badPhrase'), remedy: t('badPhrase.do') }
      : { title: t('badWords', { words }), remedy: t('badWords.do') };
  }
  if (error instanceof BadPath) return { title: t('badPath'), remedy: t('badPath.do') };
  if (error instanceof NoStorage) return { title: t('noStorage'), remedy: t('noStorage.do') };
  if (error instanceof ApiError) return explain(error);
  if (error instanceof NodeSilent) return { title: t('offline'), remedy: t('offline.do') };
  if (error instanceof Error && error.name === 'TimeoutError')
    return { title: t('offline'), remedy: t('offline.do') };
  if (error instanceof WrongNetwork) {
    return { title: t('wrongNetwork'), remedy: t('wrongNetwork.do') };
  }
  if (error instanceof Error && error.name === 'Upgraded')
    return { title: t('upgraded'), remedy: t('upgraded.do') };
  if (error instanceof Error && error.name === 'NotInMetadata') {
    return { title: t('noSuchCall'), remedy: t('noSuchCall.do') };
  }
  return { title: t('other'), remedy: t('other.do') };
}

function ofExtension({ why, extension }: ExtensionFault): Problem {
  const t = say(walletTexts);
  const wallet = extensionName(extension);
  switch (why) {
    case 'gone':
      return { title: t('gone', { wallet }), remedy: t('gone.do') };
    case 'refused':
      return { title: t('notAllowed', { wallet }), remedy: t('notAllowed.do') };
    case 'silent':
      return { title: t('silent', { wallet }), remedy: t('silent.do') };
    case 'odd':
      return { title: t('odd', { wallet }), remedy: t('odd.do') };
  }
}
