//! A small orders service in memory: enough of the life of an order for the api's stories.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        atomic::{AtomicBool, Ordering::SeqCst},
        Arc, Mutex,
    },
};

use futures::{stream, stream::BoxStream, StreamExt};
use smartlink_proto::orders::{
    self as proto, change::What, orders_server::Orders, Change, Order, State,
};
use tokio::sync::{broadcast, Semaphore};
use tonic::{Request, Response, Status};

#[derive(Default)]
struct Pages {
    orders: BTreeMap<u64, Order>,
    drivers: BTreeMap<u32, proto::Driver>,
    answers: HashMap<String, Result<Order, Status>>,
    /// Of the last change.
    sequence: u64,
}

/// The orders. Clones share them.
#[derive(Clone)]
pub struct Book {
    pages: Arc<Mutex<Pages>>,
    changes: broadcast::Sender<Change>,
    /// Reading an order takes one of these.
    pub doors: Arc<Semaphore>,
    /// The chain has settled what this service did not send.
    pub halted: Arc<AtomicBool>,
}

type Answer<T> = Result<Response<T>, Status>;

fn refused(name: &'static str, said: &'static str) -> Status {
    let mut status = Status::failed_precondition(said);
    status.metadata_mut().insert("smartlink-refusal", name.parse().unwrap());
    status
}

impl Book {
    pub fn new() -> Self {
        let (changes, _) = broadcast::channel(10_000);
        let doors = Arc::new(Semaphore::new(1_000_000));
        Self { pages: Arc::default(), changes, doors, halted: Arc::default() }
    }

    /// Makes an order be as `edit` leaves it, and tells followers.
    pub fn edit(&self, id: u64, edit: impl FnOnce(&mut Order)) -> Order {
        let mut pages = self.pages.lock().unwrap();
        pages.sequence += 1;
        let sequence = pages.sequence;
        let order = pages.orders.get_mut(&id).unwrap();
        let before = order.state;
        edit(order);
        order.revision += u64::from(order.state != before);
        let order = order.clone();
        let what = Some(What::Order(order.clone()));
        // Nobody may follow.
        let _ = self.changes.send(Change { sequence, at_ms: 1, what });
        order
    }

    /// What the dispatcher would do.
    pub fn offer(&self, id: u64, driver: u32) {
        self.edit(id, |order| {
            order.state = State::Offered as i32;
            let offer = proto::Offer {
                attempt: 1,
                driver,
                vehicle: 5,
                expires_at_ms: 9,
                eta_s: 60,
                forward: false,
            };
            order.offer = Some(offer);
        });
    }

    fn command(
        &self,
        key: &str,
        id: u64,
        may: impl FnOnce(&Order) -> bool,
        act: impl FnOnce(&mut Order) -> Result<(), Status>,
    ) -> Answer<Order> {
        if let Some(answer) = self.pages.lock().unwrap().answers.get(key) {
            return answer.clone().map(Response::new);
        }
        let known = self.pages.lock().unwrap().orders.get(&id).cloned();
        let order = known.filter(may).ok_or_else(|| Status::not_found("no such order"));
        let answer = order
            .and_then(|mut order| act(&mut order).map(|()| order))
            .map(|changed| self.edit(id, |order| *order = changed));
        self.pages.lock().unwrap().answers.insert(key.to_owned(), answer.clone());
        answer.map(Response::new)
    }

    fn driver_command(
        &self,
        key: &str,
        id: u64,
        driver: u32,
        from: State,
        act: impl FnOnce(&mut Order),
    ) -> Answer<Order> {
        let may = |order: &Order| order.offer.as_ref().is_some_and(|offer| offer.driver == driver);
        self.command(key, id, may, |order| {
            if order.state != from as i32 {
                return Err(refused("wrong_state", "the order is in another state"));
            }
            act(order);
            Ok(())
        })
    }
}

fn to(state: State) -> impl FnOnce(&mut Order) {
    move |order| order.state = state as i32
}

