//! Identifiers. Each is its own type, so that a driver cannot be passed where a company is wanted.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty), $prefix:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    };
}

id! {
    /// A member company of the consortium. Given by the chain, in the order of registration.
    CompanyId(u32), "company "
}
id! {
    /// A driver. Given by the chain, in the order of enrolment.
    DriverId(u32), "driver "
}
id! {
    /// A vehicle. Given by the chain, in the order of registration.
    VehicleId(u32), "vehicle "
}
id! {
    /// A driver's place in the ledger of one company: page `seat / PAGE_SEATS`, entry
    /// `seat % PAGE_SEATS`. A driver of two companies has a seat in each.
    Seat(u32), "seat "
}
id! {
    /// A city: administrative division code of six digits (GB/T 2260), or one agreed by the council
    /// for places outside of it.
    CityCode(u32), "city "
}
id! {
    /// The number of a company's ride batch. The first is 1, and each is one more than the last.
    BatchNumber(u64), "batch "
}
id! {
    /// The number of a batch of a company's telemetry whose root is on chain. The first is 1, and each is one
    /// more than the last.
    AnchorNumber(u64), "anchor "
}
id! {
    /// The version of a company's tariff in a city. The first is 1.
    TariffVersion(u32), "tariff version "
}

impl Seat {
    /// The page of the ledger that holds this seat.
    pub const fn page(self) -> u32 {
        self.0 / crate::ledger::PAGE_SEATS
    }

    /// The entry of this seat in its page.
    pub const fn entry(self) -> usize {
        (self.0 % crate::ledger::PAGE_SEATS) as usize
    }
}
