import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { useLanguage } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';
import { Nothing } from './values';

type Kind = 'vehicle' | 'driver' | 'tariff' | 'validator' | 'ride' | 'application';

const tones: Readonly<Record<string, Tone>> = {
  InService: 'good',
  OutOfService: 'warn',
  Active: 'good',
  Suspended: 'warn',
  approved: 'good',
  proposed: 'busy',
  rejected: 'bad',
  active: 'good',
  leaving: 'warn',
  disabled: 'bad',
  Trip: 'good',
  open: 'busy',
  admitted: 'good',
};

/** Words that the chain has no enumeration for: the index's own, or the receipt's. */
const own: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  approved: { en: 'approved', zh: '已生效' },
  proposed: { en: 'proposed', zh: '待审批' },
  rejected: { en: 'rejected', zh: '已驳回' },
  retired: { en: 'retired', zh: '已失效' },
  active: { en: 'active', zh: '在任' },
  removed: { en: 'removed', zh: '已移除' },
  disabled: { en: 'disabled by an offence', zh: '因违规停用' },
  leaving: { en: 'leaving', zh: '退出中' },
  left: { en: 'left', zh: '已退出' },
  Trip: { en: 'trip', zh: '完成' },
  Cancelled: { en: 'cancelled', zh: '已取消' },
  open: { en: 'open', zh: '待审核' },
  admitted: { en: 'admitted', zh: '已接纳' },
  closed: { en: 'closed', zh: '已关闭' },
};

const enumerations: Readonly<Partial<Record<Kind, string>>> = {
  vehicle: 'VehicleStatus',
  driver: 'DriverStatus',
};

/** The word for a state. */
export function useStateWord(): (kind: Kind, state: string) => string {
  const language = useLanguage();
  return (kind, state) => {
    const enumeration = enumerations[kind];
    const words = enumeration === undefined ? own[state] : VOCABULARY[enumeration]?.[state];
    return words?.[language] ?? state;
  };
}

/** A state as a tag. */
export function State(props: { kind: Kind; of: string | null | undefined }) {
  const word = useStateWord();
  if (props.of === null || props.of === undefined) return <Nothing />;
  return <StateTag tone={tones[props.of] ?? 'plain'} text={word(props.kind, props.of)} />;
}

/** A value of one of the chain's enumerations in words. */
export function Word(props: {
  of: 'VehicleClass' | 'CompanyKind' | 'NodeKind' | 'PaperKind';
  is: string | null | undefined;
}) {
  const word = useWord();
  if (props.is === null || props.is === undefined) return <Nothing />;
  return <>{word(props.of, props.is)}</>;
}

/** The same as a text. */
export function useWord(): (of: string, is: string) => string {
  const language = useLanguage();
  return (of, is) => VOCABULARY[of]?.[is]?.[language] ?? is;
}
