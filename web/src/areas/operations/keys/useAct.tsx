import { useQueryClient } from '@tanstack/react-query';
import { App, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import type { DecodedCall } from '../../../chain/metadata';
import { useTexts } from '../../../i18n/useTexts';
import { Loading } from '../../../ui/answers';
import { CallView } from '../../../wallet/CallView';
import { submit } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import { Acting } from '../acting/Acting';
import { useDescription, useMetadata } from '../council/useCouncil';
import { texts } from './texts';

/**
 * Has an account do something. Whoever has its key signs at once; for all others `dialog` offers the ways there are, and has to
 * stand in the page.
 */
export function useAct(account: string): { act: (call: DecodedCall) => void; dialog: ReactNode } {
  const t = useTexts(texts);
  const wallet = useWallet();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [asked, ask] = useState<DecodedCall>();
  const signer = wallet?.accounts.find(({ address }) => address === account);
  const askAgain = () =>
    Promise.all(['chain', 'index'].map((of) => queries.invalidateQueries({ queryKey: [of] })));
  const sign = async (call: DecodedCall) => {
    const { result } = await submit(call, signer);
    if (result !== 'cancelled') await askAgain();
    if (result === 'done') void message.success(t('done'));
  };
  return {
    act: (call) => (signer === undefined ? ask(call) : void sign(call)),
    dialog:
      asked === undefined ? null : (
        <Dialog
          account={account}
          call={asked}
          close={() => {
            ask(undefined);
            void askAgain();
          }}
        />
      ),
  };
}

function Dialog({ account, call, close }: { account: string; call: DecodedCall; close: () => void }) {
  const t = useTexts(texts);
  const metadata = useMetadata();
  const description = useDescription(call);
  return (
    <Modal open title={t('doTitle')} footer={null} width={640} onCancel={close}>
      {metadata === undefined || description == null ? (
        <Loading rows={3} />
      ) : (
        <div className="o-stack">
          <CallView description={description} />
          <Acting account={account} call={call} bytes={metadata.encodeCall(call)} done={close} />
        </div>
      )}
    </Modal>
  );
}
