//! Anchors of telemetry and the devices that report: what a service asks the chain, and tells it.

use smartlink_primitives::{
    telemetry::{
        Anchor, AnchorHead, AnchorProof, AnchorRecord, AnchorRun, DeviceBinding, DeviceId,
        DeviceKey,
    },
    AnchorNumber, CompanyId, VehicleId,
};
use subxt::{rpcs::client::rpc_params, tx::StaticPayload, utils::Static};

use crate::{api, calls::Call, queries::ask, At, Chain, ChainError};

/// How far a company's anchors go.
pub async fn head(at: &At, company: CompanyId) -> Result<AnchorHead, ChainError> {
    let question = api::runtime_apis().smartlink_api().telemetry_head(Static(company));
    Ok(ask(at, "how far a company's anchors go", question).await?.0)
}

/// An anchor of a company. `None` when there is none of this number, or it is older than the retention.
pub async fn anchor(
    at: &At,
    company: CompanyId,
    number: AnchorNumber,
) -> Result<Option<AnchorRecord>, ChainError> {
    let question =
        api::runtime_apis().smartlink_api().telemetry_anchor(Static(company), Static(number));
    Ok(ask(at, "an anchor", question).await?.map(|record| record.0))
}

/// The anchor of the batch that holds the record of this sequence. `None` when none does, or it is older than
/// the retention.
pub async fn anchor_of(
    at: &At,
    company: CompanyId,
    sequence: u64,
) -> Result<Option<AnchorRecord>, ChainError> {
    let question =
        api::runtime_apis().smartlink_api().telemetry_anchor_of(Static(company), sequence);
    Ok(ask(at, "the anchor of a record", question).await?.map(|record| record.0))
}

/// The last anchor of a company. `None` before the first.
pub async fn last_anchor(at: &At, company: CompanyId) -> Result<Option<AnchorRecord>, ChainError> {
    let head = head(at, company).await?;
    anchor(at, company, head.last).await
}

/// All anchors that a block took, of all companies, in order: for who keeps them longer than the chain does.
pub async fn anchored(at: &At) -> Result<Vec<Anchor>, ChainError> {
    let what = "the anchors of a block";
    let events = at.events().fetch().await.map_err(ChainError::query(what))?;
    let mut anchors = Vec::new();
    for event in events.find::<api::telemetry::events::Anchored>() {
        anchors.push(event.map_err(ChainError::query(what))?.anchor.0);
    }
    Ok(anchors)
}

/// Where a company's device is, and its key. `None` when it is bound to no vehicle.
pub async fn device_vehicle(
    at: &At,
    company: CompanyId,
    device: DeviceId,
) -> Result<Option<DeviceBinding>, ChainError> {
    let question = api::runtime_apis().smartlink_api().device(Static(company), Static(device));
    Ok(ask(at, "a device", question).await?.map(|binding| binding.0))
}

/// The devices of a vehicle, all of its owner.
pub async fn devices(at: &At, vehicle: VehicleId) -> Result<Vec<DeviceId>, ChainError> {
    let what = "the devices of a vehicle";
    let devices =
        at.storage().fetch(api::storage().vehicles().devices_of(), (Static(vehicle),)).await;
    let devices = devices.map_err(ChainError::query(what))?;
    let devices = devices.decode().map_err(ChainError::query(what))?;
    Ok(devices.0.into_iter().map(|device| device.0).collect())
}

impl Chain {
    /// Proves an anchor up to the checkpoint root of the final block that took it, as long as the chain knows
    /// it.
    pub async fn anchor_proof(
        &self,
        company: CompanyId,
        number: AnchorNumber,
    ) -> Result<AnchorProof, ChainError> {
        let proof =
            self.rpc.request("smartlink_telemetryProof", rpc_params![company, number]).await;
        proof.map_err(ChainError::query("an anchor's proof"))
    }
}

/// Anchors a company's next batches, signed by a person or a program with the permission.
pub fn anchor_run(run: AnchorRun) -> StaticPayload<api::telemetry::calls::Anchor> {
    api::transactions().telemetry().anchor(Static(run))
}

/// Says that a company has lost its records from sequence `from`, the next one, up to and without `next`.
pub fn declare_loss(
    company: CompanyId,
    from: u64,
    next: u64,
) -> StaticPayload<api::telemetry::calls::DeclareLoss> {
    api::transactions().telemetry().declare_loss(Static(company), from, next)
}

/// Binds a device of a vehicle's owner to it, or gives a bound one another key.
pub fn bind_device(
    vehicle: VehicleId,
    device: DeviceId,
    key: Option<DeviceKey>,
) -> StaticPayload<api::vehicles::calls::BindDevice> {
    api::transactions().vehicles().bind_device(Static(vehicle), Static(device), key)
}

/// [`bind_device`] in a batch.
pub fn bind_device_in_batch(vehicle: VehicleId, device: DeviceId, key: Option<DeviceKey>) -> Call {
    Call::Vehicles(api::vehicles::Call::bind_device {
        vehicle: Static(vehicle),
        device: Static(device),
        key,
    })
}

/// Takes a device off a vehicle.
pub fn unbind_device(
    vehicle: VehicleId,
    device: DeviceId,
) -> StaticPayload<api::vehicles::calls::UnbindDevice> {
    api::transactions().vehicles().unbind_device(Static(vehicle), Static(device))
}
