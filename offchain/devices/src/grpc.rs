//! The registry, the commands and the media of a company over gRPC (`proto/smartlink/devices.proto`).
//!
//! Whoever reaches this may do everything: the api in front of it knows who may what.

mod convert;
mod status;

use crate::{
    commands::CommandId,
    gate::Gate,
    registry::{Enrolment, TerminalState},
};
use futures::stream::BoxStream;
use smartlink_proto::devices::{self as proto, devices_server::Devices};
use smartlink_records::TerminalId;
use smartlink_service::Secret;
use tonic::{Request, Response, Status};

/// The most items of one page.
const MOST: u32 = 500;
/// Bytes of a piece of an upload.
const PIECE: usize = 64 << 10;

/// The service. Clones share the gate.
#[derive(Clone)]
pub struct Grpc {
    gate: Gate,
}

impl Grpc {
    /// Serves the devices behind a gate.
    pub fn new(gate: Gate) -> Self {
        Self { gate }
    }

    /// Does what may wait for the disk where waiting holds up nobody.
    async fn at_disk<T: Send + 'static>(
        &self,
        act: impl FnOnce(Gate) -> Result<T, Status> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        let gate = self.gate.clone();
        let acting = tokio::task::spawn_blocking(move || act(gate)).await;
        let done = acting.map_err(|error| {
            tracing::error!(%error, "a call to devices ended early");
            Status::internal("the call ended early: the service's log says why")
        })?;
        done.map(Response::new)
    }
}

fn wrong(message: impl Into<String>) -> Status {
    Status::invalid_argument(message)
}

fn limit(limit: u32) -> Result<usize, Status> {
    match limit {
        1..=MOST => Ok(limit as usize),
        _ => Err(wrong(format!("limit is {limit}: give 1 to {MOST}"))),
    }
}

/// Where a page going back begins: 0 stands for the newest.
fn before(before: u64) -> u64 {
    match before {
        0 => u64::MAX,
        before => before,
    }
}

/// The number with which the next page goes on, 0 after the last.
fn next<T>(page: &[T], limit: usize, number: impl Fn(&T) -> u64) -> u64 {
    match page.last() {
        Some(last) if page.len() == limit => number(last),
        _ => 0,
    }
}

#[tonic::async_trait]
impl Devices for Grpc {
    async fn list(
        &self,
        request: Request<proto::ListRequest>,
    ) -> Result<Response<proto::TerminalPage>, Status> {
        let request = request.into_inner();
        let limit = limit(request.limit)?;
        self.at_disk(move |gate| {
            let registry = gate.registry();
            let (terminals, next) = if request.vehicle == 0 {
                let page = registry.list(TerminalId(request.after), limit);
                let page = page.map_err(status::of_registry)?;
                let next = next(&page, limit, |terminal| terminal.id.0);
                (page, next)
            } else {
                (registry.of_vehicle(request.vehicle).map_err(status::of_registry)?, 0)
            };
            let terminals = terminals.into_iter().map(|one| convert::terminal(&gate, one));
            Ok(proto::TerminalPage { terminals: terminals.collect(), next })
        })
        .await
    }

    async fn get(
        &self,
        request: Request<proto::TerminalRequest>,
    ) -> Result<Response<proto::Terminal>, Status> {
        let id = TerminalId(request.into_inner().terminal);
        self.at_disk(move |gate| {
            let terminal = gate.registry().terminal(id).map_err(status::of_registry)?;
            Ok(convert::terminal(&gate, terminal))
        })
        .await
    }

    async fn enrol(
        &self,
        request: Request<proto::EnrolRequest>,
    ) -> Result<Response<proto::Enrolled>, Status> {
        let request = request.into_inner();
        let identity = convert::identity(request.protocol, &request.identity)?;
        let enrolment = Enrolment {
            details: convert::details(request.details.unwrap_or_default())?,
            vehicle: request.vehicle,
            key: (!request.key.is_empty()).then(|| Secret::new(request.key)),
            ..Enrolment::of(identity, self.gate.company())
        };
        self.at_disk(move |gate| {
            let (terminal, key) = gate.enrol(enrolment).map_err(status::of_registry)?;
            Ok(proto::Enrolled {
                terminal: Some(convert::terminal(&gate, terminal)),
                key: key.map(|key| key.expose().clone()).unwrap_or_default(),
            })
        })
        .await
    }

    async fn renew_key(
        &self,
        request: Request<proto::TerminalRequest>,
    ) -> Result<Response<proto::Enrolled>, Status> {
        let id = TerminalId(request.into_inner().terminal);
        self.at_disk(move |gate| {
            let key = gate.renew_key(id).map_err(status::of_registry)?;
            let terminal = gate.registry().terminal(id).map_err(status::of_registry)?;
            Ok(proto::Enrolled {
                terminal: Some(convert::terminal(&gate, terminal)),
                key: key.expose().clone(),
            })
        })
        .await
    }

