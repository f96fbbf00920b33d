import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { explain } from '../api/explain';

/** A link to a file that is good once. */
export interface FileLink {
  path: string;
  file_name: string;
}

/** Asks for a link to a file and lets the browser save it; `begun` is said then. */
export function useFile<P = void>(ask: (params: P) => Promise<FileLink>, begun: string) {
  const { message } = App.useApp();
  return useMutation({
    mutationFn: ask,
    onSuccess: ({ path, file_name }) => {
      const link = document.createElement('a');
      link.href = path;
      link.download = file_name;
      link.click();
      void message.success(begun);
    },
    onError: (error) => {
      const { title, remedy } = explain(error);
      void message.error(`${title} ${remedy}`);
    },
  });
}
