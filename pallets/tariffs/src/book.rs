//! The timeline of a company's tariffs in a city.

use crate::{Config, Error, Event, InForce, Pallet, Tariffs, Timeline, FORESIGHT_S, RETENTION_S};
use frame_support::{dispatch::DispatchResult, ensure, traits::UnixTime};
use smartlink_primitives::{
    tariff::{InForce as TariffInForce, Schedule},
    traits::TariffBook,
    CityCode, CompanyId, TariffVersion,
};

impl<T: Config> Pallet<T> {
    /// Lets a version hold from `from` on, after all others.
    pub(crate) fn put_in_force(
        company: CompanyId,
        city: CityCode,
        from: u64,
        version: TariffVersion,
    ) -> DispatchResult {
        let now = T::Time::now().as_secs();
        let mut timeline = InForce::<T>::get(company, city);
        if let Some((latest, _)) = timeline.last() {
            ensure!(from > now, Error::<T>::InPast);
            ensure!(from > *latest, Error::<T>::NotLatest);
        }
        ensure!(from <= now.saturating_add(FORESIGHT_S), Error::<T>::TooFarAhead);
        if timeline.is_full() {
            let forgotten = forget_oldest::<T>(&mut timeline, now)?;
            Tariffs::<T>::remove((company, city, forgotten));
            Self::deposit_event(Event::Retired { company, city, version: forgotten });
        }
        timeline.try_push((from, version)).map_err(|_| Error::<T>::TimelineFull)?;
        InForce::<T>::insert(company, city, timeline);
        Ok(())
    }
}

/// Makes room, if the oldest tariff ended long enough ago: when its successor began.
fn forget_oldest<T: Config>(
    timeline: &mut Timeline<T>,
    now: u64,
) -> Result<TariffVersion, Error<T>> {
    let (successor_from, _) = *timeline.get(1).ok_or(Error::<T>::TimelineFull)?;
    let kept_until = successor_from.saturating_add(RETENTION_S);
    ensure!(kept_until <= now, Error::<T>::TimelineFull);
    let (_, version) = timeline.remove(0);
    Ok(version)
}

impl<T: Config> TariffBook for Pallet<T> {
    fn schedule(company: CompanyId, city: CityCode) -> Schedule {
        let in_force = InForce::<T>::get(company, city).into_iter();
        let known = in_force.filter_map(|(from, version)| {
            let tariff = Tariffs::<T>::get((company, city, version))?;
            Some(TariffInForce { version, from, tariff })
        });
        Schedule::new(known.collect())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn put(company: CompanyId, city: CityCode, tariff: smartlink_primitives::tariff::Tariff) {
        for (_, version) in InForce::<T>::take(company, city) {
            Tariffs::<T>::remove((company, city, version));
        }
        let version = crate::NextVersion::<T>::get(company, city);
        crate::NextVersion::<T>::insert(company, city, TariffVersion(version.0.saturating_add(1)));
        Tariffs::<T>::insert((company, city, version), tariff);
        InForce::<T>::insert(
            company,
            city,
            Timeline::<T>::truncate_from(alloc::vec![(0, version)]),
        );
    }
}
