import { call } from '../../../api/call';
import type { Calls } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { useFile } from '../../../ui/useFile';
import { texts } from '../texts';

/** Asks for a file of the telemetry and lets the browser save it. */
export function useExport() {
  const t = useTexts(texts);
  return useFile(
    (params: Calls['telemetry_export']['params']) => call('telemetry_export', params),
    t('exporting'),
  );
}
