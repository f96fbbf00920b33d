// Rules and their values in words.
import type { Language } from '../../../../i18n/setup';
import { useLanguage, useTexts } from '../../../../i18n/useTexts';
import { useAlertWords } from '../../alerts/alert';
import { useSignalWord } from '../../live/signalTexts';
import { type Fault, isRange, type Scope, type Value } from './book';
import { drivingTexts } from './drivingTexts';
import { fieldOf, type Path, type SectionName } from './fields';
import { positionTexts } from './positionTexts';
import { texts } from './texts';
import { inUnit, units } from './units';
import { vehicleTexts } from './vehicleTexts';

export const ruleTexts = [drivingTexts, vehicleTexts, positionTexts] as const;

type RuleKey = SectionName | Path | `${SectionName | Path}.why`;

/** What rules are called, what they mean, and what their values are, in the language of now. */
export function useRuleWords() {
  const t = useTexts(texts);
  const language = useLanguage();
  const driving = useTexts(drivingTexts);
  const vehicle = useTexts(vehicleTexts);
  const position = useTexts(positionTexts);
  const alert = useAlertWords();
  const signal = useSignalWord();
  const say = (key: RuleKey): string => {
    if (Object.hasOwn(drivingTexts.en, key)) return driving(key as keyof typeof drivingTexts.en);
    if (Object.hasOwn(vehicleTexts.en, key)) return vehicle(key as keyof typeof vehicleTexts.en);
    return position(key as keyof typeof positionTexts.en);
  };
  const name = (path: Path) => (path.endsWith('.enabled') ? t('enabled') : say(path));
  const item = (path: Path, one: string) => (fieldOf(path).kind === 'alerts' ? alert.kind(one) : signal(one));
  const value = (path: Path, of: Value): string => {
    const field = fieldOf(path);
    if (of === null) return t('noRange');
    if (typeof of === 'boolean') return t(of ? 'on' : 'off');
    if (isRange(of)) return `${inUnit(of.low, 'celsius')} – ${inUnit(of.high, 'celsius')} °C`;
    if (typeof of === 'object') {
      const gap = language === 'zh' ? '、' : ', ';
      return of.length === 0 ? t('nothing') : of.map((one) => item(path, one)).join(gap);
    }
    return field.kind === 'number' ? numberIn(of, field.unit, language) : String(of);
  };
  const fault = ({ path, why, classes }: Fault, scope: Scope): string => {
    const field = fieldOf(path);
    const unit = field.kind === 'number' ? field.unit : 'celsius';
    const number = (of: number) => inUnit(of, unit);
    const unitWord = units[unit].word[language];
    const text =
      why.kind === 'bounds'
        ? t('faultBounds', { least: number(why.least), most: number(why.most), unit: unitWord })
        : why.kind === 'above'
          ? t('faultAbove', { least: number(why.least), unit: unitWord, other: name(why.other) })
          : why.kind === 'unknown'
            ? t('faultUnknown', { name: why.name })
            : t('faultUpsideDown');
    const isPlain = scope === 'all' ? classes.length === 6 : classes.length === 1 && classes[0] === scope;
    const gap = language === 'zh' ? '、' : ', ';
    return isPlain ? text : t('faultFor', { fault: text, classes: classes.map((of) => t(of)).join(gap) });
  };
  return {
    name,
    item,
    value,
    fault,
    section: (of: SectionName) => say(of),
    sectionWhy: (of: SectionName) => say(`${of}.why`),
    why: (path: Path) => (path.endsWith('.enabled') ? '' : say(`${path}.why`)),
  };
}

export type RuleWords = ReturnType<typeof useRuleWords>;

function numberIn(value: number, unit: keyof typeof units, language: Language): string {
  const word = units[unit].word[language];
  return word === '%' || word === '点' ? `${inUnit(value, unit)}${word}` : `${inUnit(value, unit)} ${word}`;
}
