//! Stories of vehicles: how they come, change hands and go.

use crate::{
    item::{encode, ITEM_LENGTH},
    mock::*,
    ByPlate, ByVin, Error, Event, Model, Offer, Offers, Plate, Vehicle, VinFault,
};
use frame_support::{assert_noop, assert_ok};
use smartlink_primitives::{
    keccak,
    vehicle::{VehicleClass, VehicleStatus},
    vin::{Vin, VIN_LENGTH},
    CompanyId, Money, Permissions, VehicleId,
};
use sp_runtime::{DispatchError, DispatchResult, TokenError};

mod devices;

const BUS: [u8; VIN_LENGTH] = *b"1M8GDM9AXKP042788";
const SEDAN: [u8; VIN_LENGTH] = *b"LVSHCAMB1CE054249";
const FIRST: VehicleId = VehicleId(1);

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn plate(text: &str) -> Plate {
    text.as_bytes().to_vec().try_into().expect("a plate fits")
}

fn model(text: &str) -> Model {
    text.as_bytes().to_vec().try_into().expect("a model fits")
}

fn register(vin: [u8; VIN_LENGTH], on_plate: &str) -> DispatchResult {
    let (plate, model) = (plate(on_plate), model("秦 PLUS DM-i"));
    Vehicles::register(by(SWIFT_ADMIN), SWIFT, vin, plate, model, VehicleClass::Comfort)
}

/// A sedan of Swift.
fn registered() -> VehicleId {
    assert_ok!(register(SEDAN, "京AD12345"));
    FIRST
}

fn vehicle(id: VehicleId) -> Vehicle {
    crate::Vehicles::<Test>::get(id).expect("it is registered")
}

fn offer(to: CompanyId, price: Money) -> DispatchResult {
    Vehicles::offer_transfer(by(SWIFT_ADMIN), FIRST, to, price)
}

fn clerk(permissions: Permissions) -> u64 {
    let clerk = 12;
    assert_ok!(Consortium::grant_role(by(SWIFT_ADMIN), SWIFT, clerk, permissions, None));
    clerk
}

const NO_ROLE: pallet_consortium::Error<Test> = pallet_consortium::Error::NoRole;
const NOT_PERMITTED: pallet_consortium::Error<Test> = pallet_consortium::Error::NotPermitted;

#[test]
fn a_registered_vehicle_is_found_by_vin_and_plate_and_is_witnessed() {
    on_chain(|| {
        let id = registered();
        let vin = Vin::new(SEDAN).unwrap();
        let (plate, model) = (plate("京AD12345"), model("秦 PLUS DM-i"));
        assert_eq!(ByVin::<Test>::get(vin), Some(id));
        assert_eq!(ByPlate::<Test>::get(&plate), Some(id));
        assert_eq!(vehicle(id).status, VehicleStatus::InService);
        assert_eq!(vehicle(id).version, 1);
        assert_eq!(Noted::get(), [crate::item(&vehicle(id), id)]);
        let class = VehicleClass::Comfort;
        System::assert_last_event(
            Event::<Test>::Registered { vehicle: id, owner: SWIFT, vin, plate, model, class }
                .into(),
        );
    });
}

#[test]
fn a_wrong_vin_is_refused_with_its_mistake() {
    on_chain(|| {
        assert_noop!(
            register(*b"1M8GDM9A0KP042788", "京A1"),
            Error::<Test>::Vin(VinFault::CheckDigit { expected: b'X' })
        );
        assert_noop!(
            register(*b"1M8GDM9AXKPO42788", "京A1"),
            Error::<Test>::Vin(VinFault::Character { place: 12 })
        );
    });
}

#[test]
fn a_vin_is_registered_once_and_for_ever() {
    on_chain(|| {
        let id = registered();
        assert_noop!(register(SEDAN, "京A1"), Error::<Test>::VinTaken);
        assert_ok!(Vehicles::set_status(by(SWIFT_ADMIN), id, VehicleStatus::Scrapped));
        assert_noop!(register(SEDAN, "京A1"), Error::<Test>::VinTaken);
    });
}

