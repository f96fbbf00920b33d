//! The service over gRPC: `smartlink.orders.v1.Orders`.

mod convert;
mod parse;
mod status;

use crate::{
    command::{Ask, Command, Step},
    order::Order,
    service::{Changed, Orders, Outcome, ServiceError},
    store::Whose,
    Driver, Engine, State,
};
use convert::{batch, change, driver_message, order_message, state_message};
use futures::{stream, Stream};
use smartlink_primitives::DriverId;
use smartlink_proto::orders::{self as proto, orders_server};
use std::pin::Pin;
use tonic::{Request, Response, Status};

type Reply<T> = Result<Response<T>, Status>;

/// Orders and drivers of the largest page.
const MOST: u32 = 500;

/// The gRPC server. Wrap it in `orders_server::OrdersServer`.
#[derive(Clone)]
pub struct Grpc {
    orders: Orders,
}

impl Grpc {
    /// Serves these orders.
    pub const fn new(orders: Orders) -> Self {
        Self { orders }
    }

    async fn order(&self, command: Command) -> Reply<proto::Order> {
        match self.orders.submit(command).await.map_err(status::of)? {
            Outcome::Order(order) => Ok(Response::new(order_message(&order))),
            Outcome::Driver(_) | Outcome::Done => Err(Status::internal("the answer is no order")),
        }
    }

    async fn driver(&self, command: Command) -> Reply<proto::Driver> {
        match self.orders.submit(command).await.map_err(status::of)? {
            Outcome::Driver(driver) => Ok(Response::new(driver_message(&driver))),
            Outcome::Order(_) | Outcome::Done => Err(Status::internal("the answer is no driver")),
        }
    }

    async fn step(
        &self,
        name: &str,
        request: proto::DriverCommand,
        step: Step,
    ) -> Reply<proto::Order> {
        let proto::DriverCommand { idempotency_key, order, driver } = request;
        let key = parse::key(name, driver.into(), order, &idempotency_key)?;
        let ask = Ask::Step { order, driver: DriverId(driver), step };
        self.order(Command { key, ask }).await
    }

    /// A page of orders, the newest first: those that are here, and behind them those that have left.
    async fn page(&self, request: &proto::ListRequest) -> Result<proto::OrderPage, Status> {
        let limit = parse::limit(request.limit, MOST)?;
        let state = parse::optional_state(request.state)?;
        let before = if request.before == 0 { u64::MAX } else { request.before };
        let (rider, driver) = (request.rider, request.driver);
        let wanted = move |order: &Order| {
            order.id < before
                && (rider == 0 || order.quoted.rider == rider)
                && (driver == 0 || order.offer.is_some_and(|offer| offer.driver.0 == driver))
                && state.map_or(order.state != State::Quoted, |state| order.state == state)
        };
        let here = self.orders.look(move |engine| {
            let mut ids: Vec<_> = candidates(engine, 0, rider, driver)
                .filter(|order| wanted(order))
                .map(|order| order.id)
                .collect();
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.truncate(limit);
            ids.iter().filter_map(|id| engine.order(*id).cloned()).collect::<Vec<_>>()
        });
        let mut orders = here.await.map_err(status::of)?;
        let whose = match (rider, driver) {
            (0, 0) => Whose::Anybody,
            (0, driver) => Whose::Driver(driver),
            (rider, _) => Whose::Rider(rider),
        };
        let service = self.orders.clone();
        let left = tokio::task::spawn_blocking(move || {
            let most = limit.saturating_mul(4);
            let ids = service.over(whose, before, most)?;
            // Behind the last that was read there may be more.
            let more_behind = if ids.len() >= most { ids.last().copied() } else { None };
            let orders = ids.into_iter().filter_map(|id| service.left(id));
            let orders = orders.filter(wanted).collect::<Vec<_>>();
            Ok::<_, crate::store::StoreError>((orders, more_behind))
        });
        let left = left.await.map_err(|_| status::of(ServiceError::Stopped))?;
        let (left, more_behind) = left.map_err(|error| Status::internal(error.to_string()))?;
        orders.extend(left);
        // What is here and older than what was read comes with its neighbours, on the next page.
        orders.retain(|order| more_behind.is_none_or(|last| order.id >= last));
        orders.sort_unstable_by_key(|order| std::cmp::Reverse(order.id));
        orders.dedup_by_key(|order| order.id);
        let more = orders.len() >= limit;
        orders.truncate(limit);
        let last = orders.last().filter(|_| more).map(|order| order.id);
        let next = last.or(more_behind).unwrap_or(0);
        Ok(proto::OrderPage { orders: orders.iter().map(order_message).collect(), next })
    }
}

