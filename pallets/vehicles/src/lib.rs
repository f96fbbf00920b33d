//! # The vehicles
//!
//! Every vehicle of the consortium is an asset on the chain: one VIN, one plate, one owner. It
//! changes hands as delivery versus payment: the price and the vehicle move in the same step, or
//! neither does.
//!
//! ```text
//!            register                set_status
//!   (VIN) ─────────────▶ InService ◀────────────▶ OutOfService
//!                            │                         │
//!                            │ set_status(Scrapped)    │
//!                            └───────────┬─────────────┘
//!                                        ▼
//!                                    Scrapped: the plate is free, the VIN is taken for ever
//!
//!   owner ──── offer_transfer(to, price) ────▶ offer ──── accept_transfer(price) ────▶ the buyer's
//!                                             │   │        price to the seller's treasury
//!                          cancel_offer ◀─────┘   └────▶ offer_transfer again: another price
//! ```
//!
//! * People of the owner with `FLEET` register, change the plate and set the status; selling and
//!   buying takes `FINANCE`.
//! * Who accepts names the price it saw, so that an offer that changed meanwhile is not accepted.
//! * A vehicle that came to be or changed hands is noted for the block's checkpoint, by [`item()`].
//! * A company binds the devices that report for a vehicle to it: at most [`MAX_DEVICES`] to a vehicle, and each to
//!   one vehicle. They are the owner's: a vehicle that is sold or scrapped has none any more, and
//!   the buyer binds its own.
//! * A vehicle's decentralised identifier is `did:smartlink:vehicle:<id>`, the id as decimal
//!   digits. Ids start at 1.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod devices;
mod invariants;
pub mod item;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use item::item;
pub use pallet::*;
pub use types::{Model, Offer, Plate, Vehicle, VinFault, MAX_DEVICES, MODEL_BYTES, PLATE_BYTES};
pub use weights::WeightInfo;

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{fungible::Mutate, tokens::Preservation},
};
use smartlink_primitives::{
    receipt::ItemKind,
    telemetry::{DeviceBinding, DeviceId, DeviceKey},
    traits::{Companies, Witness},
    vehicle::{VehicleClass, VehicleStatus},
    vin::{Vin, VIN_LENGTH},
    CompanyId, Money, Permissions, VehicleId,
};
use sp_runtime::DispatchError;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The companies that own vehicles.
        type Companies: Companies<Self::AccountId>;

        /// The money vehicles are paid with, in units of 10⁻⁶ CNY.
        type Currency: Mutate<Self::AccountId, Balance = u128>;

        /// What blocks prove to the outside.
        type Witness: Witness;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Ids start at 1.
    #[pallet::type_value]
    pub fn FirstVehicle() -> VehicleId {
        VehicleId(1)
    }

    /// The id of the vehicle that is registered next.
    #[pallet::storage]
    pub type NextVehicle<T: Config> = StorageValue<_, VehicleId, ValueQuery, FirstVehicle>;

    /// The vehicles, scrapped ones too.
    #[pallet::storage]
    pub type Vehicles<T: Config> = StorageMap<_, Twox64Concat, VehicleId, Vehicle, OptionQuery>;

    /// Which vehicle has a VIN. For ever.
    #[pallet::storage]
    pub type ByVin<T: Config> = StorageMap<_, Blake2_128Concat, Vin, VehicleId, OptionQuery>;

    /// Which vehicle bears a plate now.
    #[pallet::storage]
    pub type ByPlate<T: Config> = StorageMap<_, Blake2_128Concat, Plate, VehicleId, OptionQuery>;

    /// The vehicles that wait for a buyer's word.
    #[pallet::storage]
    pub type Offers<T: Config> = StorageMap<_, Twox64Concat, VehicleId, Offer, OptionQuery>;

    /// Where a company's devices are.
    #[pallet::storage]
    pub type Devices<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        CompanyId,
        Blake2_128Concat,
        DeviceId,
        DeviceBinding,
        OptionQuery,
    >;

    /// The devices of a vehicle, all of its owner.
    #[pallet::storage]
    pub type DevicesOf<T: Config> = StorageMap<
        _,
        Twox64Concat,
        VehicleId,
        BoundedVec<DeviceId, ConstU32<MAX_DEVICES>>,
        ValueQuery,
    >;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A vehicle came to be, in service and with version 1.
        Registered {
            vehicle: VehicleId,
            owner: CompanyId,
            vin: Vin,
            plate: Plate,
            model: Model,
            class: VehicleClass,
        },
        /// A vehicle bears another plate.
        PlateSet { vehicle: VehicleId, plate: Plate, version: u32 },
        /// A vehicle's status is this now. Scrapped: its plate, its devices and any offer are gone.
        StatusSet { vehicle: VehicleId, status: VehicleStatus, version: u32 },
        /// A vehicle is offered, in place of any offer before.
        TransferOffered { vehicle: VehicleId, from: CompanyId, to: CompanyId, price: Money },
        /// An offer is gone, by the word of the owner or of the addressee.
        OfferCancelled { vehicle: VehicleId, by: T::AccountId },
        /// A vehicle changed hands without its devices, and the price went from the buyer's treasury to the
        /// seller's.
        Transferred {
            vehicle: VehicleId,
            from: CompanyId,
            to: CompanyId,
            price: Money,
            version: u32,
        },
        /// A device of a company reports for a vehicle, and is believed by this key now.
        DeviceBound {
            vehicle: VehicleId,
            company: CompanyId,
            device: DeviceId,
            key: Option<DeviceKey>,
        },
        /// A device of a company reports for the vehicle no more.
        DeviceUnbound { vehicle: VehicleId, company: CompanyId, device: DeviceId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The VIN is wrong: compare it with the vehicle's papers.
        Vin(VinFault),
        /// A vehicle with this VIN is registered: look it up in `ByVin`, and buy it from its owner.
        VinTaken,
        /// The plate is empty, or has blanks or small letters: write it as on the vehicle.
        BadPlate,
        /// Another vehicle bears this plate: look it up in `ByPlate`.
        PlateTaken,
        /// The model is empty or no UTF-8.
        BadModel,
        /// The chain has given all ids of vehicles.
        TooManyVehicles,
        /// There is no vehicle with this id.
        UnknownVehicle,
        /// The vehicle is scrapped: nothing follows.
        Scrapped,
        /// The vehicle belongs to this company already.
        OwnVehicle,
        /// The vehicle is not offered: ask its owner for an offer.
        NotOffered,
        /// The offer has another price: look at it again.
        OtherPrice,
        /// The device is bound to another vehicle of the company: unbind it there first.
        DeviceElsewhere,
        /// The vehicle has as many devices as it may: unbind one first.
        TooManyDevices,
        /// The vehicle has no such device: look it up in `DevicesOf`.
        UnknownDevice,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a vehicle of a company, in service.
        ///
        /// Origin: signed, with the company's permission `FLEET`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            company: CompanyId,
            vin: [u8; VIN_LENGTH],
            plate: Plate,
            model: Model,
            class: VehicleClass,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::FLEET)?;
            let vin = Vin::new(vin).map_err(|error| Error::<T>::Vin(error.into()))?;
            Self::admit(company, vin, plate, model, class)
        }

        /// Gives a vehicle another plate.
        ///
        /// Origin: signed, with the owner's permission `FLEET`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_plate())]
        pub fn set_plate(origin: OriginFor<T>, vehicle: VehicleId, plate: Plate) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let entry = Self::usable(vehicle)?;
            T::Companies::authorise(&who, entry.owner, Permissions::FLEET)?;
            Self::change_plate(vehicle, entry, plate)
        }

        /// Takes a vehicle out of service, into it, or scraps it for good.
        ///
        /// Origin: signed, with the owner's permission `FLEET`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_status())]
        pub fn set_status(
            origin: OriginFor<T>,
            vehicle: VehicleId,
            status: VehicleStatus,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let entry = Self::usable(vehicle)?;
            T::Companies::authorise(&who, entry.owner, Permissions::FLEET)?;
            Self::change_status(vehicle, entry, status)
        }

        /// Offers a vehicle to a company, for a price or, with a price of zero, as a gift. Takes
        /// the place of any offer before.
        ///
        /// Origin: signed, with the owner's permission `FINANCE`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::offer_transfer())]
        pub fn offer_transfer(
            origin: OriginFor<T>,
            vehicle: VehicleId,
            to: CompanyId,
            price: Money,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let from = Self::usable(vehicle)?.owner;
            T::Companies::authorise(&who, from, Permissions::FINANCE)?;
            ensure!(to != from, Error::<T>::OwnVehicle);
            // Unknown and suspended companies buy nothing.
            T::Companies::kind(to)?;
            Offers::<T>::insert(vehicle, Offer { to, price });
            Self::deposit_event(Event::TransferOffered { vehicle, from, to, price });
            Ok(())
        }

        /// Withdraws an offer, or declines it.
        ///
        /// Origin: signed, with the permission `FINANCE` of the owner or of the addressee.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::cancel_offer())]
        pub fn cancel_offer(origin: OriginFor<T>, vehicle: VehicleId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let offer = Offers::<T>::get(vehicle).ok_or(Error::<T>::NotOffered)?;
            let owner = Self::usable(vehicle)?.owner;
            T::Companies::authorise(&who, owner, Permissions::FINANCE)
                .or_else(|_| T::Companies::authorise(&who, offer.to, Permissions::FINANCE))?;
            Offers::<T>::remove(vehicle);
            Self::deposit_event(Event::OfferCancelled { vehicle, by: who });
            Ok(())
        }

        /// Buys an offered vehicle: the price goes from the buyer's treasury to the seller's, and
        /// the vehicle is the buyer's. `price` must be the offer's.
        ///
        /// Origin: signed, with the buyer's permission `FINANCE`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::accept_transfer())]
        pub fn accept_transfer(
            origin: OriginFor<T>,
            vehicle: VehicleId,
            price: Money,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let offer = Offers::<T>::get(vehicle).ok_or(Error::<T>::NotOffered)?;
            T::Companies::authorise(&who, offer.to, Permissions::FINANCE)?;
            ensure!(price == offer.price, Error::<T>::OtherPrice);
            Self::deliver_and_pay(vehicle, offer)
        }

        /// Binds a device of the owner to a vehicle, or gives a device that is bound to it another key.
        /// `device` is a hash, best by `DeviceId::salted`.
        ///
        /// Origin: signed, with the owner's permission `FLEET`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::bind_device())]
        pub fn bind_device(
            origin: OriginFor<T>,
            vehicle: VehicleId,
            device: DeviceId,
            key: Option<DeviceKey>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let owner = Self::usable(vehicle)?.owner;
            T::Companies::authorise(&who, owner, Permissions::FLEET)?;
            Self::bind(owner, vehicle, device, key)
        }

        /// Takes a device off a vehicle.
        ///
        /// Origin: signed, with the owner's permission `FLEET`.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::unbind_device())]
        pub fn unbind_device(
            origin: OriginFor<T>,
            vehicle: VehicleId,
            device: DeviceId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let owner = Self::usable(vehicle)?.owner;
            T::Companies::authorise(&who, owner, Permissions::FLEET)?;
            Self::unbind(owner, vehicle, device)
        }
    }
}

