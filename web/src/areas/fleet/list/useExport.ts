import { call } from '../../../api/call';
import type { Calls } from '../../../api/methods';
import { useFile } from './useFile';

/** Asks for a file of the telemetry and lets the browser save it. */
export function useExport() {
  return useFile((params: Calls['telemetry_export']['params']) => call('telemetry_export', params));
}
