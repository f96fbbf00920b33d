//! The calls that services make, in the words of `smartlink-primitives`.
//!
//! A function whose name ends in `_in_batch` gives the call as an item of [`batch_all`].

use smartlink_primitives::{
    ride::RideBatch, tariff::Tariff, vehicle::VehicleClass, vin::VIN_LENGTH, CityCode, CompanyId,
    CompanyKind, Money, Permissions, Seat, TariffVersion, VehicleId,
};
use subxt::{
    tx::StaticPayload,
    utils::{AccountId32, Static, H256},
};

use crate::api::{
    self,
    runtime_types::{
        bounded_collections::bounded_vec::BoundedVec,
        pallet_consortium::types::{ApplicationId, Paper as KeptPaper, PaperKind as KeptPaperKind},
        pallet_nodes::types::NodeKey,
        smartlink_primitives::company::CompanyKind as KeptKind,
    },
};

/// Any call of the chain, for a batch.
pub type Call = api::Call;

/// Runs all of these or none, in one transaction.
pub fn batch_all(calls: Vec<Call>) -> StaticPayload<api::utility::calls::BatchAll> {
    api::transactions().utility().batch_all(calls)
}

/// Gives an account a role in a company, until `expires` in seconds of the Unix epoch.
pub fn grant_role(
    company: CompanyId,
    who: AccountId32,
    permissions: Permissions,
    expires: Option<u64>,
) -> StaticPayload<api::consortium::calls::GrantRole> {
    api::transactions().consortium().grant_role(Static(company), who, Static(permissions), expires)
}

/// [`grant_role`] in a batch.
pub fn grant_role_in_batch(
    company: CompanyId,
    who: AccountId32,
    permissions: Permissions,
    expires: Option<u64>,
) -> Call {
    Call::Consortium(api::consortium::Call::grant_role {
        company: Static(company),
        who,
        permissions: Static(permissions),
        expires,
    })
}

/// Lets a machine with this ed25519 key join the network for a company, as a full node.
pub fn register_node(
    company: CompanyId,
    key: [u8; 32],
    label: &str,
) -> StaticPayload<api::nodes::calls::Register> {
    let kind = api::runtime_types::pallet_nodes::types::NodeKind::Full;
    let label = BoundedVec(label.as_bytes().to_vec());
    api::transactions().nodes().register(Static(company), NodeKey(key), kind, label)
}

/// Cuts a company's machine off the network.
pub fn unregister_node(
    company: CompanyId,
    key: [u8; 32],
) -> StaticPayload<api::nodes::calls::Unregister> {
    api::transactions().nodes().unregister(Static(company), NodeKey(key))
}

/// Pays, and leaves the payer enough to live on.
pub fn transfer(
    to: AccountId32,
    amount: Money,
) -> StaticPayload<api::balances::calls::TransferKeepAlive> {
    api::transactions().balances().transfer_keep_alive(to.into(), amount.units())
}

/// [`transfer`] in a batch.
pub fn transfer_in_batch(to: AccountId32, amount: Money) -> Call {
    Call::Balances(api::balances::Call::transfer_keep_alive {
        dest: to.into(),
        value: amount.units(),
    })
}

/// Enrols a driver with a company.
pub fn enrol_in_batch(company: CompanyId, account: AccountId32) -> Call {
    Call::Drivers(api::drivers::Call::enrol { company: Static(company), account })
}

/// What the chain is told of a new vehicle. The chain checks the VIN: these are bytes, so that a test
/// can send it a wrong one.
#[derive(Clone, Debug)]
pub struct NewVehicle {
    /// Vehicle identification number, 17 ASCII characters.
    pub vin: [u8; VIN_LENGTH],
    /// Number plate, UTF-8.
    pub plate: String,
    /// Make and model, UTF-8.
    pub model: String,
    /// What it is for.
    pub class: VehicleClass,
}

/// Registers a vehicle of a company.
pub fn register_vehicle(
    company: CompanyId,
    vehicle: NewVehicle,
) -> StaticPayload<api::vehicles::calls::Register> {
    let NewVehicle { vin, plate, model, class } = vehicle;
    let (plate, model) = (BoundedVec(plate.into_bytes()), BoundedVec(model.into_bytes()));
    api::transactions().vehicles().register(Static(company), vin, plate, model, Static(class))
}

/// [`register_vehicle`] in a batch.
pub fn register_vehicle_in_batch(company: CompanyId, vehicle: NewVehicle) -> Call {
    Call::Vehicles(api::vehicles::Call::register {
        company: Static(company),
        vin: vehicle.vin,
        plate: BoundedVec(vehicle.plate.into_bytes()),
        model: BoundedVec(vehicle.model.into_bytes()),
        class: Static(vehicle.class),
    })
}