#[tonic::async_trait]
impl Orders for Book {
    async fn quote(&self, request: Request<proto::QuoteRequest>) -> Answer<Order> {
        let request = request.into_inner();
        let mut pages = self.pages.lock().unwrap();
        if let Some(answer) = pages.answers.get(&request.idempotency_key) {
            return answer.clone().map(Response::new);
        }
        pages.sequence += 1;
        let id = pages.orders.len() as u64 + 1;
        let price = proto::Price {
            tariff_version: 1,
            distance_m: 8_000,
            duration_s: 900,
            fare: 25_000_000,
            pickup_s: 1_700_000_000,
            surge_permille: 1_000,
            ..Default::default()
        };
        let order = Order {
            id,
            state: State::Quoted as i32,
            rider: request.rider,
            city: 440_300,
            origin: request.origin,
            destination: request.destination,
            class: request.class,
            created_at_ms: 1,
            pickup_at_ms: request.pickup_at_ms,
            quote: Some(proto::Quote {
                price: Some(price),
                valid_until_ms: 300_000,
                cap: 30_000_000,
            }),
            start_code: "4711".into(),
            revision: 1,
            ..Default::default()
        };
        pages.orders.insert(id, order.clone());
        pages.answers.insert(request.idempotency_key, Ok(order.clone()));
        Ok(Response::new(order))
    }

    async fn place(&self, request: Request<proto::OrderCommand>) -> Answer<Order> {
        let _door = self.doors.acquire().await.unwrap();
        let request = request.into_inner();
        let may = |order: &Order| order.rider == request.rider;
        self.command(&request.idempotency_key, request.order, may, |order| {
            if order.state != State::Quoted as i32 {
                return Err(refused("wrong_state", "the order is in another state"));
            }
            order.state = State::Searching as i32;
            Ok(())
        })
    }

    async fn cancel(&self, request: Request<proto::CancelRequest>) -> Answer<Order> {
        let request = request.into_inner();
        let may = |order: &Order| match request.by {
            1 => order.rider == request.who,
            2 => order.offer.as_ref().is_some_and(|offer| u64::from(offer.driver) == request.who),
            _ => true,
        };
        self.command(&request.idempotency_key, request.order, may, |order| {
            order.state = State::Cancelled as i32;
            let fault = if request.fault == 0 { request.by } else { request.fault };
            order.cancellation = Some(proto::Cancellation {
                by: request.by,
                fault,
                reason: request.reason.clone(),
                fee: 0,
            });
            Ok(())
        })
    }

    async fn rate(&self, request: Request<proto::RateRequest>) -> Answer<Order> {
        let request = request.into_inner();
        let by_rider = request.by == proto::Party::Rider as i32;
        let may = |order: &Order| match by_rider {
            true => order.rider == request.who,
            false => {
                order.offer.as_ref().is_some_and(|offer| u64::from(offer.driver) == request.who)
            }
        };
        self.command(&request.idempotency_key, request.order, may, |order| {
            match by_rider {
                true => order.rating_of_driver = request.stars,
                false => order.rating_of_rider = request.stars,
            }
            Ok(())
        })
    }

    async fn go_on_duty(&self, request: Request<proto::OnDutyRequest>) -> Answer<proto::Driver> {
        let request = request.into_inner();
        let driver = proto::Driver {
            id: request.driver,
            on_duty: true,
            vehicle: request.vehicle,
            seat: request.seat,
            class: request.class,
            ..Default::default()
        };
        self.pages.lock().unwrap().drivers.insert(driver.id, driver);
        Ok(Response::new(driver))
    }

    async fn go_off_duty(&self, request: Request<proto::OffDutyRequest>) -> Answer<proto::Driver> {
        let driver = request.into_inner().driver;
        let mut pages = self.pages.lock().unwrap();
        let driver =
            pages.drivers.get_mut(&driver).ok_or_else(|| Status::not_found("no such driver"))?;
        driver.on_duty = false;
        Ok(Response::new(*driver))
    }

