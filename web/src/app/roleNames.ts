import { type Role, roles } from '../api/role';
import type { Say } from '../i18n/texts';
import type { appTexts } from './texts';

/** Roles in words, `a, b or c`. */
export function rolesInWords(
  t: Say<typeof appTexts.en>,
  these: readonly Role[],
  last: 'or' | 'and' = 'and',
): string {
  const names = roles.filter((role) => these.includes(role)).map((role) => t(`role.${role}`));
  const end = names.pop();
  if (end === undefined) return t('noRoles');
  if (names.length === 0) return end;
  return `${names.join(t('listGap'))}${last === 'or' ? t('listOr') : t('listGap')}${end}`;
}
