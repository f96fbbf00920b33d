//! Stories of devices: bound, taken off, and left behind when a vehicle goes.

use super::*;
use crate::{Devices, DevicesOf, MAX_DEVICES};
use proptest::prelude::*;
use smartlink_primitives::telemetry::{DeviceBinding, DeviceId};

fn device(number: u8) -> DeviceId {
    DeviceId::salted(&[7; 32], &[number])
}

fn bind(who: u64, vehicle: VehicleId, number: u8) -> DispatchResult {
    Vehicles::bind_device(by(who), vehicle, device(number), Some([number; 32].into()))
}

fn unbind(who: u64, vehicle: VehicleId, number: u8) -> DispatchResult {
    Vehicles::unbind_device(by(who), vehicle, device(number))
}

fn vehicle_of(company: CompanyId, number: u8) -> Option<VehicleId> {
    Vehicles::device(company, device(number)).map(|binding| binding.vehicle)
}

/// A sedan and a bus of Swift.
fn two_vehicles() -> (VehicleId, VehicleId) {
    let sedan = registered();
    assert_ok!(register(BUS, "京A1"));
    (sedan, VehicleId(2))
}

#[test]
fn a_device_is_bound_found_and_taken_off() {
    on_chain(|| {
        let id = registered();
        assert_ok!(bind(SWIFT_ADMIN, id, 1));
        let (company, key) = (SWIFT, Some([1; 32].into()));
        System::assert_last_event(
            Event::<Test>::DeviceBound { vehicle: id, company, device: device(1), key }.into(),
        );
        assert_eq!(Vehicles::device(SWIFT, device(1)), Some(DeviceBinding { vehicle: id, key }));
        assert_eq!(vehicle_of(OXCART, 1), None);
        assert_eq!(vehicle(id).version, 1, "what is proven of the vehicle did not change");
        assert_ok!(unbind(SWIFT_ADMIN, id, 1));
        System::assert_last_event(
            Event::<Test>::DeviceUnbound { vehicle: id, company, device: device(1) }.into(),
        );
        assert_eq!(vehicle_of(SWIFT, 1), None);
        assert!(!DevicesOf::<Test>::contains_key(id));
        assert_noop!(unbind(SWIFT_ADMIN, id, 1), Error::<Test>::UnknownDevice);
    });
}

#[test]
fn a_device_gets_another_key_where_it_is() {
    on_chain(|| {
        let id = registered();
        assert_ok!(bind(SWIFT_ADMIN, id, 1));
        assert_ok!(Vehicles::bind_device(by(SWIFT_ADMIN), id, device(1), None));
        let binding = DeviceBinding { vehicle: id, key: None };
        assert_eq!(Vehicles::device(SWIFT, device(1)), Some(binding));
        assert_eq!(DevicesOf::<Test>::get(id).len(), 1);
    });
}

#[test]
fn a_device_is_in_one_vehicle_of_its_company() {
    on_chain(|| {
        let (sedan, bus) = two_vehicles();
        assert_ok!(bind(SWIFT_ADMIN, sedan, 1));
        assert_noop!(bind(SWIFT_ADMIN, bus, 1), Error::<Test>::DeviceElsewhere);
        assert_noop!(unbind(SWIFT_ADMIN, bus, 1), Error::<Test>::UnknownDevice);
        assert_ok!(unbind(SWIFT_ADMIN, sedan, 1));
        assert_ok!(bind(SWIFT_ADMIN, bus, 1));
        assert_eq!(vehicle_of(SWIFT, 1), Some(bus));
    });
}

#[test]
fn a_vehicle_has_a_few_devices() {
    on_chain(|| {
        let id = registered();
        let most = MAX_DEVICES as u8;
        for number in 0..most {
            assert_ok!(bind(SWIFT_ADMIN, id, number));
        }
        assert_noop!(bind(SWIFT_ADMIN, id, most), Error::<Test>::TooManyDevices);
        // One that is there still gets its key.
        assert_ok!(bind(SWIFT_ADMIN, id, 3));
        assert_ok!(unbind(SWIFT_ADMIN, id, 0));
        assert_ok!(bind(SWIFT_ADMIN, id, most));
    });
}

