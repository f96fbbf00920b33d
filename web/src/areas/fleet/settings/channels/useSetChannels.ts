import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { ApiError } from '../../../../api/errors';
import { explain } from '../../../../api/explain';
import { apiKey, useChange } from '../../../../api/hooks';
import type { Calls, Channels } from '../../../../api/methods';
import { useTexts } from '../../../../i18n/useTexts';
import { texts } from './texts';

/** Sets the channels and shows at once what holds then; says why where it was refused. */
export function useSetChannels() {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const set = useChange('inbox_set_channels', ['inbox_channels']);
  const failed = (error: unknown) => {
    // By this name the api says that the address is not public.
    if (error instanceof ApiError && error.errorName === 'not_found') {
      void message.error(t('urlRefused'), 8);
      return;
    }
    const { title, remedy, detail = '' } = explain(error);
    void message.error(`${title} ${remedy} ${detail}`, 8);
  };
  return {
    isPending: set.isPending,
    save: (params: Calls['inbox_set_channels']['params'], said: (now: Channels) => string) =>
      set.mutate(params, {
        onSuccess: (now) => {
          queries.setQueryData(apiKey('inbox_channels', {}), now);
          void message.success(said(now));
        },
        onError: failed,
      }),
  };
}