    async fn offer(&self, _: Request<proto::OfferRequest>) -> Answer<Order> {
        Err(Status::unimplemented("the dispatcher's"))
    }

    async fn accept(&self, request: Request<proto::AcceptRequest>) -> Answer<Order> {
        let request = request.into_inner();
        self.driver_command(
            &request.idempotency_key,
            request.order,
            request.driver,
            State::Offered,
            to(State::Accepted),
        )
    }

    async fn decline(&self, request: Request<proto::AcceptRequest>) -> Answer<Order> {
        let request = request.into_inner();
        let driver = request.driver;
        self.driver_command(
            &request.idempotency_key,
            request.order,
            driver,
            State::Offered,
            |order| {
                order.state = State::Searching as i32;
                order.offer = None;
                order.excluded.push(driver);
            },
        )
    }

    async fn set_off(&self, request: Request<proto::DriverCommand>) -> Answer<Order> {
        let request = request.into_inner();
        self.driver_command(
            &request.idempotency_key,
            request.order,
            request.driver,
            State::Accepted,
            to(State::Arriving),
        )
    }

    async fn arrive(&self, request: Request<proto::DriverCommand>) -> Answer<Order> {
        let request = request.into_inner();
        self.driver_command(
            &request.idempotency_key,
            request.order,
            request.driver,
            State::Arriving,
            to(State::Arrived),
        )
    }

    async fn pick_up(&self, request: Request<proto::PickUpRequest>) -> Answer<Order> {
        let request = request.into_inner();
        let may = |order: &Order| {
            order.offer.as_ref().is_some_and(|offer| offer.driver == request.driver)
        };
        self.command(&request.idempotency_key, request.order, may, |order| {
            if order.start_code != request.start_code {
                return Err(refused("wrong_code", "the start code is wrong: ask the rider"));
            }
            order.state = State::PickedUp as i32;
            Ok(())
        })
    }

    async fn start(&self, request: Request<proto::DriverCommand>) -> Answer<Order> {
        let request = request.into_inner();
        self.driver_command(
            &request.idempotency_key,
            request.order,
            request.driver,
            State::PickedUp,
            to(State::InTrip),
        )
    }

    async fn complete(&self, request: Request<proto::CompleteRequest>) -> Answer<Order> {
        let request = request.into_inner();
        self.driver_command(
            &request.idempotency_key,
            request.order,
            request.driver,
            State::InTrip,
            |order| {
                order.state = State::Completed as i32;
                order.receipt = order.quote.as_ref().and_then(|quote| quote.price);
            },
        )
    }

    async fn abandon(&self, request: Request<proto::DriverCommand>) -> Answer<Order> {
        let request = request.into_inner();
        let driver = request.driver;
        self.driver_command(
            &request.idempotency_key,
            request.order,
            driver,
            State::Accepted,
            |order| {
                order.state = State::Searching as i32;
                order.offer = None;
                order.excluded.push(driver);
            },
        )
    }

    async fn release(&self, request: Request<proto::ReleaseRequest>) -> Answer<Order> {
        let order = request.into_inner().order;
        let pages = self.pages.lock().unwrap();
        let order = pages.orders.get(&order).ok_or_else(|| Status::not_found("no such order"))?;
        Ok(Response::new(order.clone()))
    }

    async fn get(&self, request: Request<proto::GetRequest>) -> Answer<Order> {
        let _door = self.doors.acquire().await.unwrap();
        let order = self.pages.lock().unwrap().orders.get(&request.into_inner().order).cloned();
        order.map(Response::new).ok_or_else(|| Status::not_found("no such order"))
    }