/// The orders that are here and may be asked for: one, a rider's, a driver's, or all.
fn candidates<'e>(
    engine: &'e Engine,
    order: u64,
    rider: u64,
    driver: u32,
) -> Box<dyn Iterator<Item = &'e Order> + 'e> {
    let of = |ids: &'e [u64]| ids.iter().filter_map(|id| engine.order(*id));
    match (order, rider, driver) {
        (0, 0, 0) => Box::new(engine.orders()),
        (0, 0, driver) => Box::new(of(engine.index().of_driver(DriverId(driver)))),
        (0, rider, _) => Box::new(of(engine.index().of_rider(rider))),
        (order, ..) => Box::new(engine.order(order).into_iter()),
    }
}

/// What a follower wants to see.
#[derive(Clone, Copy)]
struct Filter {
    order: u64,
    rider: u64,
    driver: u32,
}

impl Filter {
    fn wants_order(self, order: &Order) -> bool {
        let asked = order.offer.is_some_and(|offer| offer.driver.0 == self.driver)
            || order.excluded.last().is_some_and(|last| last.0 == self.driver);
        let everything = self.order == 0 && self.rider == 0 && self.driver == 0;
        (self.order == 0 || order.id == self.order)
            && (self.rider == 0 || order.quoted.rider == self.rider)
            && (self.driver == 0 || asked)
            && !(everything && order.state == State::Quoted)
    }

    const fn wants_driver(self, driver: &Driver) -> bool {
        self.order == 0 && self.rider == 0 && (self.driver == 0 || driver.id.0 == self.driver)
    }
}

#[tonic::async_trait]
impl orders_server::Orders for Grpc {
    async fn quote(&self, request: Request<proto::QuoteRequest>) -> Reply<proto::Order> {
        let command = parse::quote(request.into_inner())?;
        self.order(command).await
    }

    async fn place(&self, request: Request<proto::OrderCommand>) -> Reply<proto::Order> {
        let proto::OrderCommand { idempotency_key, order, rider } = request.into_inner();
        let key = parse::key("place", rider, order, &idempotency_key)?;
        let start_code = parse::random_code()?;
        self.order(Command { key, ask: Ask::Place { order, rider, start_code } }).await
    }

    async fn cancel(&self, request: Request<proto::CancelRequest>) -> Reply<proto::Order> {
        let command = parse::cancel(request.into_inner())?;
        self.order(command).await
    }

    async fn rate(&self, request: Request<proto::RateRequest>) -> Reply<proto::Order> {
        let command = parse::rate(request.into_inner())?;
        self.order(command).await
    }

    async fn go_on_duty(&self, request: Request<proto::OnDutyRequest>) -> Reply<proto::Driver> {
        let command = parse::on_duty(request.into_inner())?;
        self.driver(command).await
    }

    async fn go_off_duty(&self, request: Request<proto::OffDutyRequest>) -> Reply<proto::Driver> {
        let proto::OffDutyRequest { idempotency_key, driver } = request.into_inner();
        let key = parse::key("off_duty", driver.into(), 0, &idempotency_key)?;
        self.driver(Command { key, ask: Ask::OffDuty { driver: DriverId(driver) } }).await
    }

    async fn offer(&self, request: Request<proto::OfferRequest>) -> Reply<proto::Order> {
        let request = request.into_inner();
        let proto::OfferRequest { idempotency_key, order, driver, eta_s, revision, forward } =
            request;
        let key = parse::key("offer", driver.into(), order, &idempotency_key)?;
        let driver = DriverId(driver);
        self.order(Command { key, ask: Ask::Offer { order, driver, revision, eta_s, forward } })
            .await
    }

    async fn accept(&self, request: Request<proto::AcceptRequest>) -> Reply<proto::Order> {
        let proto::AcceptRequest { idempotency_key, order, driver, attempt } = request.into_inner();
        let key = parse::key("accept", driver.into(), order, &idempotency_key)?;
        let driver = DriverId(driver);
        self.order(Command { key, ask: Ask::Accept { order, driver, attempt } }).await
    }

