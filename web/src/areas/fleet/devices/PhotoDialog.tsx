import { useQuery } from '@tanstack/react-query';
import { Alert, Modal } from 'antd';
import { useState } from 'react';
import { call } from '../../../api/call';
import type { Medium } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { deviceTexts } from './texts';

/** A photo that a terminal took. Its link is good once: each opening asks for a new one. */
export function PhotoDialog({ photo, close }: { photo: Medium; close: () => void }) {
  const t = useTexts(deviceTexts);
  const f = useFormat();
  const [isBroken, setBroken] = useState(false);
  const { terminal, id: medium } = photo;
  const query = useQuery({
    queryKey: ['photo', terminal, medium],
    queryFn: () => call('devices_medium', { terminal, medium }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });
  const name = t('photoOf', { time: f.time(photo.time_ms), channel: photo.channel });
  return (
    <Modal open title={name} footer={null} width={840} onCancel={close} destroyOnHidden>
      <Answered query={query}>
        {({ path }) =>
          isBroken ? (
            <Alert type="warning" showIcon title={t('photoGone')} />
          ) : (
            <img className="f-photo" src={path} alt={name} onError={() => setBroken(true)} />
          )
        }
      </Answered>
    </Modal>
  );
}