/// Scraps a vehicle for good.
pub fn scrap_vehicle(vehicle: VehicleId) -> StaticPayload<api::vehicles::calls::SetStatus> {
    let status = api::runtime_types::smartlink_primitives::vehicle::VehicleStatus::Scrapped;
    api::transactions().vehicles().set_status(Static(vehicle), status)
}

/// Proposes a tariff that is to hold for pick-ups from `from`, in seconds of the Unix epoch.
pub fn propose_tariff(
    company: CompanyId,
    city: CityCode,
    from: u64,
    tariff: Tariff,
) -> StaticPayload<api::tariffs::calls::Propose> {
    api::transactions().tariffs().propose(Static(company), Static(city), from, Static(tariff))
}

/// Approves a proposed tariff.
pub fn approve_tariff(
    company: CompanyId,
    city: CityCode,
    version: TariffVersion,
) -> StaticPayload<api::tariffs::calls::Approve> {
    api::transactions().tariffs().approve(Static(company), Static(city), Static(version))
}

/// Moves money from a company's treasury to its clearing account.
pub fn fund(company: CompanyId, amount: Money) -> StaticPayload<api::settlement::calls::Fund> {
    api::transactions().settlement().fund(Static(company), Static(amount))
}

/// Settles a batch of rides.
pub fn settle(batch: RideBatch) -> StaticPayload<api::settlement::calls::SettleBatch> {
    api::transactions().settlement().settle_batch(Static(batch))
}

/// Pays a driver out. `None` is everything.
pub fn withdraw(
    company: CompanyId,
    seat: Seat,
    amount: Option<Money>,
) -> StaticPayload<api::settlement::calls::Withdraw> {
    api::transactions().settlement().withdraw(Static(company), Static(seat), amount.map(Static))
}

/// A paper that an applicant shows: what it is about, and the keccak hash of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is about.
    pub kind: PaperKind,
    /// The keccak hash of the document.
    pub hash: [u8; 32],
}

/// What a paper is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// That the company is registered.
    BusinessLicence,
    /// That it may carry people or goods.
    TransportLicence,
    /// That it pays its taxes.
    TaxCertificate,
    /// That it handles data as the law asks.
    DataSecurityReview,
    /// Anything else.
    Other,
}

impl From<Paper> for KeptPaper {
    fn from(paper: Paper) -> Self {
        let kind = match paper.kind {
            PaperKind::BusinessLicence => KeptPaperKind::BusinessLicence,
            PaperKind::TransportLicence => KeptPaperKind::TransportLicence,
            PaperKind::TaxCertificate => KeptPaperKind::TaxCertificate,
            PaperKind::DataSecurityReview => KeptPaperKind::DataSecurityReview,
            PaperKind::Other => KeptPaperKind::Other,
        };
        Self { kind, hash: H256(paper.hash) }
    }
}

/// Applies to join with a company, whose first administrator the account that signs will be.
pub fn apply(
    name: &str,
    kind: CompanyKind,
    treasury: AccountId32,
    papers: &[Paper],
) -> StaticPayload<api::consortium::calls::Apply> {
    let name = BoundedVec(name.as_bytes().to_vec());
    let papers = BoundedVec(papers.iter().map(|paper| (*paper).into()).collect());
    api::transactions().consortium().apply(name, kept_kind(kind), treasury, papers)
}

fn kept_kind(kind: CompanyKind) -> KeptKind {
    match kind {
        CompanyKind::Platform => KeptKind::Platform,
        CompanyKind::Carrier => KeptKind::Carrier,
        CompanyKind::Shipper => KeptKind::Shipper,
        CompanyKind::Insurer => KeptKind::Insurer,
        CompanyKind::Inspector => KeptKind::Inspector,
        CompanyKind::Garage => KeptKind::Garage,
        CompanyKind::Appraiser => KeptKind::Appraiser,
        CompanyKind::Bank => KeptKind::Bank,
        CompanyKind::Auditor => KeptKind::Auditor,
        CompanyKind::Regulator => KeptKind::Regulator,
    }
}

/// Attests a paper of an application, from 0, in the name of a company.
pub fn attest_paper(
    application: u32,
    index: u32,
    company: CompanyId,
) -> StaticPayload<api::consortium::calls::AttestPaper> {
    let application = ApplicationId(application);
    api::transactions().consortium().attest_paper(application, index, Static(company))
}

/// Agrees to be the treasury of the company that an application is about. The treasury signs.
pub fn accept_treasury(application: u32) -> StaticPayload<api::consortium::calls::AcceptTreasury> {
    api::transactions().consortium().accept_treasury(ApplicationId(application))
}
