//! Weights of the calls: estimates of what each reads and writes at most, and a bound for its
//! computation. `cargo xtask weights` replaces them by measured ones. What the council and the
//! observers do is counted by themselves.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `set_active`, beside the change of the council.
    fn set_active() -> Weight;
    /// Of `grant_role`.
    fn grant_role() -> Weight;
    /// Of `revoke_role`.
    fn revoke_role() -> Weight;
    /// Of `appoint_admin`.
    fn appoint_admin() -> Weight;
    /// Of `enact`, beside the call that is enacted.
    fn enact() -> Weight;
    /// Of `apply`.
    fn apply() -> Weight;
    /// Of `withdraw_application`.
    fn withdraw_application() -> Weight;
    /// Of `attest_paper`.
    fn attest_paper() -> Weight;
    /// Of `admit`, beside the change of the council.
    fn admit() -> Weight;
    /// Of `expel`, beside the change of the council.
    fn expel() -> Weight;
    /// Of `renew`, beside the change of the council.
    fn renew() -> Weight;
    /// Of `move_seat`, beside the change of the council.
    fn move_seat() -> Weight;
    /// Of `accept_treasury`.
    fn accept_treasury() -> Weight;
    /// Of a look at the ends of the memberships of `c` companies.
    fn look(c: u32) -> Weight;
    /// Of finding the members of the council among `s` seats.
    fn reseat(s: u32) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn set_active() -> Weight {
        set_active(T::DbWeight::get())
    }

    fn grant_role() -> Weight {
        grant_role(T::DbWeight::get())
    }

    fn revoke_role() -> Weight {
        revoke_role(T::DbWeight::get())
    }

    fn appoint_admin() -> Weight {
        appoint_admin(T::DbWeight::get())
    }

    fn enact() -> Weight {
        enact(T::DbWeight::get())
    }

    fn apply() -> Weight {
        apply(T::DbWeight::get())
    }

    fn withdraw_application() -> Weight {
        withdraw_application(T::DbWeight::get())
    }

    fn attest_paper() -> Weight {
        attest_paper(T::DbWeight::get())
    }

    fn admit() -> Weight {
        admit(T::DbWeight::get())
    }

    fn expel() -> Weight {
        expel(T::DbWeight::get())
    }

    fn renew() -> Weight {
        renew(T::DbWeight::get())
    }

    fn move_seat() -> Weight {
        move_seat(T::DbWeight::get())
    }

    fn accept_treasury() -> Weight {
        accept_treasury(T::DbWeight::get())
    }

    fn look(c: u32) -> Weight {
        look(T::DbWeight::get(), c)
    }

    fn reseat(s: u32) -> Weight {
        reseat(T::DbWeight::get(), s)
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn set_active() -> Weight {
        set_active(RocksDbWeight::get())
    }

    fn grant_role() -> Weight {
        grant_role(RocksDbWeight::get())
    }

    fn revoke_role() -> Weight {
        revoke_role(RocksDbWeight::get())
    }

    fn appoint_admin() -> Weight {
        appoint_admin(RocksDbWeight::get())
    }

    fn enact() -> Weight {
        enact(RocksDbWeight::get())
    }

    fn apply() -> Weight {
        apply(RocksDbWeight::get())
    }

    fn withdraw_application() -> Weight {
        withdraw_application(RocksDbWeight::get())
    }

    fn attest_paper() -> Weight {
        attest_paper(RocksDbWeight::get())
    }

    fn admit() -> Weight {
        admit(RocksDbWeight::get())
    }

    fn expel() -> Weight {
        expel(RocksDbWeight::get())
    }

    fn renew() -> Weight {
        renew(RocksDbWeight::get())
    }

    fn move_seat() -> Weight {
        move_seat(RocksDbWeight::get())
    }

    fn accept_treasury() -> Weight {
        accept_treasury(RocksDbWeight::get())
    }

    fn look(c: u32) -> Weight {
        look(RocksDbWeight::get(), c)
    }

    fn reseat(s: u32) -> Weight {
        reseat(RocksDbWeight::get(), s)
    }
}

/// Reads the company, its seat and the seat of another company in good standing; writes the
/// company. The search for that other company is counted with the change of the council.
fn set_active(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(25_000_000, 10_000).saturating_add(db.reads_writes(5, 1))
}

/// Reads the time, the company, two roles and the count; writes one role and the count.
fn grant_role(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 10_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads the time, the company, two roles and the count; writes one role and the count.
fn revoke_role(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads the company, the role and the count; writes the role and the count.
fn appoint_admin(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(3, 2))
}

/// Deposits an event.
fn enact(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(15_000_000, 1_000).saturating_add(db.reads_writes(1, 1))
}

/// Reads the time, the treasury's owner, the applicant's application, the count, the next id and
/// the application; writes the latter four and the applicant's.
fn apply(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 12_000).saturating_add(db.reads_writes(6, 5))
}

/// Reads the time, the application and the count; writes the application, the applicant's, the
/// count and the treasury's word.
fn withdraw_application(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 8_000).saturating_add(db.reads_writes(4, 4))
}

/// Reads the time, the company, the attester's role, the applicant's role and the application;
/// writes the latter.
fn attest_paper(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(5, 1))
}

/// Reads the time, the application, its count and applicant, the treasury's word and owner, the next
/// id, the role and its count, the notices, the next look, the seat, its account and the count of
/// seats; writes all but the time, and the company.
fn admit(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(100_000_000, 33_000).saturating_add(db.reads_writes(14, 14))
}

/// Reads the company, its seat, its account and the count of seats; writes all of them and the
/// notices.
fn expel(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(5, 5))
}

/// Reads the time, the company, the next look and its seat; writes the company, the notices and the
/// next look.
fn renew(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(40_000_000, 12_000).saturating_add(db.reads_writes(5, 3))
}

/// Reads the time, the company, the role, the seat, the new account's company and the count of
/// seats; writes the seat, two accounts and the count.
fn move_seat(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(6, 4))
}

/// Reads the application and the treasury's word; writes the latter.
fn accept_treasury(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(30_000_000, 8_000).saturating_add(db.reads_writes(2, 1))
}

/// Reads the next id, and each company with its notices; writes the notices and the next look.
fn look(db: RuntimeDbWeight, c: u32) -> Weight {
    Weight::from_parts(20_000_000, 5_000)
        .saturating_add(Weight::from_parts(15_000_000, 6_000).saturating_mul(c.into()))
        .saturating_add(db.reads_writes(2, 1))
        .saturating_add(db.reads_writes(2, 1).saturating_mul(c.into()))
}

/// Reads who is seated, and each seat with its company and the company's notices, twice where a
/// member leaves the council: what is read again is in memory. Writes who is seated.
fn reseat(db: RuntimeDbWeight, s: u32) -> Weight {
    Weight::from_parts(20_000_000, 10_000)
        .saturating_add(Weight::from_parts(10_000_000, 9_000).saturating_mul(s.into()))
        .saturating_add(db.reads_writes(2, 1))
        .saturating_add(db.reads(3).saturating_mul(s.into()))
}
