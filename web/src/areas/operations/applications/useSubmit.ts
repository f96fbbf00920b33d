import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import type { DecodedCall } from '../../../chain/metadata';
import type { WalletAccount } from '../../../wallet/account';
import { submit as send } from '../../../wallet/requests';

/** Has a call signed, says `done` when it was carried out, and asks the index again. True: it was. */
export function useSubmit() {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const submit = async (call: DecodedCall, done: string, account?: WalletAccount): Promise<boolean> => {
    setBusy(true);
    const { result } = await send(call, account);
    setBusy(false);
    if (result === 'done') void message.success(done);
    if (result !== 'cancelled') await queries.invalidateQueries({ queryKey: ['index'] });
    return result === 'done';
  };
  return { submit, isBusy };
}