    async fn decline(&self, request: Request<proto::AcceptRequest>) -> Reply<proto::Order> {
        let proto::AcceptRequest { idempotency_key, order, driver, attempt } = request.into_inner();
        let key = parse::key("decline", driver.into(), order, &idempotency_key)?;
        let driver = DriverId(driver);
        self.order(Command { key, ask: Ask::Decline { order, driver, attempt } }).await
    }

    async fn set_off(&self, request: Request<proto::DriverCommand>) -> Reply<proto::Order> {
        self.step("set_off", request.into_inner(), Step::SetOff).await
    }

    async fn arrive(&self, request: Request<proto::DriverCommand>) -> Reply<proto::Order> {
        self.step("arrive", request.into_inner(), Step::Arrive).await
    }

    async fn pick_up(&self, request: Request<proto::PickUpRequest>) -> Reply<proto::Order> {
        let command = parse::pick_up(request.into_inner())?;
        self.order(command).await
    }

    async fn start(&self, request: Request<proto::DriverCommand>) -> Reply<proto::Order> {
        self.step("start", request.into_inner(), Step::Start).await
    }

    async fn complete(&self, request: Request<proto::CompleteRequest>) -> Reply<proto::Order> {
        let request = request.into_inner();
        let proto::CompleteRequest { idempotency_key, order, driver, distance_m, tolls_fen } =
            request;
        let key = parse::key("complete", driver.into(), order, &idempotency_key)?;
        let driver = DriverId(driver);
        self.order(Command { key, ask: Ask::Complete { order, driver, distance_m, tolls_fen } })
            .await
    }

    async fn abandon(&self, request: Request<proto::DriverCommand>) -> Reply<proto::Order> {
        self.step("abandon", request.into_inner(), Step::Abandon).await
    }

    async fn release(&self, request: Request<proto::ReleaseRequest>) -> Reply<proto::Order> {
        let proto::ReleaseRequest { idempotency_key, order } = request.into_inner();
        let key = parse::key("release", 0, order, &idempotency_key)?;
        self.order(Command { key, ask: Ask::Release { order } }).await
    }

    async fn get(&self, request: Request<proto::GetRequest>) -> Reply<proto::Order> {
        let order = self.orders.order(request.into_inner().order).await.map_err(status::of)?;
        Ok(Response::new(order_message(&order)))
    }

    async fn list(&self, request: Request<proto::ListRequest>) -> Reply<proto::OrderPage> {
        Ok(Response::new(self.page(&request.into_inner()).await?))
    }

    async fn history(&self, request: Request<proto::GetRequest>) -> Reply<proto::OrderHistory> {
        let order = self.orders.order(request.into_inner().order).await.map_err(status::of)?;
        let entries = order.entries().map_err(|error| Status::data_loss(error.to_string()))?;
        let events = entries.iter().map(convert::event).collect();
        Ok(Response::new(proto::OrderHistory { events }))
    }

    async fn get_driver(&self, request: Request<proto::GetDriverRequest>) -> Reply<proto::Driver> {
        let id = DriverId(request.into_inner().driver);
        let driver = self.orders.look(move |engine| engine.driver(id).cloned()).await;
        let driver = driver.map_err(status::of)?;
        let driver = driver.ok_or_else(|| status::of(crate::Refusal::NoSuchDriver.into()))?;
        Ok(Response::new(driver_message(&driver)))
    }

    async fn list_drivers(
        &self,
        request: Request<proto::ListDriversRequest>,
    ) -> Reply<proto::DriverPage> {
        let proto::ListDriversRequest { after, limit } = request.into_inner();
        let limit = parse::limit(limit, MOST)?;
        let drivers = self.orders.look(move |engine| {
            let on_duty = engine.drivers().filter(|driver| driver.duty.is_some());
            let mut drivers: Vec<_> =
                on_duty.filter(|driver| driver.id.0 > after).cloned().collect();
            drivers.sort_unstable_by_key(|driver| driver.id);
            drivers.truncate(limit);
            drivers
        });
        let drivers = drivers.await.map_err(status::of)?;
        let full = drivers.len() >= limit;
        let next = if full { drivers.last().map_or(0, |driver| driver.id.0) } else { 0 };
        let drivers = drivers.iter().map(driver_message).collect();
        Ok(Response::new(proto::DriverPage { drivers, next }))
    }

    type FollowStream = Pin<Box<dyn Stream<Item = Result<proto::Change, Status>> + Send>>;