    async fn set_state(
        &self,
        request: Request<proto::SetStateRequest>,
    ) -> Result<Response<proto::Terminal>, Status> {
        let request = request.into_inner();
        let state = match proto::State::try_from(request.state) {
            Ok(proto::State::Active) => TerminalState::Active,
            Ok(proto::State::Suspended) => TerminalState::Suspended,
            Ok(proto::State::Quarantined) => TerminalState::Quarantined,
            _ => return Err(wrong("state: give active, suspended or quarantined")),
        };
        let id = TerminalId(request.terminal);
        self.at_disk(move |gate| {
            let terminal = gate.set_state(id, state).map_err(status::of_registry)?;
            Ok(convert::terminal(&gate, terminal))
        })
        .await
    }

    async fn expect_registration(
        &self,
        request: Request<proto::ExpectRegistrationRequest>,
    ) -> Result<Response<proto::Terminal>, Status> {
        let request = request.into_inner();
        let id = TerminalId(request.terminal);
        let details = convert::details(request.details.unwrap_or_default())?;
        self.at_disk(move |gate| {
            let terminal = gate.expect_registration(id, details).map_err(status::of_registry)?;
            Ok(convert::terminal(&gate, terminal))
        })
        .await
    }

    async fn bind(
        &self,
        request: Request<proto::BindRequest>,
    ) -> Result<Response<proto::Terminal>, Status> {
        let request = request.into_inner();
        let id = TerminalId(request.terminal);
        self.at_disk(move |gate| {
            let terminal = gate.bind(id, request.vehicle).map_err(status::of_registry)?;
            Ok(convert::terminal(&gate, terminal))
        })
        .await
    }

    async fn strangers(
        &self,
        request: Request<proto::StrangersRequest>,
    ) -> Result<Response<proto::StrangerList>, Status> {
        let limit = limit(request.into_inner().limit)?;
        let strangers = self.gate.quarantined(limit);
        let total = self.gate.quarantined_count() as u64;
        let strangers = strangers.into_iter().map(convert::stranger).collect();
        Ok(Response::new(proto::StrangerList { strangers, total }))
    }

    async fn send(
        &self,
        request: Request<proto::SendRequest>,
    ) -> Result<Response<proto::Command>, Status> {
        let request = request.into_inner();
        let command = convert::instruction(&request.command_json)?;
        let lasting = (request.lasting_ms != 0).then_some(request.lasting_ms);
        self.at_disk(move |gate| {
            let id = TerminalId(request.terminal);
            let issued = gate.command(id, &request.idempotency_key, command, lasting);
            convert::command(issued.map_err(status::of_command)?)
        })
        .await
    }

    async fn get_command(
        &self,
        request: Request<proto::CommandRequest>,
    ) -> Result<Response<proto::Command>, Status> {
        let id = CommandId(request.into_inner().command);
        self.at_disk(move |gate| {
            convert::command(gate.commands().command(id).map_err(status::of_command)?)
        })
        .await
    }

    async fn list_commands(
        &self,
        request: Request<proto::ListCommandsRequest>,
    ) -> Result<Response<proto::CommandPage>, Status> {
        let request = request.into_inner();
        let limit = limit(request.limit)?;
        self.at_disk(move |gate| {
            let id = TerminalId(request.terminal);
            gate.registry().terminal(id).map_err(status::of_registry)?;
            let from = CommandId(before(request.before));
            let page = gate.commands().list(id, from, limit).map_err(status::of_command)?;
            let next = next(&page, limit, |issued| issued.id.0);
            let commands = page.into_iter().map(convert::command).collect::<Result<_, _>>()?;
            Ok(proto::CommandPage { commands, next })
        })
        .await
    }

    async fn withdraw(
        &self,
        request: Request<proto::CommandRequest>,
    ) -> Result<Response<proto::Command>, Status> {
        let id = CommandId(request.into_inner().command);
        self.at_disk(move |gate| {
            let now_ms = crate::clock::now_ms();
            convert::command(gate.commands().withdraw(id, now_ms).map_err(status::of_command)?)
        })
        .await
    }

    async fn list_media(
        &self,
        request: Request<proto::ListMediaRequest>,
    ) -> Result<Response<proto::MediaPage>, Status> {
        let request = request.into_inner();
        let limit = limit(request.limit)?;
        self.at_disk(move |gate| {
            let id = TerminalId(request.terminal);
            gate.registry().terminal(id).map_err(status::of_registry)?;
            let page = gate.media().list(id, before(request.before), limit);
            let page = page.map_err(status::of_media)?;
            let next = next(&page, limit, |item| item.id);
            Ok(proto::MediaPage { media: page.into_iter().map(convert::medium).collect(), next })
        })
        .await
    }

    type ReadMediaStream = BoxStream<'static, Result<proto::MediaPiece, Status>>;

    async fn read_media(
        &self,
        request: Request<proto::MediaRequest>,
    ) -> Result<Response<Self::ReadMediaStream>, Status> {
        let id = request.into_inner().medium;
        // An upload is bounded by media.item_bytes.
        let content = self.at_disk(move |gate| gate.media().content(id).map_err(status::of_media));
        let content = content.await?.into_inner();
        let pieces =
            content.chunks(PIECE).map(|piece| Ok(proto::MediaPiece { content: piece.to_vec() }));
        let pieces: Vec<_> = pieces.collect();
        Ok(Response::new(Box::pin(futures::stream::iter(pieces))))
    }
}
