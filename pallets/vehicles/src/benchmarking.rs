//! Benchmarks of the calls, each in its worst case.

use super::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Inspect;
use frame_system::RawOrigin;
use smartlink_primitives::CompanyKind;

const FIRST: VehicleId = VehicleId(1);

/// A VIN with the right check digit.
const VIN: [u8; VIN_LENGTH] = *b"1M8GDM9AXKP042788";

/// A company, and an account that does everything for it and is its treasury.
fn company<T: Config>(index: u32) -> Result<(CompanyId, T::AccountId), BenchmarkError> {
    let admin: T::AccountId = account("admin", index, 0);
    Ok((T::Companies::found(&admin, CompanyKind::Carrier)?, admin))
}

fn longest_plate(letter: u8) -> Plate {
    Plate::truncate_from(vec![letter; PLATE_BYTES])
}

fn longest_model() -> Model {
    Model::truncate_from(vec![b'M'; MODEL_BYTES])
}

/// The first vehicle of the chain, and the account of its owner.
fn vehicle<T: Config>() -> Result<(CompanyId, T::AccountId), BenchmarkError> {
    let (owner, admin) = company::<T>(0)?;
    let vin = Vin::new(VIN).map_err(|_| "the VIN is right")?;
    NextVehicle::<T>::put(FIRST);
    Pallet::<T>::admit(owner, vin, longest_plate(b'A'), longest_model(), VehicleClass::Van)?;
    Ok((owner, admin))
}

/// A price any treasury can pay.
fn price<T: Config>() -> u128 {
    T::Currency::minimum_balance().max(1).saturating_mul(10)
}

/// The vehicle, offered to a company with money. Returns that company and its account.
fn offered<T: Config>() -> Result<(CompanyId, T::AccountId), BenchmarkError> {
    let (_, seller) = vehicle::<T>()?;
    let (to, buyer) = company::<T>(1)?;
    T::Currency::mint_into(&seller, price::<T>())?;
    T::Currency::mint_into(&buyer, price::<T>().saturating_mul(10))?;
    Offers::<T>::insert(FIRST, Offer { to, price: Money(price::<T>()) });
    Ok((to, buyer))
}

fn device(index: u32) -> DeviceId {
    DeviceId::salted(&[7; 32], &index.to_be_bytes())
}

/// Binds so many devices to the vehicle.
fn bound<T: Config>(owner: CompanyId, devices: u32) -> Result<(), BenchmarkError> {
    for index in 0..devices {
        Pallet::<T>::bind(owner, FIRST, device(index), Some([1; 32].into()))?;
    }
    Ok(())
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() -> Result<(), BenchmarkError> {
        let (owner, admin) = company::<T>(0)?;
        let id = NextVehicle::<T>::get();
        let (plate, model) = (longest_plate(b'A'), longest_model());

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), owner, VIN, plate, model, VehicleClass::Van);

        assert!(Vehicles::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn set_plate() -> Result<(), BenchmarkError> {
        let (_, admin) = vehicle::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), FIRST, longest_plate(b'B'));

        assert_eq!(ByPlate::<T>::get(longest_plate(b'B')), Some(FIRST));
        Ok(())
    }

    #[benchmark]
    fn set_status() -> Result<(), BenchmarkError> {
        let (owner, admin) = vehicle::<T>()?;
        let (to, _) = company::<T>(1)?;
        Offers::<T>::insert(FIRST, Offer { to, price: Money::ZERO });
        bound::<T>(owner, MAX_DEVICES)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), FIRST, VehicleStatus::Scrapped);

        assert!(!Offers::<T>::contains_key(FIRST));
        Ok(())
    }

    #[benchmark]
    fn offer_transfer() -> Result<(), BenchmarkError> {
        let (_, admin) = vehicle::<T>()?;
        let (to, _) = company::<T>(1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), FIRST, to, Money::yuan(100_000));

        assert!(Offers::<T>::contains_key(FIRST));
        Ok(())
    }

    #[benchmark]
    fn cancel_offer() -> Result<(), BenchmarkError> {
        let (_, buyer) = offered::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(buyer), FIRST);

        assert!(!Offers::<T>::contains_key(FIRST));
        Ok(())
    }

    #[benchmark]
    fn accept_transfer() -> Result<(), BenchmarkError> {
        let (to, buyer) = offered::<T>()?;
        let seller = Vehicles::<T>::get(FIRST).ok_or("the vehicle is offered")?.owner;
        bound::<T>(seller, MAX_DEVICES)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(buyer), FIRST, Money(price::<T>()));

        assert_eq!(Vehicles::<T>::get(FIRST).map(|vehicle| vehicle.owner), Some(to));
        Ok(())
    }

    #[benchmark]
    fn bind_device() -> Result<(), BenchmarkError> {
        let (owner, admin) = vehicle::<T>()?;
        bound::<T>(owner, MAX_DEVICES - 1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), FIRST, device(MAX_DEVICES), Some([1; 32].into()));

        assert!(Devices::<T>::contains_key(owner, device(MAX_DEVICES)));
        Ok(())
    }

    #[benchmark]
    fn unbind_device() -> Result<(), BenchmarkError> {
        let (owner, admin) = vehicle::<T>()?;
        bound::<T>(owner, MAX_DEVICES)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), FIRST, device(0));

        assert!(!Devices::<T>::contains_key(owner, device(0)));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