    async fn list(&self, request: Request<proto::ListRequest>) -> Answer<proto::OrderPage> {
        let request = request.into_inner();
        let pages = self.pages.lock().unwrap();
        let wanted = |order: &&Order| {
            (request.rider == 0 || order.rider == request.rider)
                && (request.driver == 0
                    || order.offer.as_ref().is_some_and(|offer| offer.driver == request.driver))
                && (request.state == 0 || order.state == request.state)
                && (request.before == 0 || order.id < request.before)
        };
        let orders: Vec<Order> = pages
            .orders
            .values()
            .rev()
            .filter(wanted)
            .take(request.limit as usize)
            .cloned()
            .collect();
        let next = orders.last().map_or(0, |order| if order.id > 1 { order.id } else { 0 });
        Ok(Response::new(proto::OrderPage { orders, next }))
    }

    async fn history(&self, request: Request<proto::GetRequest>) -> Answer<proto::OrderHistory> {
        let order = self.get(request).await?.into_inner();
        let details = format!(r#"{{"start_code":"{}","city":440300}}"#, order.start_code);
        let event = proto::Event { sequence: 1, at_ms: 1, name: "quoted".into(), details };
        Ok(Response::new(proto::OrderHistory { events: vec![event] }))
    }

    async fn get_driver(&self, request: Request<proto::GetDriverRequest>) -> Answer<proto::Driver> {
        let driver = self.pages.lock().unwrap().drivers.get(&request.into_inner().driver).cloned();
        driver.map(Response::new).ok_or_else(|| Status::not_found("no such driver"))
    }

    async fn list_drivers(
        &self,
        _: Request<proto::ListDriversRequest>,
    ) -> Answer<proto::DriverPage> {
        let drivers = self.pages.lock().unwrap().drivers.values().cloned().collect();
        Ok(Response::new(proto::DriverPage { drivers, next: 0 }))
    }

    type FollowStream = BoxStream<'static, Result<Change, Status>>;

    async fn follow(&self, request: Request<proto::FollowRequest>) -> Answer<Self::FollowStream> {
        let request = request.into_inner();
        let changes = self.changes.subscribe();
        let mut open: Vec<Result<Change, Status>> = Vec::new();
        let pages = self.pages.lock().unwrap();
        let sequence = pages.sequence;
        let now = |what| Ok(Change { sequence, at_ms: 1, what: Some(what) });
        open.extend(pages.orders.values().map(|order| now(What::Order(order.clone()))));
        open.push(now(What::CaughtUp(true)));
        drop(pages);
        let rest = stream::unfold(changes, |mut changes| async {
            match changes.recv().await {
                Ok(change) => Some((Ok(change), changes)),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    Some((Err(Status::data_loss("too slow")), changes))
                }
                Err(broadcast::error::RecvError::Closed) => None,
            }
        });
        let concerns = move |change: &Result<Change, Status>| {
            let keep = match change {
                Ok(Change { what: Some(What::Order(order)), .. }) => {
                    (request.order == 0 || order.id == request.order)
                        && (request.driver == 0
                            || order
                                .offer
                                .as_ref()
                                .is_some_and(|offer| offer.driver == request.driver)
                            || order.excluded.contains(&request.driver))
                }
                _ => true,
            };
            futures::future::ready(keep)
        };
        Ok(Response::new(stream::iter(open).chain(rest).filter(concerns).boxed()))
    }

    async fn batches(&self, _: Request<proto::BatchesRequest>) -> Answer<proto::BatchPage> {
        let batch =
            proto::Batch { number: 1, rides: 1, closed_at_ms: 1, block: 7, refusal: String::new() };
        Ok(Response::new(proto::BatchPage { batches: vec![batch], next: 0 }))
    }

    async fn figures(&self, _: Request<proto::FiguresRequest>) -> Answer<proto::FiguresReply> {
        let open = vec![proto::StateCount { state: State::Searching as i32, orders: 1 }];
        Ok(Response::new(proto::FiguresReply {
            open,
            drivers_on_duty: 1,
            events: 3,
            halted: self.halted.load(SeqCst),
            ..Default::default()
        }))
    }
}