impl<T: Config> Pallet<T> {
    fn admit(
        owner: CompanyId,
        vin: Vin,
        plate: Plate,
        model: Model,
        class: VehicleClass,
    ) -> DispatchResult {
        ensure!(!ByVin::<T>::contains_key(vin), Error::<T>::VinTaken);
        ensure!(types::is_plate(&plate), Error::<T>::BadPlate);
        ensure!(!ByPlate::<T>::contains_key(&plate), Error::<T>::PlateTaken);
        ensure!(types::is_model(&model), Error::<T>::BadModel);
        let id = NextVehicle::<T>::get();
        let next = id.0.checked_add(1).ok_or(Error::<T>::TooManyVehicles)?;

        let status = VehicleStatus::InService;
        let vehicle = Vehicle { vin, plate, model, class, owner, status, version: 1 };
        T::Witness::note(vehicle.owner, ItemKind::Vehicle, item(&vehicle, id))?;
        NextVehicle::<T>::put(VehicleId(next));
        ByVin::<T>::insert(vin, id);
        ByPlate::<T>::insert(&vehicle.plate, id);
        Vehicles::<T>::insert(id, &vehicle);
        let Vehicle { plate, model, .. } = vehicle;
        Self::deposit_event(Event::Registered { vehicle: id, owner, vin, plate, model, class });
        Ok(())
    }

