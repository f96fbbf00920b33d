import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { useLanguage } from '../../../i18n/useTexts';
import { StateTag, type Tone } from '../../../ui/StateTag';

const tones: Readonly<Record<string, Tone>> = { InService: 'good', OutOfService: 'warn', Scrapped: 'plain' };

/** The chain's word for a value of an enumeration, such as `VehicleClass`. */
export function useWord(): (enumeration: string, value: string) => string {
  const language = useLanguage();
  return (enumeration, value) => VOCABULARY[enumeration]?.[value]?.[language] ?? value;
}

/** Whether a vehicle is in service, by the chain. */
export function ChainStatus({ of }: { of: string }) {
  const word = useWord();
  return <StateTag tone={tones[of] ?? 'plain'} text={word('VehicleStatus', of)} />;
}
