//! The services behind the api, and what their refusals mean here.

use smartlink_proto::{
    devices::devices_client::DevicesClient,
    dispatch::{self, dispatch_client::DispatchClient},
    notify::notify_client::NotifyClient,
    orders::{self, orders_client::OrdersClient},
    refusal::name_of,
    telemetry::telemetry_client::TelemetryClient,
};
use smartlink_service::Transport;
use tonic::{Code as Grpc, Status};

use crate::{
    refusal::{Code, Refusal},
    types::Position,
};

/// When a service that is away has a chance again.
const AWAY_MS: u64 = 1_000;

/// The services behind the api.
#[derive(Clone)]
pub struct Upstream {
    orders: OrdersClient<Transport>,
    dispatch: DispatchClient<Transport>,
    notify: NotifyClient<Transport>,
    devices: Option<DevicesClient<Transport>>,
    telemetry: Option<TelemetryClient<Transport>>,
}

impl Upstream {
    /// Reaches each service by its transport: in this process, or over the network.
    pub fn new(orders: Transport, dispatch: Transport, notify: Transport) -> Self {
        Self {
            orders: OrdersClient::new(orders),
            dispatch: DispatchClient::new(dispatch),
            notify: NotifyClient::new(notify),
            devices: None,
            telemetry: None,
        }
    }

    /// Reaches the terminals of the company as well.
    #[must_use]
    pub fn with_devices(mut self, devices: Transport) -> Self {
        self.devices = Some(DevicesClient::new(devices));
        self
    }

    /// Reaches what is found in the vehicles' reports as well.
    #[must_use]
    pub fn with_telemetry(mut self, telemetry: Transport) -> Self {
        self.telemetry = Some(TelemetryClient::new(telemetry));
        self
    }

    /// Orders.
    pub(crate) fn orders(&self) -> OrdersClient<Transport> {
        self.orders.clone()
    }

    /// The dispatcher.
    pub(crate) fn dispatch(&self) -> DispatchClient<Transport> {
        self.dispatch.clone()
    }

    /// Messages.
    pub(crate) fn notify(&self) -> NotifyClient<Transport> {
        self.notify.clone()
    }

    /// Terminals, where this deployment has them.
    pub(crate) fn devices(&self) -> Result<DevicesClient<Transport>, Refusal> {
        self.devices.clone().ok_or_else(|| absent("devices"))
    }

    /// What vehicles do, where this deployment has telemetry.
    pub(crate) fn telemetry(&self) -> Result<TelemetryClient<Transport>, Refusal> {
        self.telemetry.clone().ok_or_else(|| absent("telemetry"))
    }

    /// One order.
    pub(crate) async fn order(&self, order: u64) -> Result<orders::Order, Refusal> {
        let reply = self.orders().get(orders::GetRequest { order }).await;
        Ok(reply.map_err(refusal)?.into_inner())
    }

    /// Where a driver was last, as far as the dispatcher knows.
    pub(crate) async fn position(&self, driver: u32) -> Result<Option<Position>, Refusal> {
        let request = dispatch::PositionRequest { driver };
        let reply = self.dispatch().position(request).await.map_err(refusal)?.into_inner();
        Ok(reply.position.map(Position::from))
    }

    /// Metres and seconds of a journey.
    pub(crate) async fn travel(
        &self,
        from: (i32, i32),
        to: (i32, i32),
    ) -> Result<dispatch::TravelReply, Refusal> {
        let request = dispatch::TravelRequest {
            from_latitude_e6: from.0,
            from_longitude_e6: from.1,
            to_latitude_e6: to.0,
            to_longitude_e6: to.1,
        };
        Ok(self.dispatch().travel(request).await.map_err(refusal)?.into_inner())
    }
}

/// What a service's status means to the caller of the api. The name of the refusal stays, and the
/// sentence where it is meant for people. What is another's does not exist.
pub(crate) fn refusal(status: Status) -> Refusal {
    let name = name_of(&status).map(str::to_owned);
    let code = match status.code() {
        // What a service refuses by a name of its own is no lack of room.
        Grpc::ResourceExhausted | Grpc::Unavailable if name.is_some() => Code::Refused,
        Grpc::NotFound | Grpc::PermissionDenied => Code::NotFound,
        Grpc::FailedPrecondition | Grpc::Aborted => Code::Refused,
        Grpc::InvalidArgument | Grpc::OutOfRange => Code::Invalid,
        Grpc::AlreadyExists => Code::Conflict,
        Grpc::ResourceExhausted => Code::Overloaded,
        Grpc::DeadlineExceeded => Code::TimedOut,
        Grpc::DataLoss => Code::SlowReader,
        Grpc::Unavailable | Grpc::Cancelled => Code::Unavailable,
        _ => Code::Internal,
    };
    match code {
        Code::NotFound => code.into(),
        Code::Overloaded | Code::Unavailable => {
            tracing::debug!(%status, "a service did not take a call");
            Refusal::from(code).retry_after(AWAY_MS)
        }
        Code::Internal => {
            tracing::error!(%status, "a service failed");
            code.into()
        }
        _ => {
            let refusal = match status.message() {
                "" => Refusal::from(code),
                message => Refusal::new(code, message.to_owned()),
            };
            match name {
                Some(name) => refusal.named(name),
                None => refusal,
            }
        }
    }
}

/// A role that the api was not told of.
fn absent(role: &str) -> Refusal {
    Refusal::new(
        Code::Unavailable,
        format!("the service of {role} is not part of this deployment: its operator adds the role, or sets peers.{role}"),
    )
}

/// What it means when the chain does not answer.
pub(crate) fn away(error: smartlink_chain::ChainError) -> Refusal {
    tracing::warn!(%error, "the chain did not answer");
    Refusal::new(Code::Unavailable, "the chain does not answer").retry_after(AWAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_proto::refusal::named;

    #[test]
    fn a_services_refusal_keeps_its_name_and_its_sentence() {
        let status = named(Status::failed_precondition("the offer has lapsed"), "offer_lapsed");
        let refusal = refusal(status);
        assert_eq!((refusal.code(), refusal.name()), (Code::Refused, "offer_lapsed"));
        assert!(refusal.to_string().contains("the offer has lapsed"));
    }

    #[test]
    fn what_is_anothers_does_not_exist() {
        let theirs = refusal(Status::permission_denied("order 7 is of rider 9"));
        assert_eq!(theirs, refusal(Status::not_found("no order 8")));
    }
}
