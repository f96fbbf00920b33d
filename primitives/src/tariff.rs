//! Tariffs: what a ride costs in a city, and who gets which share of it.

use crate::{split::Shares, CompanyId, TariffVersion};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The dearest ride any tariff may make possible, in units of 10⁻⁶ CNY: ten million CNY. Keeps every
/// intermediate result of the fare in 64 bits.
pub const MAX_FARE: u64 = 10_000_000_000_000;

/// The highest multiplier of any tariff: ten times.
pub const MAX_MULTIPLIER_PERMILLE: u32 = 10_000;

/// Minutes in a day and in a week.
pub const DAY_MINUTES: u16 = 24 * 60;

/// Windows of time with a surcharge that one table may have.
pub type Windows = BoundedVec<Window, ConstU32<8>>;

/// Third parties that one policy may have.
pub type ThirdParties = BoundedVec<Share, ConstU32<8>>;

/// A time of day at which metered fares are higher.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Window {
    /// Days of the week, bit 0 is Monday.
    pub days: u8,
    /// First minute of the local day.
    pub from_minute: u16,
    /// Minute of the local day after the last. Smaller than `from_minute`: the window ends on the next
    /// day, and counts to the day on which it began.
    pub until_minute: u16,
    /// What is added to the metered fare, in thousandths of it.
    pub surcharge_permille: u16,
}

impl Window {
    /// Whether the window is open on weekday `day` (0 is Monday) at `minute` of the day.
    fn covers(&self, day: u8, minute: u16) -> bool {
        let on = |day: u8| self.days >> day & 1 == 1;
        if self.from_minute < self.until_minute {
            on(day) && (self.from_minute..self.until_minute).contains(&minute)
        } else {
            let yesterday = (day + 6) % 7;
            on(day) && minute >= self.from_minute || on(yesterday) && minute < self.until_minute
        }
    }
}

/// What a ride costs. Amounts are in units of 10⁻⁶ CNY.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct FareTable {
    /// Charged for every trip.
    pub base: u64,
    /// Metres that the base covers.
    pub included_m: u32,
    /// Per kilometre beyond those.
    pub per_km: u64,
    /// Per minute of the trip.
    pub per_minute: u64,
    /// Seconds of waiting that cost nothing.
    pub free_waiting_s: u32,
    /// Per minute of waiting beyond those.
    pub per_waiting_minute: u64,
    /// The least a trip costs, tolls aside.
    pub minimum: u64,
    /// What a cancelled ride costs, waiting aside.
    pub cancellation: u64,
    /// Fares are rounded to a multiple of this, half up. At least 1.
    pub rounding: u64,
    /// Minutes to add to UTC for the local time.
    pub utc_offset_minutes: i16,
    /// Surcharges by the time of the pick-up. Where windows overlap, the highest counts.
    pub windows: Windows,
    /// The highest multiplier for demand, in thousandths: 1000 is none.
    pub max_surge_permille: u16,
    /// The longest trip.
    pub max_distance_m: u32,
    /// The longest time of a trip.
    pub max_duration_s: u32,
    /// The longest waiting.
    pub max_waiting_s: u32,
    /// The highest tolls, in fen.
    pub max_tolls_fen: u32,
}

/// A company's share.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Share {
    /// Who gets it.
    pub company: CompanyId,
    /// Parts per million of the fare without tolls.
    pub ppm: u32,
}

/// Who gets which part of a fare. Tolls are the driver's, who paid them; the rest is cut in this order:
/// driver, platform, third parties as listed.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct SplitPolicy {
    /// The driver's parts per million.
    pub driver_ppm: u32,
    /// The platform's parts per million.
    pub platform_ppm: u32,
    /// Everybody else: insurers, funds, partners.
    pub third_parties: ThirdParties,
}

impl SplitPolicy {
    /// The shares, if they make a whole.
    pub fn shares(&self) -> Result<Shares, TariffError> {
        let third = self.third_parties.iter().map(|share| share.ppm);
        Shares::new([self.driver_ppm, self.platform_ppm].into_iter().chain(third))
            .map_err(|_| TariffError::Shares)
    }
}