#[test]
fn only_the_owners_fleet_people_bind() {
    on_chain(|| {
        let id = registered();
        assert_noop!(bind(OXCART_ADMIN, id, 1), NO_ROLE);
        let worker = clerk(Permissions::TELEMETRY | Permissions::FINANCE);
        assert_noop!(bind(worker, id, 1), NOT_PERMITTED);
        assert_noop!(
            Vehicles::bind_device(RuntimeOrigin::none(), id, device(1), None),
            DispatchError::BadOrigin
        );
        assert_noop!(bind(SWIFT_ADMIN, VehicleId(9), 1), Error::<Test>::UnknownVehicle);
        assert_ok!(bind(SWIFT_ADMIN, id, 1));
        assert_noop!(unbind(OXCART_ADMIN, id, 1), NO_ROLE);
    });
}

#[test]
fn a_sold_vehicle_leaves_its_devices_behind() {
    on_chain(|| {
        let (sedan, bus) = two_vehicles();
        assert_ok!(bind(SWIFT_ADMIN, sedan, 1));
        assert_ok!(bind(SWIFT_ADMIN, sedan, 2));
        assert_ok!(offer(OXCART, Money::yuan(1)));
        // Only the sale itself takes them off.
        assert_eq!(vehicle_of(SWIFT, 1), Some(sedan));
        assert_ok!(Vehicles::accept_transfer(by(OXCART_ADMIN), sedan, Money::yuan(1)));
        for number in [1, 2] {
            let device = device(number);
            System::assert_has_event(
                Event::<Test>::DeviceUnbound { vehicle: sedan, company: SWIFT, device }.into(),
            );
            assert_eq!(vehicle_of(SWIFT, number), None);
        }
        // The seller fits them elsewhere, the buyer binds a terminal that calls itself the same.
        assert_ok!(bind(SWIFT_ADMIN, bus, 1));
        assert_ok!(bind(OXCART_ADMIN, sedan, 1));
        assert_eq!((vehicle_of(SWIFT, 1), vehicle_of(OXCART, 1)), (Some(bus), Some(sedan)));
    });
}

#[test]
fn a_scrapped_vehicle_has_no_devices_and_gets_none() {
    on_chain(|| {
        let id = registered();
        assert_ok!(bind(SWIFT_ADMIN, id, 1));
        let set = |status| Vehicles::set_status(by(SWIFT_ADMIN), id, status);
        assert_ok!(set(VehicleStatus::OutOfService));
        assert_eq!(vehicle_of(SWIFT, 1), Some(id), "a vehicle that stands still reports as well");
        assert_ok!(set(VehicleStatus::Scrapped));
        assert_eq!(Devices::<Test>::iter().count(), 0);
        assert_noop!(bind(SWIFT_ADMIN, id, 1), Error::<Test>::Scrapped);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is bound, taken off and sold in whatever order: `on_chain` checks that devices and vehicles
    /// agree.
    #[test]
    fn devices_and_vehicles_always_agree(
        steps in proptest::collection::vec((0u8..4, 1u32..3, 0u8..12, any::<bool>()), 1..80),
    ) {
        on_chain(|| {
            two_vehicles();
            for (step, vehicle, number, swift) in steps {
                let (id, who) = (VehicleId(vehicle), if swift { SWIFT_ADMIN } else { OXCART_ADMIN });
                let to = if swift { OXCART } else { SWIFT };
                MaxItems::set(usize::MAX as u32);
                let _ = match step {
                    0 | 1 => bind(who, id, number),
                    2 => unbind(who, id, number),
                    _ => Vehicles::offer_transfer(by(who), id, to, Money::ZERO).and_then(|()| {
                        let buyer = if swift { OXCART_ADMIN } else { SWIFT_ADMIN };
                        Vehicles::accept_transfer(by(buyer), id, Money::ZERO)
                    }),
                };
            }
        });
    }
}
