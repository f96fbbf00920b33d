//! Who is who: roles in companies, drivers and their employers, vehicles.

use smartlink_primitives::{
    vehicle::VehicleClass, CompanyId, DriverId, Permissions, Seat, VehicleId,
};
use subxt::utils::{AccountId32, Static};

use crate::{
    api::{
        self,
        runtime_types::{
            pallet_consortium::types::Standing,
            pallet_drivers::types::DriverStatus,
            pallet_vehicles::types::Vehicle as KeptVehicle,
            smartlink_primitives::{company::CompanyKind, vehicle::VehicleStatus},
        },
    },
    queries, At, ChainError,
};

/// What a role of the account in the company permits at this block. Nothing when there is no role, it has
/// expired, or the company is unknown, or cannot act: it is suspended or expelled, or its membership lapsed.
pub async fn permissions(
    at: &At,
    company: CompanyId,
    account: &AccountId32,
) -> Result<Permissions, ChainError> {
    let what = "a company";
    let key = api::storage().consortium().companies();
    let known = at.storage().try_fetch(key, (Static(company),)).await;
    let Some(known) = known.map_err(ChainError::query(what))? else {
        return Ok(Permissions::NONE);
    };
    let known = known.decode().map_err(ChainError::query(what))?;
    let now = now(at).await?;
    if !may_act(&known.standing, known.until, now) {
        return Ok(Permissions::NONE);
    }
    role(at, company, account, now).await
}

/// Whether a company of this standing, whose membership ends at `until`, may act at `now`.
fn may_act(standing: &Standing, until: Option<u64>, now: u64) -> bool {
    matches!(standing, Standing::Active) && until.is_none_or(|until| until > now)
}

/// The block's time in seconds of the Unix epoch, by which roles and memberships end.
async fn now(at: &At) -> Result<u64, ChainError> {
    Ok(queries::timestamp_ms(at).await? / 1_000)
}

async fn role(
    at: &At,
    company: CompanyId,
    account: &AccountId32,
    now: u64,
) -> Result<Permissions, ChainError> {
    let what = "a role";
    let key = api::storage().consortium().roles();
    let role = at.storage().try_fetch(key, (Static(company), *account)).await;
    let Some(role) = role.map_err(ChainError::query(what))? else {
        return Ok(Permissions::NONE);
    };
    let role = role.decode().map_err(ChainError::query(what))?;
    let expired = role.expires.is_some_and(|expires| expires <= now);
    Ok(if expired { Permissions::NONE } else { role.permissions.0 })
}

/// Whether the account may audit for any company that may act and whose kind is auditor or regulator.
pub async fn audits(at: &At, account: &AccountId32) -> Result<bool, ChainError> {
    let what = "the companies";
    let now = now(at).await?;
    let key = api::storage().consortium().companies();
    let mut companies = at.storage().iter(key, ()).await.map_err(ChainError::query(what))?;
    while let Some(entry) = companies.next().await {
        let entry = entry.map_err(ChainError::query(what))?;
        let company = entry.value().decode().map_err(ChainError::query(what))?;
        let reads = matches!(company.kind, CompanyKind::Auditor | CompanyKind::Regulator);
        if !reads || !may_act(&company.standing, company.until, now) {
            continue;
        }
        let id = entry.key().and_then(|key| key.decode());
        let id = id.map_err(ChainError::query(what))?.0;
        if role(at, id.0, account, now).await?.contains(Permissions::AUDIT) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A driver's work for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employment {
    /// The driver.
    pub driver: DriverId,
    /// The place in the company's ledger.
    pub seat: Seat,
    /// Whether the driver works there now.
    pub active: bool,
}

/// The work of the driver with this account for a company. `None` when the account is no driver's, or
/// never worked there.
pub async fn employment(
    at: &At,
    company: CompanyId,
    account: &AccountId32,
) -> Result<Option<Employment>, ChainError> {
    let what = "a driver";
    let key = api::storage().drivers().driver_of();
    let driver = at.storage().try_fetch(key, (*account,)).await.map_err(ChainError::query(what))?;
    let Some(driver) = driver else { return Ok(None) };
    let driver = driver.decode().map_err(ChainError::query(what))?.0;
    let key = api::storage().drivers().drivers();
    let known = at.storage().try_fetch(key, (Static(driver),)).await;
    let Some(known) = known.map_err(ChainError::query(what))? else { return Ok(None) };
    let known = known.decode().map_err(ChainError::query(what))?;
    let mut employments = known.employments.0.into_iter();
    let employment = employments.find(|employment| employment.company.0 == company);
    Ok(employment.map(|employment| Employment {
        driver,
        seat: employment.seat.0,
        active: matches!(employment.status, DriverStatus::Active),
    }))
}

/// A vehicle as the chain knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// Whose it is.
    pub owner: CompanyId,
    /// What it is for.
    pub class: VehicleClass,
    /// Whether it may serve.
    pub in_service: bool,
    /// Whether it is gone for good.
    pub scrapped: bool,
}

impl From<KeptVehicle> for Vehicle {
    fn from(kept: KeptVehicle) -> Self {
        Self {
            owner: kept.owner.0,
            class: kept.class.0,
            in_service: matches!(kept.status, VehicleStatus::InService),
            scrapped: matches!(kept.status, VehicleStatus::Scrapped),
        }
    }
}

/// A vehicle. `None` when there is none with this id.
pub async fn vehicle(at: &At, id: VehicleId) -> Result<Option<Vehicle>, ChainError> {
    let what = "a vehicle";
    let key = api::storage().vehicles().vehicles();
    let vehicle = at.storage().try_fetch(key, (Static(id),)).await;
    let Some(vehicle) = vehicle.map_err(ChainError::query(what))? else { return Ok(None) };
    Ok(Some(vehicle.decode().map_err(ChainError::query(what))?.into()))
}
