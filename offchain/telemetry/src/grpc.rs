//! Telemetry of a company over gRPC (`proto/smartlink/telemetry.proto`).
//!
//! It is there before telemetry is, which waits for ClickHouse: until then every call is UNAVAILABLE. Whoever reaches this
//! may do everything: the api in front of it knows who may what.

mod answer;
mod ask;
mod follow;
mod pieces;
mod status;

use crate::{analysis::alert::Alert, config::QueryConfig, queries, CommandError, Telemetry};
use futures::stream::BoxStream;
use smartlink_proto::telemetry::{self as proto, telemetry_server::Telemetry as Service};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::sync::{watch, OwnedSemaphorePermit, Semaphore};
use tonic::{Request, Response, Status};

/// How long a change may take to be on disk, and a proof to be made. After a restart the analysis takes nothing until it is
/// where it was.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of the geofences of one answer, about: gRPC's clients take messages of 4 MiB.
const GEOFENCE_BYTES: usize = 3 << 20;

type Answer<T> = Result<Response<T>, Status>;
type Answers<T> = BoxStream<'static, Result<T, Status>>;

/// The service. It answers from [`begin`](Self::begin) to [`end`](Self::end). Clones share what is behind it.
#[derive(Clone)]
pub struct Grpc {
    behind: Arc<watch::Sender<Option<Telemetry>>>,
    streams: Arc<Semaphore>,
    most_streams: usize,
}

impl Grpc {
    /// With nothing behind it yet.
    pub fn new(config: &QueryConfig) -> Self {
        Self {
            behind: Arc::new(watch::Sender::new(None)),
            streams: Arc::new(Semaphore::new(config.streams)),
            most_streams: config.streams,
        }
    }

    /// Answers for telemetry from here on.
    pub fn begin(&self, telemetry: Telemetry) {
        self.behind.send_replace(Some(telemetry));
    }

    /// Telemetry stops: followers are let go, and every call is UNAVAILABLE.
    pub fn end(&self) {
        self.behind.send_replace(None);
    }

    fn telemetry(&self) -> Result<Telemetry, Status> {
        self.behind.borrow().clone().ok_or_else(|| {
            Status::unavailable(
                "telemetry does not run: it waits for ClickHouse, or stops; try again",
            )
        })
    }

    /// A place for a track or a file.
    fn place(&self) -> Result<OwnedSemaphorePermit, Status> {
        let place = self.streams.clone().try_acquire_owned();
        place.map_err(|_| status::too_many_streams(self.most_streams))
    }
}

/// Waits for what may take its time.
async fn in_time<T>(doing: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match tokio::time::timeout(PATIENCE, doing).await {
        Ok(done) => done,
        Err(_) => Err(Status::deadline_exceeded(format!(
            "not done within {} s: it may still be, and may come twice; try again",
            PATIENCE.as_secs()
        ))),
    }
}

/// A change that answers when it is on disk.
async fn command<T>(doing: impl Future<Output = Result<T, CommandError>>) -> Result<T, Status> {
    in_time(async { doing.await.map_err(status::of_command) }).await
}

async fn deed(doing: impl Future<Output = Result<Alert, CommandError>>) -> Answer<proto::Alert> {
    Ok(Response::new(answer::alert(command(doing).await?)))
}

#[tonic::async_trait]
impl Service for Grpc {
    async fn get_vehicle(&self, request: Request<proto::VehicleRequest>) -> Answer<proto::Vehicle> {
        let vehicle = request.into_inner().vehicle;
        let state = self.telemetry()?.live().of(vehicle).ok_or_else(|| {
            Status::not_found(format!("nothing was ever heard of vehicle {vehicle}"))
        })?;
        Ok(Response::new(answer::vehicle(&state)))
    }

    async fn list_vehicles(
        &self,
        request: Request<proto::ListVehiclesRequest>,
    ) -> Answer<proto::VehiclePage> {
        let request = request.into_inner();
        let telemetry = self.telemetry()?;
        let (live, limit) = (telemetry.live(), ask::limit(request.limit)? as usize);
        let frame = request.r#box.map(ask::frame).transpose()?;
        let (mut vehicles, mut after) = (Vec::new(), request.after);
        let next = loop {
            let page = live.page(after, limit - vehicles.len(), |state| {
                frame.is_none_or(|frame| frame.holds(state.place))
                    && request.online.is_none_or(|online| online == state.online)
            });
            vehicles.extend(page.states.iter().map(|state| answer::vehicle(state)));
            match page.next {
                Some(next) if vehicles.len() < limit => after = next,
                next => break next.unwrap_or(0),
            }
            // Of many vehicles few may be wanted: others have their turn between two looks.
            tokio::task::yield_now().await;
        };
        Ok(Response::new(proto::VehiclePage { vehicles, next, known: live.len() as u64 }))
    }

