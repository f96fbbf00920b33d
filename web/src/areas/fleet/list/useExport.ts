import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { call } from '../../../api/call';
import { explain } from '../../../api/explain';
import type { Calls } from '../../../api/methods';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';

/** Asks for a link to a file of the telemetry and lets the browser save it. */
export function useExport() {
  const t = useTexts(texts);
  const { message } = App.useApp();
  return useMutation({
    mutationFn: (params: Calls['telemetry_export']['params']) => call('telemetry_export', params),
    onSuccess: ({ path, file_name }) => {
      const link = document.createElement('a');
      link.href = path;
      link.download = file_name;
      link.click();
      void message.success(t('exporting'));
    },
    onError: (error) => {
      const { title, remedy } = explain(error);
      void message.error(`${title} ${remedy}`);
    },
  });
}
