//! What the council decides, as calls for [`council::carry`](crate::council::carry) and for batches.

use smartlink_primitives::CompanyId;
use subxt::utils::{AccountId32, Static, H256};

use crate::{
    api::{self, runtime_types::pallet_consortium::types::ApplicationId},
    calls::Call,
};

/// Has the root of the chain do a call. Needs three quarters of the seats; the event `Enacted` says what came of it.
pub fn enact(call: Call) -> Call {
    Call::Consortium(api::consortium::Call::enact { call: Box::new(call) })
}

/// Admits the company of an application whose papers are attested, until `until` in seconds of the Unix epoch, with a seat in
/// the council or without.
pub fn admit(application: u32, until: Option<u64>, seat: bool) -> Call {
    let application = ApplicationId(application);
    Call::Consortium(api::consortium::Call::admit { application, until, seat })
}

/// Expels a company for good. The reason is the hash of a document.
pub fn expel(company: CompanyId, reason: H256) -> Call {
    Call::Consortium(api::consortium::Call::expel { company: Static(company), reason })
}

/// Suspends a company, or lets it act again.
pub fn set_active(company: CompanyId, active: bool) -> Call {
    Call::Consortium(api::consortium::Call::set_active { company: Static(company), active })
}

/// Lets an account that has session keys validate for a company, from the session after next.
pub fn add_validator(company: CompanyId, account: AccountId32) -> Call {
    Call::Validators(api::validators::Call::add_validator { company: Static(company), account })
}

/// Takes a validator out of the session after next.
pub fn remove_validator(account: AccountId32) -> Call {
    Call::Validators(api::validators::Call::remove_validator { account })
}

/// Forgives a validator its offence.
pub fn reinstate(account: AccountId32) -> Call {
    Call::Validators(api::validators::Call::reinstate { account })
}

/// Tells the chain that finality stands since a block, so that the validators of `delay` blocks later finalise from there. Only
/// the root may: see [`enact`].
pub fn note_stalled(delay: u32, best_finalized: u32) -> Call {
    Call::Grandpa(api::grandpa::Call::note_stalled {
        delay,
        best_finalized_block_number: best_finalized,
    })
}

/// Lets BEEFY begin anew in `delay` blocks. Only the root may: see [`enact`].
pub fn set_new_genesis(delay: u32) -> Call {
    Call::Beefy(api::beefy::Call::set_new_genesis { delay_in_blocks: delay })
}