    type FollowStream = Answers<proto::Change>;

    async fn follow(&self, request: Request<proto::FollowRequest>) -> Answer<Self::FollowStream> {
        let wanted = follow::Wanted::of(request.into_inner())?;
        let telemetry = self.telemetry()?;
        Ok(Response::new(follow::follow(telemetry.live(), wanted, self.behind.subscribe())))
    }

    async fn set_capacities(
        &self,
        request: Request<proto::SetCapacitiesRequest>,
    ) -> Answer<proto::Done> {
        let request = request.into_inner();
        let (telemetry, capacities) = (self.telemetry()?, ask::capacities(&request));
        command(telemetry.analyst().set_capacities(request.vehicle, capacities)).await?;
        Ok(Response::new(proto::Done {}))
    }

    type ReadTrackStream = Answers<proto::Fixes>;

    async fn read_track(
        &self,
        request: Request<proto::TrackRequest>,
    ) -> Answer<Self::ReadTrackStream> {
        let filter = ask::track(request.into_inner())?;
        let (telemetry, place) = (self.telemetry()?, self.place()?);
        let fixes = telemetry.queries().track(&filter).map_err(status::of_query)?;
        Ok(Response::new(pieces::held(pieces::fixes(fixes), place)))
    }

    async fn list_fixes(
        &self,
        request: Request<proto::ListFixesRequest>,
    ) -> Answer<proto::FixPage> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)?;
        let filter = ask::track(request.track.unwrap_or_default())?;
        let after = request.after.map(ask::fix_cursor);
        let page = self.telemetry()?.queries().fixes(&filter, after, limit).await;
        Ok(Response::new(answer::fix_page(page.map_err(status::of_query)?)))
    }

    async fn list_visits(
        &self,
        request: Request<proto::VisitsRequest>,
    ) -> Answer<proto::VisitList> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)?;
        let area = ask::area(request)?;
        let visits = self.telemetry()?.queries().visits(&area, limit).await;
        let visits = visits.map_err(status::of_query)?.into_iter().map(answer::visit).collect();
        Ok(Response::new(proto::VisitList { visits }))
    }

    async fn list_trips(
        &self,
        request: Request<proto::ListTripsRequest>,
    ) -> Answer<proto::TripPage> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)?;
        let filter = ask::trips(request)?;
        let page = self.telemetry()?.queries().trips(&filter, limit).await;
        Ok(Response::new(answer::trip_page(page.map_err(status::of_query)?)))
    }

    async fn list_stops(
        &self,
        request: Request<proto::ListStopsRequest>,
    ) -> Answer<proto::StopPage> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)?;
        let after = request.after.map(ask::stop_cursor);
        let filter = ask::stops(request.vehicles, request.span, request.least_ms)?;
        let page = self.telemetry()?.queries().stop_page(&filter, after, limit).await;
        Ok(Response::new(answer::stop_page(page.map_err(status::of_query)?)))
    }

    async fn list_days(&self, request: Request<proto::ListDaysRequest>) -> Answer<proto::DayPage> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)?;
        let after = request.after.map(ask::day_cursor);
        let filter = ask::days(request.vehicles, request.from_day, request.until_day);
        let page = self.telemetry()?.queries().day_page(&filter, after, limit).await;
        Ok(Response::new(answer::day_page(page.map_err(status::of_query)?)))
    }

    type ExportStream = Answers<proto::Piece>;

    async fn export(&self, request: Request<proto::ExportRequest>) -> Answer<Self::ExportStream> {
        let file = ask::file(request.into_inner())?;
        let (telemetry, place) = (self.telemetry()?, self.place()?);
        let pieces = file.of(telemetry.queries()).map_err(status::of_query)?;
        Ok(Response::new(pieces::held(pieces::file(pieces), place)))
    }

    async fn list_alerts(
        &self,
        request: Request<proto::ListAlertsRequest>,
    ) -> Answer<proto::AlertPage> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)?;
        let filter = ask::alerts(request)?;
        let page = self.telemetry()?.queries().alerts(&filter, limit).await;
        Ok(Response::new(answer::alert_page(page.map_err(status::of_query)?)))
    }

    async fn get_alert(&self, request: Request<proto::AlertRequest>) -> Answer<proto::Alert> {
        let id = request.into_inner().alert;
        let alert = self.telemetry()?.queries().alert(id).await.map_err(status::of_query)?;
        let alert = alert.ok_or_else(|| status::of_command(CommandError::NoAlert(id)))?;
        Ok(Response::new(answer::alert(alert)))
    }

    async fn acknowledge_alert(&self, request: Request<proto::AlertDeed>) -> Answer<proto::Alert> {
        let (request, telemetry) = (request.into_inner(), self.telemetry()?);
        ask::name(&request.by)?;
        deed(telemetry.queries().acknowledge(request.alert, &request.by)).await
    }

    async fn close_alert(&self, request: Request<proto::AlertDeed>) -> Answer<proto::Alert> {
        let (request, telemetry) = (request.into_inner(), self.telemetry()?);
        ask::name(&request.by)?;
        deed(telemetry.queries().close(request.alert, &request.by)).await
    }

    async fn list_geofences(
        &self,
        request: Request<proto::ListGeofencesRequest>,
    ) -> Answer<proto::GeofencePage> {
        let request = request.into_inner();
        let limit = ask::limit(request.limit)? as usize;
        let telemetry = self.telemetry()?;
        // One more, to know whether there is one.
        let found = telemetry.geofences().list(request.after, limit + 1);
        let (mut geofences, mut bytes) = (Vec::new(), 0);
        for fence in found.iter().take(limit) {
            let fence = answer::geofence(fence);
            bytes += fence.feature_json.len();
            if bytes > GEOFENCE_BYTES && !geofences.is_empty() {
                break;
            }
            geofences.push(fence);
        }
        let last = geofences.last().filter(|_| geofences.len() < found.len());
        let next = last.map_or(0, |fence: &proto::Geofence| fence.id);
        Ok(Response::new(proto::GeofencePage { geofences, next }))
    }

    async fn get_geofence(
        &self,
        request: Request<proto::GeofenceRequest>,
    ) -> Answer<proto::Geofence> {
        let id = request.into_inner().geofence;
        let fence = self.telemetry()?.geofences().get(id).ok_or_else(|| {
            Status::not_found(format!(
                "there is no geofence {id}: list them to see which there are"
            ))
        })?;
        Ok(Response::new(answer::geofence(&fence)))
    }

    async fn put_geofences(
        &self,
        request: Request<proto::PutGeofencesRequest>,
    ) -> Answer<proto::GeofencePage> {
        let proto::PutGeofencesRequest { geojson, by } = request.into_inner();
        ask::name(&by)?;
        let telemetry = self.telemetry()?;
        let putting = telemetry.geofences().put(&geojson, &by);
        let put = in_time(async { putting.await.map_err(status::of_geofence) }).await?;
        let mut bytes = 0;
        let geofences = put.iter().map(|fence| {
            let mut fence = answer::geofence(fence);
            bytes += fence.feature_json.len();
            if bytes > GEOFENCE_BYTES {
                fence.feature_json.clear();
            }
            fence
        });
        Ok(Response::new(proto::GeofencePage { geofences: geofences.collect(), next: 0 }))
    }

    async fn remove_geofence(
        &self,
        request: Request<proto::RemoveGeofenceRequest>,
    ) -> Answer<proto::Done> {
        let (request, telemetry) = (request.into_inner(), self.telemetry()?);
        let removing = telemetry.geofences().remove(request.geofence, request.version);
        in_time(async { removing.await.map_err(status::of_geofence) }).await?;
        Ok(Response::new(proto::Done {}))
    }

    async fn get_rules(&self, _: Request<proto::RulesRequest>) -> Answer<proto::RuleBook> {
        let book = self.telemetry()?.analyst().rules();
        Ok(Response::new(answer::rules(&book)?))
    }

    async fn set_rules(&self, request: Request<proto::SetRulesRequest>) -> Answer<proto::RuleBook> {
        let book = ask::rules(&request.into_inner().book_json)?;
        let telemetry = self.telemetry()?;
        command(telemetry.analyst().set_rules(book.clone())).await?;
        Ok(Response::new(answer::rules(&book)?))
    }

    async fn prove(&self, request: Request<proto::ProveRequest>) -> Answer<proto::Proof> {
        let telemetry = self.telemetry()?;
        let proving = telemetry.prove(request.into_inner().sequence);
        let proof = in_time(async { proving.await.map_err(status::of_proof) }).await?;
        Ok(Response::new(proto::Proof { proof_json: answer::json(&proof)? }))
    }

    async fn get_figures(&self, _: Request<proto::FiguresRequest>) -> Answer<proto::Figures> {
        let figures = self.telemetry()?.figures();
        Ok(Response::new(proto::Figures { figures_json: answer::json(&figures)? }))
    }
}

/// Entries of a page, at most.
const MOST: u32 = queries::LONGEST_PAGE;
