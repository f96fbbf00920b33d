import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import { ask } from '../../../index/ask';
import { Failed } from '../../../ui/answers';
import { ridesQuery } from '../rides/queries';
import { texts as words } from '../texts';
import { type Kind, subjectOf, subjectSearch } from './subject';
import { texts } from './texts';

type Trouble = 'wrongId' | 'noOrder' | 'severalOrders';

/** The id of the ride with an order, or why there is none. */
async function rideOf(order: string): Promise<string | Trouble> {
  const { ridesConnection } = await ask(ridesQuery, { where: { order }, first: 2 });
  const [only, another] = ridesConnection.nodes;
  if (only === undefined) return 'noOrder';
  return another === undefined ? only.id : 'severalOrders';
}

const isTrouble = (found: string): found is Trouble => !/^\d/.test(found);

/** Asks the index for a proof, by what people know of the thing. */
export function Ask() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const navigate = useNavigate();
  const [kind, setKind] = useState<Kind>('ride');
  const [typed, setTyped] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  const go = async () => {
    const id = typed.trim();
    setTrouble(null);
    setFailure(null);
    setAsking(true);
    try {
      const found = kind === 'ride' && /^\d{1,20}$/.test(id) ? await rideOf(id) : id;
      if (isTrouble(found)) setTrouble(found === 'noOrder' || found === 'severalOrders' ? found : 'wrongId');
      else {
        const search = subjectSearch({ [kind]: found });
        if (subjectOf(search) === null) setTrouble('wrongId');
        else await navigate({ to: '/explorer/verify', search });
      }
    } catch (error) {
      setFailure(error);
    } finally {
      setAsking(false);
    }
  };
  const labels = { ride: t('rideId'), vehicle: t('vehicleId'), anchor: t('anchorId') } as const;
  return (
    <Form layout="vertical" onFinish={() => void go()}>
      <Form.Item label={t('what')}>
        <Segmented<Kind>
          block
          aria-label={t('what')}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setTrouble(null);
          }}
          options={[
            { value: 'ride', label: w('ride') },
            { value: 'vehicle', label: w('vehicle') },
            { value: 'anchor', label: w('anchor') },
          ]}
        />
      </Form.Item>
      <Form.Item label={labels[kind]} htmlFor="verify-number">
        <Input
          id="verify-number"
          value={typed}
          maxLength={60}
          inputMode="numeric"
          onChange={(change) => setTyped(change.target.value)}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" disabled={typed.trim() === ''} loading={isAsking}>
        {t('fetch')}
      </Button>
      {trouble === null ? null : <Alert className="v-trouble" type="warning" showIcon title={t(trouble)} />}
      {failure === null ? null : <Failed error={failure} compact />}
    </Form>
  );
}
