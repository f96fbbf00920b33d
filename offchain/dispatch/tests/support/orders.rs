//! A small orders service: it keeps orders and drivers in memory, streams them, and takes offers by compare and set.

use std::sync::{Arc, Mutex};

use futures::{
    channel::{
        mpsc::{unbounded, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    stream::BoxStream,
    StreamExt,
};
use smartlink_proto::orders::{
    change::What, orders_server::Orders, AcceptRequest, BatchPage, BatchesRequest, CancelRequest,
    Change, CompleteRequest, Driver, DriverCommand, DriverPage, FiguresReply, FiguresRequest,
    FollowRequest, GetDriverRequest, GetRequest, ListDriversRequest, ListRequest, OffDutyRequest,
    Offer, OfferRequest, OnDutyRequest, Order, OrderCommand, OrderHistory, OrderPage,
    PickUpRequest, Place, QuoteRequest, RateRequest, ReleaseRequest, State, VehicleClass,
};
use tonic::{Request, Response, Status};

use crate::support::{place, NOW_MS};

/// The service, and what a test does to it.
#[derive(Clone)]
pub struct Books(Arc<Mutex<Pages>>);

struct Pages {
    orders: Vec<Order>,
    drivers: Vec<Driver>,
    followers: Vec<UnboundedSender<Result<Change, Status>>>,
    offers: UnboundedSender<OfferRequest>,
    sequence: u64,
    refuses: bool,
    /// The answer to the next offer is held back until this comes, and its rider cancels meanwhile.
    cancels: Option<oneshot::Receiver<()>>,
}

impl Books {
    /// Empty books, and every offer that is made.
    pub fn new() -> (Self, UnboundedReceiver<OfferRequest>) {
        let (offers, made) = unbounded();
        let pages = Pages {
            orders: Vec::new(),
            drivers: Vec::new(),
            followers: Vec::new(),
            offers,
            sequence: 0,
            refuses: false,
            cancels: None,
        };
        (Self(Arc::new(Mutex::new(pages))), made)
    }

    pub fn order(&self, id: u64, east_m: i32) {
        let at = |east, north| {
            let point = place(east, north);
            Some(Place {
                latitude_e6: point.latitude_e6(),
                longitude_e6: point.longitude_e6(),
                name: String::new(),
            })
        };
        let order = Order {
            id,
            state: State::Searching.into(),
            origin: at(east_m, 0),
            destination: at(east_m, 5_000),
            class: VehicleClass::Economy.into(),
            revision: 1,
            ..Order::default()
        };
        let mut pages = self.0.lock().unwrap();
        pages.orders.push(order.clone());
        pages.tell(What::Order(order));
    }

    pub fn driver(&self, id: u32) {
        let driver =
            Driver { id, on_duty: true, class: VehicleClass::Economy.into(), ..Driver::default() };
        let mut pages = self.0.lock().unwrap();
        pages.drivers.push(driver);
        pages.tell(What::Driver(driver));
    }

    /// The driver to whom an order is offered declines.
    pub fn decline(&self, id: u64) {
        self.0.lock().unwrap().change(id, |order| {
            let offer = order.offer.take().unwrap();
            order.excluded.push(offer.driver);
            order.state = State::Searching.into();
        });
    }

    /// From now on every offer is refused.
    pub fn refuse(&self) {
        self.0.lock().unwrap().refuses = true;
    }

    /// The rider of the next order that is offered cancels before the offer is answered: the answer waits for what is
    /// given here.
    pub fn cancel_before_the_answer(&self) -> oneshot::Sender<()> {
        let (answer, held) = oneshot::channel();
        self.0.lock().unwrap().cancels = Some(held);
        answer
    }

    /// Ends all streams, and forgets an order without telling anybody.
    pub fn cut_off_without(&self, id: u64) {
        let mut pages = self.0.lock().unwrap();
        pages.followers.clear();
        pages.orders.retain(|order| order.id != id);
    }
}

impl Pages {
    fn tell(&mut self, what: What) {
        self.sequence += 1;
        let change = Change { sequence: self.sequence, at_ms: NOW_MS, what: Some(what) };
        self.followers.retain(|follower| follower.unbounded_send(Ok(change.clone())).is_ok());
    }

    fn change(&mut self, id: u64, change: impl FnOnce(&mut Order)) -> Order {
        let order = self.orders.iter_mut().find(|order| order.id == id).unwrap();
        change(order);
        order.revision += 1;
        let order = order.clone();
        self.tell(What::Order(order.clone()));
        order
    }
}

impl Pages {
    /// Takes an offer by compare and set. Gives the order, and what its answer waits for.
    fn offer(
        &mut self,
        request: OfferRequest,
    ) -> Result<(Order, Option<oneshot::Receiver<()>>), Status> {
        let known = self.orders.iter().find(|order| order.id == request.order);
        let revision = known.map(|order| order.revision);
        if self.refuses || revision != Some(request.revision) {
            let mut status = Status::failed_precondition("the order has changed meanwhile");
            status.metadata_mut().insert("smartlink-refusal", "stale_revision".parse().unwrap());
            return Err(status);
        }
        assert!(request.idempotency_key.len() <= 64);
        let order = self.change(request.order, |order| {
            order.state = State::Offered.into();
            order.offer = Some(Offer { attempt: 1, driver: request.driver, ..Offer::default() });
        });
        let held = self.cancels.take();
        if held.is_some() {
            self.change(request.order, |order| order.state = State::Cancelled.into());
            self.orders.retain(|order| order.id != request.order);
        }
        // A test that has seen enough has dropped its end.
        let _ = self.offers.unbounded_send(request);
        Ok((order, held))
    }
}

type Answer<T> = Result<Response<T>, Status>;

/// What the dispatcher never asks for.
macro_rules! not_asked {
    ($($name:ident($request:ty) -> $answer:ty;)*) => {
        #[tonic::async_trait]
        impl Orders for Books {
            type FollowStream = BoxStream<'static, Result<Change, Status>>;

            async fn follow(&self, _: Request<FollowRequest>) -> Answer<Self::FollowStream> {
                let mut pages = self.0.lock().unwrap();
                let (follower, changes) = unbounded();
                let orders = pages.orders.iter().cloned().map(What::Order);
                let drivers = pages.drivers.iter().cloned().map(What::Driver);
                for what in orders.chain(drivers).chain([What::CaughtUp(true)]) {
                    let change = Change { sequence: pages.sequence, at_ms: NOW_MS, what: Some(what) };
                    follower.unbounded_send(Ok(change)).unwrap();
                }
                pages.followers.push(follower);
                Ok(Response::new(changes.boxed()))
            }

            async fn offer(&self, request: Request<OfferRequest>) -> Answer<Order> {
                let (order, held) = self.0.lock().unwrap().offer(request.into_inner())?;
                if let Some(held) = held {
                    held.await.map_err(|_| Status::unavailable("the test is over"))?;
                }
                Ok(Response::new(order))
            }

            $(async fn $name(&self, _: Request<$request>) -> Answer<$answer> {
                Err(Status::unimplemented("the dispatcher does not ask for this"))
            })*
        }
    };
}

not_asked! {
    quote(QuoteRequest) -> Order;
    place(OrderCommand) -> Order;
    cancel(CancelRequest) -> Order;
    rate(RateRequest) -> Order;
    go_on_duty(OnDutyRequest) -> Driver;
    go_off_duty(OffDutyRequest) -> Driver;
    accept(AcceptRequest) -> Order;
    decline(AcceptRequest) -> Order;
    set_off(DriverCommand) -> Order;
    arrive(DriverCommand) -> Order;
    pick_up(PickUpRequest) -> Order;
    start(DriverCommand) -> Order;
    complete(CompleteRequest) -> Order;
    abandon(DriverCommand) -> Order;
    release(ReleaseRequest) -> Order;
    get(GetRequest) -> Order;
    list(ListRequest) -> OrderPage;
    history(GetRequest) -> OrderHistory;
    get_driver(GetDriverRequest) -> Driver;
    list_drivers(ListDriversRequest) -> DriverPage;
    batches(BatchesRequest) -> BatchPage;
    figures(FiguresRequest) -> FiguresReply;
}
