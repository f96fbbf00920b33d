//! Answers `dispatch.proto`.

use std::sync::Arc;

use smartlink_proto::dispatch::{
    self as wire, dispatch_server::Dispatch, ExplainRequest, Explanation, FiguresReply,
    FiguresRequest, NearbyReply, NearbyRequest, ReportReply, ReportRequest, TravelReply,
    TravelRequest,
};
use tokio::task::spawn_blocking;
use tonic::{Request, Response, Status};

use super::{load, now_ms, Shared};
use crate::{engine::Position, geo::Point, travel::Journey};

/// Positions in one report.
const POSITIONS: usize = 1_000;
const RADIUS_M: u32 = 50_000;
const NEARBY: u32 = 500;
/// From here on a heading is not known.
const HEADINGS: u32 = 360;

/// The service of `dispatch.proto`. Cheap to clone.
#[derive(Clone)]
pub struct DispatchService {
    shared: Arc<Shared>,
}

impl DispatchService {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

#[tonic::async_trait]
impl Dispatch for DispatchService {
    async fn report(
        &self,
        request: Request<ReportRequest>,
    ) -> Result<Response<ReportReply>, Status> {
        let positions = positions(request.into_inner().positions)?;
        let now_ms = now_ms();
        let mut engine = self.shared.engine();
        let taken =
            positions.into_iter().filter(|position| engine.report(*position, now_ms)).count();
        // At most as many as a report has.
        Ok(Response::new(ReportReply { taken: taken as u32 }))
    }

    async fn explain(
        &self,
        request: Request<ExplainRequest>,
    ) -> Result<Response<Explanation>, Status> {
        let order = request.into_inner().order;
        let shared = Arc::clone(&self.shared);
        let decisions = spawn_blocking(move || shared.log.of(order))
            .await
            .map_err(|error| Status::internal(format!("reading decisions panicked: {error}")))?
            .map_err(|error| Status::internal(error.to_string()))?;
        if decisions.is_empty() {
            return Err(Status::not_found(format!(
                "no decision about order {order} is kept: it was not searched for yet, or it is too long ago"
            )));
        }
        Ok(Response::new(Explanation { order, decisions }))
    }

    async fn nearby(
        &self,
        request: Request<NearbyRequest>,
    ) -> Result<Response<NearbyReply>, Status> {
        let request = request.into_inner();
        let around = place(request.latitude_e6, request.longitude_e6)?;
        if !(1..=RADIUS_M).contains(&request.radius_m) || !(1..=NEARBY).contains(&request.limit) {
            return Err(Status::invalid_argument(format!(
                "radius_m is {}, limit is {}: give 1 to {RADIUS_M} and 1 to {NEARBY}",
                request.radius_m, request.limit
            )));
        }
        let near = {
            let engine = self.shared.engine();
            engine.nearby(&around, request.radius_m, request.limit as usize, now_ms())
        };
        let positions = near.iter().map(|position| wire::Position {
            driver: position.driver,
            latitude_e6: position.at.latitude_e6(),
            longitude_e6: position.at.longitude_e6(),
            at_ms: position.at_ms,
            heading: position.heading.map_or(HEADINGS, u32::from),
            speed_dm_s: position.speed_dm_s,
        });
        Ok(Response::new(NearbyReply { positions: positions.collect() }))
    }

    async fn travel(
        &self,
        request: Request<TravelRequest>,
    ) -> Result<Response<TravelReply>, Status> {
        let request = request.into_inner();
        let journey = Journey {
            from: place(request.from_latitude_e6, request.from_longitude_e6)?,
            to: place(request.to_latitude_e6, request.to_longitude_e6)?,
        };
        let answer = self.shared.travel.legs(&[journey]).await;
        let leg = answer.legs.first();
        let leg =
            leg.ok_or_else(|| Status::internal("a journey was asked for, and no leg came"))?;
        Ok(Response::new(TravelReply {
            distance_m: leg.distance_m,
            duration_s: leg.duration_s,
            source: answer.source.name().to_owned(),
        }))
    }

    async fn figures(&self, _: Request<FiguresRequest>) -> Result<Response<FiguresReply>, Status> {
        let figures = self.shared.engine().figures(now_ms());
        // Drivers and orders are bounded by millions.
        Ok(Response::new(FiguresReply {
            ticks: figures.ticks,
            drivers_with_fresh_position: figures.fresh as u32,
            orders_searching: figures.searching as u32,
            offers: figures.offers,
            last_tick_us: load(&self.shared.last_tick_us),
        }))
    }
}

/// All of a report, or none of it.
fn positions(positions: Vec<wire::Position>) -> Result<Vec<Position>, Status> {
    if positions.len() > POSITIONS {
        return Err(Status::invalid_argument(format!(
            "{} positions were reported: send at most {POSITIONS} at once",
            positions.len()
        )));
    }
    let positions = positions.into_iter().map(|position| {
        let heading = u16::try_from(position.heading).ok().filter(|_| position.heading < HEADINGS);
        Ok(Position {
            driver: position.driver,
            at: place(position.latitude_e6, position.longitude_e6).map_err(|status| {
                Status::invalid_argument(format!(
                    "driver {}: {}",
                    position.driver,
                    status.message()
                ))
            })?,
            at_ms: position.at_ms,
            heading,
            speed_dm_s: position.speed_dm_s,
        })
    });
    positions.collect()
}

fn place(latitude_e6: i32, longitude_e6: i32) -> Result<Point, Status> {
    Point::new(latitude_e6, longitude_e6)
        .map_err(|error| Status::invalid_argument(error.to_string()))
}
