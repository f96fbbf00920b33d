//! The devices that report for vehicles.

use crate::{Config, Devices, DevicesOf, Error, Event, Pallet};
use frame_support::{dispatch::DispatchResult, ensure};
use smartlink_primitives::{
    telemetry::{DeviceBinding, DeviceId, DeviceKey},
    CompanyId, VehicleId,
};

impl<T: Config> Pallet<T> {
    /// Where a company's device is.
    pub fn device(company: CompanyId, device: DeviceId) -> Option<DeviceBinding> {
        Devices::<T>::get(company, device)
    }

    pub(crate) fn bind(
        company: CompanyId,
        vehicle: VehicleId,
        device: DeviceId,
        key: Option<DeviceKey>,
    ) -> DispatchResult {
        match Devices::<T>::get(company, device) {
            Some(bound) => ensure!(bound.vehicle == vehicle, Error::<T>::DeviceElsewhere),
            None => DevicesOf::<T>::try_append(vehicle, device)
                .map_err(|()| Error::<T>::TooManyDevices)?,
        }
        Devices::<T>::insert(company, device, DeviceBinding { vehicle, key });
        Self::deposit_event(Event::DeviceBound { vehicle, company, device, key });
        Ok(())
    }

    pub(crate) fn unbind(
        company: CompanyId,
        vehicle: VehicleId,
        device: DeviceId,
    ) -> DispatchResult {
        let mut devices = DevicesOf::<T>::get(vehicle);
        let place = devices.iter().position(|bound| *bound == device);
        devices.remove(place.ok_or(Error::<T>::UnknownDevice)?);
        if devices.is_empty() {
            DevicesOf::<T>::remove(vehicle);
        } else {
            DevicesOf::<T>::insert(vehicle, devices);
        }
        Self::forget(company, vehicle, device);
        Ok(())
    }

    /// Takes all devices of its owner off a vehicle that leaves the owner's hands.
    pub(crate) fn unbind_all(owner: CompanyId, vehicle: VehicleId) {
        for device in DevicesOf::<T>::take(vehicle) {
            Self::forget(owner, vehicle, device);
        }
    }

    fn forget(company: CompanyId, vehicle: VehicleId, device: DeviceId) {
        Devices::<T>::remove(company, device);
        Self::deposit_event(Event::DeviceUnbound { vehicle, company, device });
    }
}
