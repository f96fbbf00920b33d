//! Answers `dispatch.proto`.

use std::sync::Arc;

use smartlink_proto::dispatch::{
    self as wire, dispatch_server::Dispatch, ExplainRequest, Explanation, FiguresReply,
    FiguresRequest, NearbyReply, NearbyRequest, PositionReply, PositionRequest, ReportReply,
    ReportRequest, TravelReply, TravelRequest,
};
use tokio::task::{spawn_blocking, JoinError};
use tonic::{Request, Response, Status};

use super::{load, now_ms, Shared};
use crate::{
    engine::{DispatchEngine, Position},
    geo::Point,
    travel::Journey,
};

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
        let taken = self.shared.reports.put(&positions, now_ms());
        let taken = taken.map_err(|error| Status::resource_exhausted(error.to_string()))?;
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
        let look = move |engine: &mut DispatchEngine| {
            engine.nearby(&around, request.radius_m, request.limit as usize, now_ms())
        };
        let near = self.shared.with_engine(look).await.map_err(panicked)?;
        let positions = near.iter().map(message).collect();
        Ok(Response::new(NearbyReply { positions }))
    }

    async fn position(
        &self,
        request: Request<PositionRequest>,
    ) -> Result<Response<PositionReply>, Status> {
        let known = self.shared.reports.of(request.into_inner().driver);
        Ok(Response::new(PositionReply { position: known.as_ref().map(message) }))
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
        let count = |engine: &mut DispatchEngine| engine.figures(now_ms());
        let figures = self.shared.with_engine(count).await.map_err(panicked)?;
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

fn panicked(error: JoinError) -> Status {
    Status::internal(format!("asking the engine panicked: {error}"))
}

fn message(position: &Position) -> wire::Position {
    wire::Position {
        driver: position.driver,
        latitude_e6: position.at.latitude_e6(),
        longitude_e6: position.at.longitude_e6(),
        at_ms: position.at_ms,
        heading: position.heading.map_or(HEADINGS, u32::from),
        speed_dm_s: position.speed_dm_s,
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

#[cfg(test)]
mod tests {
    use std::{pin::pin, sync::mpsc, time::Duration};

    use futures::poll;
    use smartlink_proto::orders::orders_client::OrdersClient;
    use tempfile::TempDir;
    use tokio::{sync::oneshot, time::timeout};
    use tonic::{transport::Channel, Code};

    use super::*;
    use crate::{service::ticker, DispatchConfig};

    /// A service whose orders nobody answers for.
    fn without_orders() -> (Arc<Shared>, DispatchService, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let config = DispatchConfig {
            path: folder.path().to_owned(),
            tick_ms: 100,
            ..DispatchConfig::default()
        };
        let nobody = Channel::from_static("http://127.0.0.1:1").connect_lazy();
        let shared = Arc::new(Shared::new(config, OrdersClient::new(nobody)).unwrap());
        (Arc::clone(&shared), DispatchService::new(shared), folder)
    }

    fn report(driver: u32) -> Request<ReportRequest> {
        let at_ms = now_ms();
        let position = wire::Position { driver, at_ms, heading: HEADINGS, ..here() };
        Request::new(ReportRequest { positions: vec![position] })
    }

    fn here() -> wire::Position {
        wire::Position {
            latitude_e6: 22_500_000,
            longitude_e6: 114_000_000,
            ..wire::Position::default()
        }
    }

    fn nearby() -> Request<NearbyRequest> {
        let wire::Position { latitude_e6, longitude_e6, .. } = here();
        Request::new(NearbyRequest { latitude_e6, longitude_e6, radius_m: 100, limit: 10 })
    }

    // One thread: whoever waits on it keeps the whole test waiting.
    #[tokio::test]
    async fn while_a_tick_searches_reports_are_taken_and_nobody_holds_up_the_runtime() {
        let (shared, service, _folder) = without_orders();
        let (begin, begun) = oneshot::channel();
        let (end, ended) = mpsc::channel();
        let searcher = Arc::clone(&shared);
        let search = spawn_blocking(move || {
            let _engine = searcher.engine();
            begin.send(()).unwrap();
            ended.recv_timeout(Duration::from_secs(10))
        });
        begun.await.unwrap();
        let taken = service.report(report(1)).await.unwrap().into_inner().taken;
        assert_eq!(taken, 1);
        let asked = Request::new(PositionRequest { driver: 1 });
        let known = service.position(asked).await.unwrap().into_inner().position.unwrap();
        assert_eq!((known.driver, known.latitude_e6), (1, here().latitude_e6));
        let asked = Request::new(PositionRequest { driver: 2 });
        assert_eq!(service.position(asked).await.unwrap().into_inner().position, None);
        let (mut near, mut figures) = (
            pin!(service.nearby(nearby())),
            pin!(service.figures(Request::new(FiguresRequest {}))),
        );
        let mut told = pin!(shared.tell(|engine| engine.answered(10, 1)));
        assert!(poll!(&mut near).is_pending() && poll!(&mut figures).is_pending());
        assert!(poll!(&mut told).is_pending());
        end.send(()).expect("the search goes on until it is told to end");
        search.await.unwrap().expect("nobody has waited for the search on this thread");
        let near = near.await.unwrap().into_inner().positions;
        assert_eq!(near.iter().map(|position| position.driver).collect::<Vec<_>>(), [1]);
        assert_eq!(figures.await.unwrap().into_inner().drivers_with_fresh_position, 1);
        told.await;
    }

    #[tokio::test]
    async fn reports_beyond_what_may_wait_are_refused_until_somebody_reads() {
        let (shared, service, _folder) = without_orders();
        let at = place(22_600_000, 114_100_000).unwrap();
        let waiting = (1..=100_000).map(|driver| Position {
            driver,
            at,
            at_ms: now_ms(),
            heading: None,
            speed_dm_s: 0,
        });
        assert_eq!(shared.reports.put(&waiting.collect::<Vec<_>>(), now_ms()), Ok(100_000));
        let refused = service.report(report(100_001)).await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
        service.nearby(nearby()).await.unwrap();
        assert_eq!(service.report(report(100_001)).await.unwrap().into_inner().taken, 1);
    }

    #[tokio::test]
    async fn reports_are_read_while_orders_are_not_followed() {
        let (shared, service, _folder) = without_orders();
        service.report(report(1)).await.unwrap();
        let read = async {
            while shared.engine().figures(now_ms()).fresh == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            ended = ticker::tick(&shared, std::future::pending()) => panic!("{ended:?}"),
            read = timeout(Duration::from_secs(30), read) => read.unwrap(),
        }
    }
}
