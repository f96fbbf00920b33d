import { App, Button } from 'antd';
import { useState } from 'react';
import { useSession } from '../../../api/hooks';
import { useBalance } from '../../../chain/hooks';
import { ss58 } from '../../../format/ids';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { callOf } from '../../../wallet/requests';
import { Section } from '../list/Section';
import { useCompanies } from '../roster/useCompanies';
import type { ChainVehicle } from '../roster/useRoster';
import { texts as words } from '../texts';
import { OfferDialog } from './OfferDialog';
import { texts } from './texts';
import { useSign } from './useSign';

/** Sells a vehicle and buys one: delivery and payment in one transaction. */
export function SaleCard({ vehicle }: { vehicle: ChainVehicle }) {
  const t = useTexts(texts);
  const f = useFormat();
  const session = useSession();
  const companies = useCompanies();
  const isFinance = session?.roles.includes('finance') === true;
  const isOurs = vehicle.owner === session?.company;
  const isForUs = vehicle.offeredTo !== null && vehicle.offeredTo === session?.company;
  const price = vehicle.price === null ? '' : f.money(vehicle.price);
  return (
    <Section title={t('sale')}>
      <div className="f-stack f-tight">
        <p className="f-none">{t('saleLead')}</p>
        {vehicle.offeredTo === null ? (
          <p className="f-none">{t('notForSale')}</p>
        ) : isForUs ? (
          <strong>{t('offeredBy', { company: companies.name(vehicle.owner), price })}</strong>
        ) : (
          <strong>{t('offeredTo', { company: companies.name(vehicle.offeredTo), price })}</strong>
        )}
        {isForUs ? <Treasury price={vehicle.price ?? 0n} /> : null}
        {isFinance ? (
          <div className="f-row">
            {isOurs && vehicle.status !== 'Scrapped' ? <Sell vehicle={vehicle} /> : null}
            {isForUs ? <Buy vehicle={vehicle} /> : null}
          </div>
        ) : (
          <p className="f-none">{t('needsFinance')}</p>
        )}
      </div>
    </Section>
  );
}

/** What the buyer's treasury has to pay with. */
function Treasury({ price }: { price: bigint }) {
  const t = useTexts(texts);
  const f = useFormat();
  const own = useSession()?.company;
  const companies = useCompanies();
  const company = companies.all.find(({ id }) => id === own);
  const treasury = company?.treasury;
  const balance = useBalance(treasury == null ? undefined : ss58(treasury));
  if (company === undefined || balance === undefined) return null;
  return (
    <span>
      {t('treasuryHas', { company: company.name, amount: f.money(balance.spendable) })}{' '}
      {balance.spendable < price ? t('treasuryPoor') : null}
    </span>
  );
}

function Sell({ vehicle }: { vehicle: ChainVehicle }) {
  const t = useTexts(texts);
  const [isOpen, setIsOpen] = useState(false);
  const sign = useSign();
  return (
    <>
      <Button type={vehicle.offeredTo === null ? 'primary' : 'default'} onClick={() => setIsOpen(true)}>
        {t('offer')}
      </Button>
      {vehicle.offeredTo === null ? null : (
        <Button danger onClick={() => void sign(callOf('Vehicles', 'cancel_offer', { vehicle: vehicle.id }))}>
          {t('withdraw')}
        </Button>
      )}
      <OfferDialog vehicle={vehicle.id} open={isOpen} close={() => setIsOpen(false)} />
    </>
  );
}

function Buy({ vehicle }: { vehicle: ChainVehicle }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { modal } = App.useApp();
  const sign = useSign();
  const price = vehicle.price ?? 0n;
  const accept = () => sign(callOf('Vehicles', 'accept_transfer', { vehicle: vehicle.id, price }));
  const decline = () =>
    modal.confirm({
      title: t('decline'),
      content: w('chainNote'),
      okText: t('decline'),
      cancelText: w('cancel'),
      onOk: () => void sign(callOf('Vehicles', 'cancel_offer', { vehicle: vehicle.id })),
    });
  return (
    <>
      <Button type="primary" onClick={() => void accept()}>
        {t('accept')}
      </Button>
      <Button onClick={() => void decline()}>{t('decline')}</Button>
    </>
  );
}