    async fn follow(&self, request: Request<proto::FollowRequest>) -> Reply<Self::FollowStream> {
        let proto::FollowRequest { order, rider, driver } = request.into_inner();
        let filter = Filter { order, rider, driver };
        let snapshot = self.orders.follow(move |engine| {
            let Filter { order, rider, driver } = filter;
            let orders = candidates(engine, order, rider, driver).filter(|order| {
                filter.wants_order(order) && (filter.order != 0 || !order.state.is_over())
            });
            let orders: Vec<_> = orders.cloned().collect();
            let drivers = engine.drivers().filter(|driver| {
                filter.wants_driver(driver) && (driver.duty.is_some() || filter.driver != 0)
            });
            let drivers: Vec<_> = drivers.cloned().collect();
            (engine.sequence(), engine.now_ms(), orders, drivers)
        });
        let ((sequence, at_ms, orders, drivers), followed) = snapshot.await.map_err(status::of)?;
        let message = move |what| proto::Change { sequence, at_ms, what: Some(what) };
        let mut first: Vec<_> = drivers
            .iter()
            .map(|driver| message(proto::change::What::Driver(driver_message(driver))))
            .collect();
        first.extend(
            orders.iter().map(|order| message(proto::change::What::Order(order_message(order)))),
        );
        first.push(message(proto::change::What::CaughtUp(true)));
        let later = stream::try_unfold(followed, move |mut followed| async move {
            match followed.next().await {
                Ok(Some(changes)) => {
                    let wanted: Vec<_> = changes
                        .iter()
                        .filter(|change| match &change.what {
                            Changed::Order(order) => filter.wants_order(order),
                            Changed::Driver(driver) => filter.wants_driver(driver),
                        })
                        .map(|one| Ok(change(one)))
                        .collect();
                    Ok(Some((stream::iter(wanted), followed)))
                }
                Ok(None) => Ok(None),
                Err(behind) => Err(Status::data_loss(behind.to_string())),
            }
        });
        let later = futures::TryStreamExt::try_flatten(later);
        let all = futures::StreamExt::chain(stream::iter(first.into_iter().map(Ok)), later);
        Ok(Response::new(Box::pin(all)))
    }

    async fn batches(&self, request: Request<proto::BatchesRequest>) -> Reply<proto::BatchPage> {
        let proto::BatchesRequest { before, limit } = request.into_inner();
        let limit = parse::limit(limit, MOST)?;
        let before = if before == 0 { u64::MAX } else { before };
        let open = self.orders.look(move |engine| {
            let open = engine.batches().open().range(..before).rev().take(limit);
            open.map(|(number, open)| convert::open_batch(*number, open)).collect::<Vec<_>>()
        });
        let mut batches = open.await.map_err(status::of)?;
        let service = self.orders.clone();
        let settled =
            tokio::task::spawn_blocking(move || service.store().final_batches(before, limit));
        let settled = settled.await.map_err(|_| status::of(ServiceError::Stopped))?;
        let settled = settled.map_err(|error| Status::internal(error.to_string()))?;
        batches.extend(settled.iter().map(batch));
        batches.sort_unstable_by_key(|batch| std::cmp::Reverse(batch.number));
        batches.dedup_by_key(|batch| batch.number);
        let more = batches.len() >= limit;
        batches.truncate(limit);
        let next = if more { batches.last().map_or(0, |batch| batch.number) } else { 0 };
        Ok(Response::new(proto::BatchPage { batches, next }))
    }

    async fn figures(&self, _: Request<proto::FiguresRequest>) -> Reply<proto::FiguresReply> {
        let figures = self.orders.look(|engine| {
            let open = State::ALL.iter().map(|state| proto::StateCount {
                state: state_message(*state).into(),
                orders: engine.index().count(*state),
            });
            let open = open.filter(|count| count.orders > 0);
            let on_duty = engine.drivers().filter(|driver| driver.duty.is_some()).count();
            let batches = engine.batches();
            let unsettled = batches.open().len() as u64;
            proto::FiguresReply {
                open: open.collect(),
                // The rules allow a million drivers.
                drivers_on_duty: on_duty as u32,
                events: engine.sequence(),
                batches_closed: batches.settled() + unsettled,
                batches_settled: batches.settled(),
                halted: batches.is_halted(),
            }
        });
        Ok(Response::new(figures.await.map_err(status::of)?))
    }
}
