//! Vehicles and the devices in them: all of them at a block, and what a block changed.

use smartlink_primitives::{
    telemetry::{DeviceBinding, DeviceId},
    vehicle::VehicleClass,
    CompanyId, VehicleId,
};
use subxt::{
    storage::{StaticAddress, StorageEntries},
    utils::{Maybe, Static},
};

use crate::{
    api::{
        self,
        runtime_types::{
            pallet_vehicles::{pallet::Event, types::Vehicle as KeptVehicle},
            smartlink_primitives::vehicle::VehicleStatus,
        },
    },
    people::Vehicle,
    At, ChainError,
};

type Entries<'at, Key, Value> = StorageEntries<'at, StaticAddress<Key, Value, Maybe>>;

/// What became of a vehicle or of a device, as far as it says who reports for what, and what that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A vehicle came to be.
    Registered {
        /// Which.
        vehicle: VehicleId,
        /// Whose it is.
        owner: CompanyId,
        /// What it is for.
        class: VehicleClass,
    },
    /// A vehicle is gone for good.
    Scrapped {
        /// Which.
        vehicle: VehicleId,
    },
    /// A vehicle changed hands.
    Transferred {
        /// Which.
        vehicle: VehicleId,
        /// Whose it was.
        from: CompanyId,
        /// Whose it is.
        to: CompanyId,
    },
    /// A device reports for a vehicle; perhaps it did before, and has another key now.
    Bound {
        /// The device's company.
        company: CompanyId,
        /// For which.
        vehicle: VehicleId,
        /// Which.
        device: DeviceId,
    },
    /// A device reports for a vehicle no more.
    Unbound {
        /// The device's company.
        company: CompanyId,
        /// For which it did.
        vehicle: VehicleId,
        /// Which.
        device: DeviceId,
    },
}

impl Change {
    fn of(event: Event) -> Option<Self> {
        Some(match event {
            Event::Registered { vehicle, owner, class, .. } => {
                Self::Registered { vehicle: vehicle.0, owner: owner.0, class: class.0 }
            }
            Event::StatusSet { vehicle, status: VehicleStatus::Scrapped, .. } => {
                Self::Scrapped { vehicle: vehicle.0 }
            }
            Event::Transferred { vehicle, from, to, .. } => {
                Self::Transferred { vehicle: vehicle.0, from: from.0, to: to.0 }
            }
            Event::DeviceBound { vehicle, company, device, .. } => {
                Self::Bound { company: company.0, vehicle: vehicle.0, device: device.0 }
            }
            Event::DeviceUnbound { vehicle, company, device } => {
                Self::Unbound { company: company.0, vehicle: vehicle.0, device: device.0 }
            }
            _ => return None,
        })
    }
}

/// What a block changed, of all companies, in order.
pub async fn changes(at: &At) -> Result<Vec<Change>, ChainError> {
    let what = "what became of vehicles in a block";
    let events = at.events().fetch().await.map_err(ChainError::query(what))?;
    let mut changes = Vec::new();
    for event in events.iter() {
        let event = event.map_err(ChainError::query(what))?;
        if event.pallet_name() != "Vehicles" {
            continue;
        }
        if let api::Event::Vehicles(event) = event.decode_as().map_err(ChainError::query(what))? {
            changes.extend(Change::of(event));
        }
    }
    Ok(changes)
}

/// The vehicles of the chain, of all companies and scrapped ones too, in no order. They come from the node in pages.
pub struct Vehicles<'at> {
    entries: Entries<'at, (Static<VehicleId>,), KeptVehicle>,
}

/// All vehicles as they were at a block.
pub async fn vehicles(at: &At) -> Result<Vehicles<'_>, ChainError> {
    let entries = at.storage().iter(api::storage().vehicles().vehicles(), ()).await;
    Ok(Vehicles { entries: entries.map_err(ChainError::query("the vehicles"))? })
}

impl Vehicles<'_> {
    /// The next one. `None` after the last.
    pub async fn next(&mut self) -> Result<Option<(VehicleId, Vehicle)>, ChainError> {
        let what = "the vehicles";
        let Some(entry) = self.entries.next().await else { return Ok(None) };
        let entry = entry.map_err(ChainError::query(what))?;
        let key = entry.key().and_then(|key| key.decode()).map_err(ChainError::query(what))?;
        let vehicle = entry.value().decode().map_err(ChainError::query(what))?;
        Ok(Some((key.0 .0, vehicle.into())))
    }
}

/// The devices of a company that are bound to vehicles, in no order. They come from the node in pages.
pub struct Devices<'at> {
    entries: Entries<'at, (Static<CompanyId>, Static<DeviceId>), Static<DeviceBinding>>,
}

/// All devices of a company as they were at a block.
pub async fn devices(at: &At, company: CompanyId) -> Result<Devices<'_>, ChainError> {
    let of = api::storage().vehicles().devices();
    let entries = at.storage().iter(of, (Static(company),)).await;
    Ok(Devices { entries: entries.map_err(ChainError::query("a company's devices"))? })
}

impl Devices<'_> {
    /// The next one, and the vehicle for which it reports. `None` after the last.
    pub async fn next(&mut self) -> Result<Option<(DeviceId, VehicleId)>, ChainError> {
        let what = "a company's devices";
        let Some(entry) = self.entries.next().await else { return Ok(None) };
        let entry = entry.map_err(ChainError::query(what))?;
        let key = entry.key().and_then(|key| key.decode()).map_err(ChainError::query(what))?;
        let binding = entry.value().decode().map_err(ChainError::query(what))?;
        Ok(Some((key.1 .0, binding.0.vehicle)))
    }
}