    fn change_plate(id: VehicleId, mut vehicle: Vehicle, plate: Plate) -> DispatchResult {
        ensure!(types::is_plate(&plate), Error::<T>::BadPlate);
        let bearer = ByPlate::<T>::get(&plate);
        ensure!(bearer.is_none_or(|bearer| bearer == id), Error::<T>::PlateTaken);

        ByPlate::<T>::remove(&vehicle.plate);
        ByPlate::<T>::insert(&plate, id);
        vehicle.plate = plate.clone();
        let version = Self::put_changed(id, vehicle)?.version;
        Self::deposit_event(Event::PlateSet { vehicle: id, plate, version });
        Ok(())
    }

    fn change_status(id: VehicleId, mut vehicle: Vehicle, status: VehicleStatus) -> DispatchResult {
        if status == VehicleStatus::Scrapped {
            ByPlate::<T>::remove(&vehicle.plate);
            vehicle.plate = Plate::default();
            Offers::<T>::remove(id);
            Self::unbind_all(vehicle.owner, id);
        }
        vehicle.status = status;
        let version = Self::put_changed(id, vehicle)?.version;
        Self::deposit_event(Event::StatusSet { vehicle: id, status, version });
        Ok(())
    }

    fn deliver_and_pay(id: VehicleId, Offer { to, price }: Offer) -> DispatchResult {
        let mut vehicle = Self::usable(id)?;
        let from = vehicle.owner;
        // A company that was suspended after its offer sells nothing.
        T::Companies::kind(from)?;
        if price != Money::ZERO {
            let (payer, payee) = (T::Companies::treasury(to)?, T::Companies::treasury(from)?);
            T::Currency::transfer(&payer, &payee, price.units(), Preservation::Preserve)?;
        }
        Offers::<T>::remove(id);
        Self::unbind_all(from, id);
        vehicle.owner = to;
        let version = Self::put_changed(id, vehicle)?.version;
        Self::deposit_event(Event::Transferred { vehicle: id, from, to, price, version });
        Ok(())
    }

    /// Writes a changed vehicle, proves its new version to the outside, and returns it.
    fn put_changed(id: VehicleId, mut vehicle: Vehicle) -> Result<Vehicle, DispatchError> {
        vehicle.version = vehicle.version.saturating_add(1);
        T::Witness::note(vehicle.owner, ItemKind::Vehicle, item(&vehicle, id))?;
        Vehicles::<T>::insert(id, &vehicle);
        Ok(vehicle)
    }

    /// A vehicle that is not scrapped.
    fn usable(id: VehicleId) -> Result<Vehicle, DispatchError> {
        let vehicle = Vehicles::<T>::get(id).ok_or(Error::<T>::UnknownVehicle)?;
        ensure!(vehicle.status != VehicleStatus::Scrapped, Error::<T>::Scrapped);
        Ok(vehicle)
    }
}
