//! What always holds of the vehicles.

use crate::{
    types, ByPlate, ByVin, Config, Devices, DevicesOf, NextVehicle, Offers, Pallet, Vehicle,
    Vehicles,
};
use frame_support::ensure;
use smartlink_primitives::{vehicle::VehicleStatus, VehicleId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let next = NextVehicle::<T>::get().0;
        let (mut vehicles, mut plates) = (0usize, 0usize);
        for (id, vehicle) in Vehicles::<T>::iter() {
            ensure!((1..next).contains(&id.0), "a vehicle has an id that was never given");
            Self::check_vehicle(id, &vehicle)?;
            vehicles += 1;
            plates += usize::from(vehicle.status != VehicleStatus::Scrapped);
        }
        ensure!(vehicles == (next as usize).saturating_sub(1), "a vehicle is missing");
        ensure!(ByVin::<T>::iter_keys().count() == vehicles, "a VIN leads to no vehicle");
        ensure!(ByPlate::<T>::iter_keys().count() == plates, "a plate leads to no vehicle");
        Self::check_offers()?;
        Self::check_devices()
    }

    fn check_vehicle(id: VehicleId, vehicle: &Vehicle) -> Result<(), TryRuntimeError> {
        ensure!(vehicle.version > 0, "a vehicle has no version");
        let by_vin = ByVin::<T>::get(vehicle.vin);
        ensure!(by_vin == Some(id), "a VIN does not lead back to its vehicle");
        if vehicle.status == VehicleStatus::Scrapped {
            ensure!(vehicle.plate.is_empty(), "a scrapped vehicle bears a plate");
        } else {
            ensure!(types::is_plate(&vehicle.plate), "a vehicle bears no proper plate");
            let by_plate = ByPlate::<T>::get(&vehicle.plate);
            ensure!(by_plate == Some(id), "a plate does not lead back to its vehicle");
        }
        Ok(())
    }

    fn check_offers() -> Result<(), TryRuntimeError> {
        for (id, offer) in Offers::<T>::iter() {
            let vehicle = Vehicles::<T>::get(id).ok_or("an offer of an unknown vehicle")?;
            ensure!(vehicle.status != VehicleStatus::Scrapped, "a scrapped vehicle is offered");
            ensure!(vehicle.owner != offer.to, "a vehicle is offered to its owner");
        }
        Ok(())
    }

    fn check_devices() -> Result<(), TryRuntimeError> {
        let mut bound = 0usize;
        for (id, devices) in DevicesOf::<T>::iter() {
            let vehicle = Vehicles::<T>::get(id).ok_or("a device of an unknown vehicle")?;
            ensure!(!devices.is_empty(), "a list of devices is empty");
            ensure!(vehicle.status != VehicleStatus::Scrapped, "a scrapped vehicle has a device");
            for device in &devices {
                let binding = Devices::<T>::get(vehicle.owner, device);
                let leads_back = binding.is_some_and(|binding| binding.vehicle == id);
                ensure!(leads_back, "a device does not lead back to its vehicle");
            }
            bound = bound.saturating_add(devices.len());
        }
        // As many as there are, and each leads back: none is listed twice, none is missing.
        ensure!(Devices::<T>::iter_keys().count() == bound, "a device leads to no vehicle");
        Ok(())
    }
}