#[test]
fn two_vehicles_cannot_bear_one_plate() {
    on_chain(|| {
        let id = registered();
        assert_noop!(register(BUS, "京AD12345"), Error::<Test>::PlateTaken);
        assert_ok!(register(BUS, "京A1"));
        assert_noop!(
            Vehicles::set_plate(by(SWIFT_ADMIN), id, plate("京A1")),
            Error::<Test>::PlateTaken
        );
    });
}

#[test]
fn plates_and_models_are_written_properly() {
    on_chain(|| {
        for wrong in ["", "京 A1", "京a1", "京A1\n"] {
            assert_noop!(register(SEDAN, wrong), Error::<Test>::BadPlate);
        }
        let register_model = |model| {
            let (plate, class) = (plate("京A1"), VehicleClass::Van);
            Vehicles::register(by(SWIFT_ADMIN), SWIFT, SEDAN, plate, model, class)
        };
        assert_noop!(register_model(model(" ")), Error::<Test>::BadModel);
        assert_noop!(register_model(vec![0xc0].try_into().unwrap()), Error::<Test>::BadModel);
        let id = registered();
        assert_noop!(Vehicles::set_plate(by(SWIFT_ADMIN), id, plate("")), Error::<Test>::BadPlate);
    });
}

#[test]
fn a_vehicle_changes_its_plate_and_frees_the_old_one() {
    on_chain(|| {
        let id = registered();
        assert_ok!(Vehicles::set_plate(by(SWIFT_ADMIN), id, plate("沪B99999")));
        let new = plate("沪B99999");
        System::assert_last_event(
            Event::<Test>::PlateSet { vehicle: id, plate: new.clone(), version: 2 }.into(),
        );
        assert_eq!(ByPlate::<Test>::get(new), Some(id));
        assert_ok!(register(BUS, "京AD12345"));
        // The plate it bears already is no mistake.
        assert_ok!(Vehicles::set_plate(by(SWIFT_ADMIN), id, plate("沪B99999")));
    });
}

#[test]
fn only_the_owners_fleet_people_touch_a_vehicle() {
    on_chain(|| {
        let id = registered();
        let out = VehicleStatus::OutOfService;
        assert_noop!(Vehicles::set_status(by(OXCART_ADMIN), id, out), NO_ROLE);
        assert_noop!(Vehicles::set_plate(by(OXCART_ADMIN), id, plate("京A1")), NO_ROLE);
        let treasurer = clerk(Permissions::FINANCE);
        assert_noop!(Vehicles::set_status(by(treasurer), id, out), NOT_PERMITTED);
        assert_noop!(
            Vehicles::register(
                by(treasurer),
                SWIFT,
                BUS,
                plate("京A1"),
                model("Coach"),
                VehicleClass::Van
            ),
            NOT_PERMITTED
        );
    });
}

#[test]
fn a_scrapped_vehicle_is_gone_for_good() {
    on_chain(|| {
        let id = registered();
        let set = |status| Vehicles::set_status(by(SWIFT_ADMIN), id, status);
        assert_ok!(offer(OXCART, Money::ZERO));
        assert_ok!(set(VehicleStatus::OutOfService));
        assert_ok!(set(VehicleStatus::InService));
        assert_ok!(set(VehicleStatus::Scrapped));
        let status = VehicleStatus::Scrapped;
        System::assert_last_event(
            Event::<Test>::StatusSet { vehicle: id, status, version: 4 }.into(),
        );
        assert_eq!(Offers::<Test>::get(id), None);
        assert_noop!(set(VehicleStatus::InService), Error::<Test>::Scrapped);
        assert_noop!(
            Vehicles::set_plate(by(SWIFT_ADMIN), id, plate("京A1")),
            Error::<Test>::Scrapped
        );
        assert_noop!(offer(OXCART, Money::ZERO), Error::<Test>::Scrapped);
        // Its plate can be borne by another one.
        assert_ok!(register(BUS, "京AD12345"));
    });
}