/// A company's prices in a city, and how they are shared.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Tariff {
    /// What a ride costs.
    pub table: FareTable,
    /// Who gets what.
    pub split: SplitPolicy,
}

/// Why a tariff can never come into force.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum TariffError {
    /// The shares do not add up to 1,000,000 parts per million.
    Shares,
    /// A third party is named twice.
    ThirdParty,
    /// A window has no day, a minute after the end of the day, or no length.
    Window,
    /// The multiplier is below 1000, or surge and surcharge together may exceed 10,000 thousandths.
    Multiplier,
    /// The rounding step is zero or more than 100 CNY.
    Rounding,
    /// The local time is more than 14 hours from UTC.
    UtcOffset,
    /// The longest and dearest ride would cost more than ten million CNY.
    TooDear,
}

impl fmt::Display for TariffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shares => "the shares must add up to 1,000,000 parts per million",
            Self::ThirdParty => "a third party may be named once: add its shares up",
            Self::Window => "a window needs a day, minutes below 1440, and a length",
            Self::Multiplier => {
                "surge is 1000 to 10,000 thousandths, the highest surcharge included"
            }
            Self::Rounding => "the rounding step is at least 1, and at most 100 CNY",
            Self::UtcOffset => "local time is at most 14 hours from UTC",
            Self::TooDear => {
                "the limits allow a ride of more than ten million CNY: lower a limit or a price"
            }
        })
    }
}

impl core::error::Error for TariffError {}

/// The coarsest rounding of fares: 100 CNY.
const MAX_ROUNDING: u64 = 100_000_000;

impl Tariff {
    /// Whether this tariff can be in force: afterwards no ride within its limits can overflow.
    pub fn validate(&self) -> Result<(), TariffError> {
        self.split.shares()?;
        let third = &self.split.third_parties;
        if third.iter().enumerate().any(|(i, a)| third[..i].iter().any(|b| a.company == b.company))
        {
            return Err(TariffError::ThirdParty);
        }
        self.table.validate()
    }
}

impl FareTable {
    fn validate(&self) -> Result<(), TariffError> {
        let windows_ok = self.windows.iter().all(|w| {
            w.days != 0
                && w.days < 1 << 7
                && w.from_minute < DAY_MINUTES
                && w.until_minute <= DAY_MINUTES
                && w.from_minute != w.until_minute
        });
        if !windows_ok {
            return Err(TariffError::Window);
        }
        if !(1..=MAX_ROUNDING).contains(&self.rounding) {
            return Err(TariffError::Rounding);
        }
        if self.utc_offset_minutes.unsigned_abs() > 14 * 60 {
            return Err(TariffError::UtcOffset);
        }
        let surcharge = self.windows.iter().map(|w| w.surcharge_permille).max().unwrap_or(0);
        let multiplier = u32::from(self.max_surge_permille) + u32::from(surcharge);
        if self.max_surge_permille < 1000 || multiplier > MAX_MULTIPLIER_PERMILLE {
            return Err(TariffError::Multiplier);
        }
        match self.dearest() {
            Some(units) if units <= u128::from(MAX_FARE) => Ok(()),
            _ => Err(TariffError::TooDear),
        }
    }

    /// An upper bound of every fare within the limits, before the multiplier and after it.
    fn dearest(&self) -> Option<u128> {
        let metered = u128::from(self.base)
            .checked_add(u128::from(self.max_distance_m) * u128::from(self.per_km) / 1000)?
            .checked_add(u128::from(self.max_duration_s) * u128::from(self.per_minute) / 60)?
            .checked_add(u128::from(self.max_waiting_s) * u128::from(self.per_waiting_minute) / 60)?
            .checked_add(self.cancellation.into())?
            .checked_add(self.minimum.into())?;
        metered
            .checked_mul(u128::from(MAX_MULTIPLIER_PERMILLE) / 1000)?
            .checked_add(self.rounding.into())?
            .checked_add(u128::from(self.max_tolls_fen) * crate::money::UNITS_PER_FEN)
    }