#[test]
fn a_sale_moves_vehicle_and_money_in_one_step() {
    on_chain(|| {
        let id = registered();
        let price = Money::yuan(80_000);
        assert_ok!(offer(OXCART, price));
        System::assert_last_event(
            Event::<Test>::TransferOffered { vehicle: id, from: SWIFT, to: OXCART, price }.into(),
        );
        assert_ok!(Vehicles::accept_transfer(by(OXCART_ADMIN), id, price));
        System::assert_last_event(
            Event::<Test>::Transferred { vehicle: id, from: SWIFT, to: OXCART, price, version: 2 }
                .into(),
        );
        assert_eq!(vehicle(id).owner, OXCART);
        assert_eq!(Balances::free_balance(SWIFT_TREASURY), WEALTH.0 + price.0);
        assert_eq!(Balances::free_balance(OXCART_TREASURY), WEALTH.0 - price.0);
        assert_eq!(Noted::get().last(), Some(&crate::item(&vehicle(id), id)));
        // The old owner has nothing to say any more.
        let out = VehicleStatus::OutOfService;
        assert_noop!(Vehicles::set_status(by(SWIFT_ADMIN), id, out), NO_ROLE);
        assert_ok!(Vehicles::set_status(by(OXCART_ADMIN), id, out));
        assert_noop!(
            Vehicles::accept_transfer(by(OXCART_ADMIN), id, price),
            Error::<Test>::NotOffered
        );
    });
}

#[test]
fn a_gift_costs_nothing() {
    on_chain(|| {
        let id = registered();
        // Lotus has no money at all.
        assert_ok!(offer(LOTUS, Money::ZERO));
        assert_ok!(Vehicles::accept_transfer(by(LOTUS_ADMIN), id, Money::ZERO));
        assert_eq!(vehicle(id).owner, LOTUS);
    });
}

#[test]
fn a_buyer_does_not_pay_a_price_it_never_saw() {
    on_chain(|| {
        let id = registered();
        assert_ok!(offer(OXCART, Money::yuan(80_000)));
        assert_ok!(offer(OXCART, Money::yuan(90_000)));
        assert_noop!(
            Vehicles::accept_transfer(by(OXCART_ADMIN), id, Money::yuan(80_000)),
            Error::<Test>::OtherPrice
        );
    });
}

#[test]
fn a_buyer_without_money_gets_nothing() {
    on_chain(|| {
        let id = registered();
        let price = Money::yuan(80_000);
        assert_ok!(offer(LOTUS, price));
        assert_noop!(
            Vehicles::accept_transfer(by(LOTUS_ADMIN), id, price),
            TokenError::FundsUnavailable
        );
        // A treasury never pays its last fen.
        assert_ok!(offer(OXCART, WEALTH));
        assert_noop!(
            Vehicles::accept_transfer(by(OXCART_ADMIN), id, WEALTH),
            TokenError::NotExpendable
        );
        let most = Money(WEALTH.0 - DEPOSIT);
        assert_ok!(offer(OXCART, most));
        assert_ok!(Vehicles::accept_transfer(by(OXCART_ADMIN), id, most));
    });
}

#[test]
fn a_sale_that_cannot_be_witnessed_does_not_happen() {
    on_chain(|| {
        let id = registered();
        MaxItems::set(1);
        assert_ok!(offer(OXCART, Money::yuan(1)));
        assert_noop!(Vehicles::accept_transfer(by(OXCART_ADMIN), id, Money::yuan(1)), FULL);
        assert_noop!(register(BUS, "京A1"), FULL);
        // In the next block there is room again.
        MaxItems::set(2);
        assert_ok!(Vehicles::accept_transfer(by(OXCART_ADMIN), id, Money::yuan(1)));
    });
}

#[test]
fn selling_and_buying_takes_the_permission_for_money() {
    on_chain(|| {
        let id = registered();
        let mechanic = clerk(Permissions::FLEET);
        assert_noop!(
            Vehicles::offer_transfer(by(mechanic), id, OXCART, Money::ZERO),
            NOT_PERMITTED
        );
        assert_ok!(offer(OXCART, Money::ZERO));
        assert_noop!(Vehicles::accept_transfer(by(LOTUS_ADMIN), id, Money::ZERO), NO_ROLE);
        assert_noop!(Vehicles::cancel_offer(by(LOTUS_ADMIN), id), NO_ROLE);
        assert_noop!(Vehicles::cancel_offer(RuntimeOrigin::none(), id), DispatchError::BadOrigin);
    });
}