    /// The surcharge for a pick-up at `unix_s`, in thousandths of the metered fare.
    pub fn surcharge_permille(&self, unix_s: u64) -> u16 {
        if self.windows.is_empty() {
            return 0;
        }
        let minutes = (unix_s / 60).saturating_add_signed(self.utc_offset_minutes.into());
        let days = minutes / u64::from(DAY_MINUTES);
        // 1970-01-01 was a Thursday, day 3 of a week that starts on Monday. Both fit their types.
        let day = ((days + 3) % 7) as u8;
        let minute = (minutes % u64::from(DAY_MINUTES)) as u16;
        let open = self.windows.iter().filter(|w| w.covers(day, minute));
        open.map(|w| w.surcharge_permille).max().unwrap_or(0)
    }
}

/// A tariff and the time from which it holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct InForce {
    /// Its version.
    pub version: TariffVersion,
    /// First second of the Unix epoch for whose pick-ups it holds.
    pub from: u64,
    /// The tariff.
    pub tariff: Tariff,
}

/// The approved tariffs of a company in a city, each in force until the next begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Schedule(Vec<InForce>);

impl Schedule {
    /// Takes tariffs in any order.
    pub fn new(mut tariffs: Vec<InForce>) -> Self {
        tariffs.sort_by_key(|t| t.from);
        Self(tariffs)
    }

    /// The place of the tariff in force at `unix_s`, for [`Schedule::get`].
    pub fn at(&self, unix_s: u64) -> Option<usize> {
        self.0.partition_point(|t| t.from <= unix_s).checked_sub(1)
    }

    /// The tariff at a place.
    pub fn get(&self, place: usize) -> Option<&InForce> {
        self.0.get(place)
    }

    /// All tariffs, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &InForce> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_window_reaches_into_the_next_day() {
        // Friday 23:00 to 05:00.
        let night =
            Window { days: 1 << 4, from_minute: 1380, until_minute: 300, surcharge_permille: 200 };
        assert!(night.covers(4, 1380) && night.covers(5, 299));
        assert!(!night.covers(4, 299) && !night.covers(5, 1380) && !night.covers(5, 300));
    }

    #[test]
    fn the_week_is_local() {
        // 2019-03-23T20:21:09Z was a Saturday, in Shanghai already Sunday 04:21.
        let mut table = crate::fare::tests::city_table();
        let sunday_early =
            Window { days: 1 << 6, from_minute: 240, until_minute: 300, surcharge_permille: 150 };
        table.windows = vec![sunday_early].try_into().unwrap();
        table.utc_offset_minutes = 480;
        assert_eq!(table.surcharge_permille(1_553_372_469), 150);
        table.utc_offset_minutes = 0;
        assert_eq!(table.surcharge_permille(1_553_372_469), 0);
    }

    #[test]
    fn a_tariff_that_cannot_hold_says_why() {
        let good = crate::fare::tests::city_tariff();
        assert_eq!(good.validate(), Ok(()));
        let broken = |change: fn(&mut Tariff)| {
            let mut tariff = good.clone();
            change(&mut tariff);
            tariff.validate()
        };
        assert_eq!(broken(|t| t.split.driver_ppm += 1), Err(TariffError::Shares));
        assert_eq!(broken(|t| t.table.rounding = 0), Err(TariffError::Rounding));
        assert_eq!(broken(|t| t.table.max_surge_permille = 999), Err(TariffError::Multiplier));
        assert_eq!(broken(|t| t.table.per_km = u64::MAX), Err(TariffError::TooDear));
        assert_eq!(broken(|t| t.table.utc_offset_minutes = 900), Err(TariffError::UtcOffset));
        assert_eq!(broken(|t| t.table.windows[0].days = 0), Err(TariffError::Window));
    }
}