#[test]
fn an_offer_goes_to_another_active_company() {
    on_chain(|| {
        registered();
        assert_noop!(offer(SWIFT, Money::ZERO), Error::<Test>::OwnVehicle);
        assert_noop!(
            offer(CompanyId(9), Money::ZERO),
            pallet_consortium::Error::<Test>::UnknownCompany
        );
        assert_ok!(Consortium::set_active(RuntimeOrigin::root(), OXCART, false));
        assert_noop!(offer(OXCART, Money::ZERO), pallet_consortium::Error::<Test>::Suspended);
    });
}

#[test]
fn a_seller_that_was_suspended_sells_nothing() {
    on_chain(|| {
        let id = registered();
        assert_ok!(offer(OXCART, Money::ZERO));
        assert_ok!(Consortium::set_active(RuntimeOrigin::root(), SWIFT, false));
        assert_noop!(
            Vehicles::accept_transfer(by(OXCART_ADMIN), id, Money::ZERO),
            pallet_consortium::Error::<Test>::Suspended
        );
    });
}

#[test]
fn owner_and_addressee_can_cancel_an_offer() {
    on_chain(|| {
        let id = registered();
        for who in [SWIFT_ADMIN, OXCART_ADMIN] {
            assert_ok!(offer(OXCART, Money::yuan(1)));
            let offered = Offer { to: OXCART, price: Money::yuan(1) };
            assert_eq!(Offers::<Test>::get(id), Some(offered));
            assert_ok!(Vehicles::cancel_offer(by(who), id));
            System::assert_last_event(
                Event::<Test>::OfferCancelled { vehicle: id, by: who }.into(),
            );
            assert_noop!(Vehicles::cancel_offer(by(who), id), Error::<Test>::NotOffered);
        }
    });
}

#[test]
fn an_unknown_vehicle_has_nothing() {
    on_chain(|| {
        let ghost = VehicleId(9);
        let out = VehicleStatus::OutOfService;
        assert_noop!(
            Vehicles::set_status(by(SWIFT_ADMIN), ghost, out),
            Error::<Test>::UnknownVehicle
        );
        assert_noop!(
            Vehicles::set_plate(by(SWIFT_ADMIN), ghost, plate("京A1")),
            Error::<Test>::UnknownVehicle
        );
        assert_noop!(offer(OXCART, Money::ZERO), Error::<Test>::UnknownVehicle);
        assert_noop!(
            Vehicles::accept_transfer(by(SWIFT_ADMIN), ghost, Money::ZERO),
            Error::<Test>::NotOffered
        );
    });
}

#[test]
fn ids_run_out_before_they_repeat() {
    on_chain(|| {
        crate::NextVehicle::<Test>::put(VehicleId(u32::MAX));
        assert_noop!(register(SEDAN, "京A1"), Error::<Test>::TooManyVehicles);
        crate::NextVehicle::<Test>::put(FIRST);
    });
}

#[test]
fn what_is_proven_of_a_vehicle_is_encoded_to_the_byte() {
    let sedan = Vehicle {
        vin: Vin::new(SEDAN).unwrap(),
        plate: plate("京AD12345"),
        model: model("Qin"),
        class: VehicleClass::Comfort,
        owner: CompanyId(0x0102_0304),
        status: VehicleStatus::OutOfService,
        version: 7,
    };
    let bytes = encode(&sedan, VehicleId(0xa0b0_c0d0));
    assert_eq!(bytes.len(), 81);
    assert_eq!(ITEM_LENGTH, 81);
    assert_eq!(bytes[..14], [0xa0, 0xb0, 0xc0, 0xd0, 0, 0, 0, 7, 1, 2, 3, 4, 2, 2]);
    assert_eq!(bytes[14..31], SEDAN);
    // Ten bytes of plate: the character is three of them.
    assert_eq!(bytes[31], 10);
    assert_eq!(&bytes[32..42], "京AD12345".as_bytes());
    assert_eq!(bytes[42..48], [0; 6]);
    assert_eq!(bytes[48], 3);
    assert_eq!(&bytes[49..52], b"Qin");
    assert_eq!(bytes[52..], [0; 29]);
    assert_eq!(crate::item(&sedan, VehicleId(0xa0b0_c0d0)), keccak(&bytes));
}
