//! The herald between real services for orders and messages.

use std::{future::Future, path::Path};

use smartlink_notify::{Notify, NotifyConfig};
use smartlink_orders::{
    command::{Ask, Command, Place, QuoteAsk, Step},
    grpc::Grpc,
    order::Party,
    service::Outcome,
    Orders, Rules, Running,
};
use smartlink_primitives::{
    tariff::InForce, vehicle::VehicleClass, DriverId, Seat, TariffVersion, VehicleId, H256,
};
use smartlink_proto::{
    notify::{notify_server::NotifyServer, InboxRequest, Message, WatchRequest},
    orders::orders_server::OrdersServer,
};
use smartlink_service::{ClientLimits, GrpcServer, ServeLimits};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;
use crate::prices;

const RIDER: u64 = 7;
const DRIVER: DriverId = DriverId(3);

/// A test that hangs says where.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("it takes too long")
}

/// Orders and messages of a company.
struct Company {
    folder: TempDir,
    orders: Orders,
    running: Running,
    notify: Notify,
    inbox: NotifyClient<NotifyServer<Notify>>,
    messages: Streaming<Message>,
}

impl Company {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules = Rules { batch_rows: 1, ..Rules::default() };
        let (orders, running) = Orders::start(&folder.path().join("orders"), rules).unwrap();
        let notify = Notify::open(folder.path().join("notify"), NotifyConfig::default()).unwrap();
        let mut inbox = NotifyClient::new(NotifyServer::new(notify.clone()));
        let watch = WatchRequest { account: RIDER };
        let messages = inbox.watch(watch).await.unwrap().into_inner();
        let company = Self { folder, orders, running, notify, inbox, messages };
        let tariff = InForce { version: TariffVersion(1), from: 0, tariff: prices::shenzhen() };
        company.ask(Ask::Tariffs(vec![tariff])).await;
        company.ask(Ask::BatchesBegin(1)).await;
        let (vehicle, seat) = (VehicleId(5), Seat(1));
        let class = VehicleClass::Economy;
        company.ask(Ask::OnDuty { driver: DRIVER, vehicle, seat, class }).await;
        company
    }

    fn ways(&self) -> (Transport, Transport) {
        let orders = Transport::in_process(OrdersServer::new(Grpc::new(self.orders.clone())));
        (orders, Transport::in_process(NotifyServer::new(self.notify.clone())))
    }

    fn setup(&self) -> Setup {
        Setup {
            folder: self.folder.path().to_owned(),
            quote_valid_ms: Rules::default().quote_valid_ms,
        }
    }

    fn herald(&self) -> (JoinHandle<Result<(), PositionError>>, CancellationToken) {
        let (orders, notify) = self.ways();
        let stop = CancellationToken::new();
        (tokio::spawn(run(orders, notify, self.setup(), stop.clone())), stop)
    }

    async fn ask(&self, ask: Ask) -> Outcome {
        self.orders.submit(Command { key: 0, ask }).await.unwrap()
    }

    async fn order(&self, ask: Ask) -> u64 {
        match self.ask(ask).await {
            Outcome::Order(order) => order.id,
            other => panic!("{other:?}"),
        }
    }

    async fn quote(&self) -> u64 {
        let place = |name: &str, latitude_e6| Place {
            latitude_e6,
            longitude_e6: 114_050_000,
            name: name.to_owned(),
        };
        let ask = QuoteAsk {
            rider: RIDER,
            class: VehicleClass::Economy,
            origin: place("Civic Center", 22_540_000),
            destination: place("Shenzhen North", 22_610_000),
            pickup_at_ms: 0,
            distance_m: 9_000,
            duration_s: 1_200,
            surge_permille: 1_000,
        };
        self.order(Ask::Quote(Box::new(ask))).await
    }

    async fn place(&self, order: u64) {
        self.ask(Ask::Place { order, rider: RIDER, start_code: 1_234 }).await;
    }

    async fn accepted(&self) -> u64 {
        let order = self.quote().await;
        self.place(order).await;
        let driver = DRIVER;
        let offer = Ask::Offer { order, driver, revision: 2, eta_s: 240, forward: false };
        self.ask(offer).await;
        self.ask(Ask::Accept { order, driver, attempt: 1 }).await;
        order
    }

    /// From the acceptance to the settlement.
    async fn drive(&self, order: u64) {
        let driver = DRIVER;
        for step in [Step::SetOff, Step::Arrive] {
            self.ask(Ask::Step { order, driver, step }).await;
        }
        self.ask(Ask::PickUp { order, driver, start_code: 1_234 }).await;
        self.ask(Ask::Step { order, driver, step: Step::Start }).await;
        self.ask(Ask::Complete { order, driver, distance_m: 9_200, tolls_fen: 0 }).await;
        let closed = self.orders.look(|engine| {
            let (number, open) = engine.batches().open().iter().next()?;
            Some((*number, open.current()?.evidence_root))
        });
        let (number, evidence_root) = closed.await.unwrap().expect("a batch for each ride");
        let receipts_root = H256::repeat_byte(1);
        self.ask(Ask::BatchSettled { number, evidence_root, block: 9, receipts_root }).await;
    }

    async fn cancel(&self, order: u64) {
        let (by, fault) = (Party::Rider, Party::Rider);
        self.ask(Ask::Cancel { order, by, who: RIDER, fault, reason: String::new() }).await;
    }

    /// The next so many messages to the rider, in the order of orders and then of their coming.
    async fn next(&mut self, count: usize) -> Vec<(u64, String)> {
        let mut messages = Vec::new();
        while messages.len() < count {
            let message = within(self.messages.next()).await.unwrap().unwrap();
            messages.push((message.order, message.title));
        }
        messages.sort_by_key(|(order, _)| *order);
        messages
    }

    async fn all(&mut self) -> usize {
        let request = InboxRequest { account: RIDER, before: 0, limit: 500 };
        self.inbox.inbox(request).await.unwrap().into_inner().messages.len()
    }

    fn position(&self) -> Option<Position> {
        PositionFile::within(self.folder.path()).read().unwrap()
    }
}

fn told(order: u64, title: &str) -> (u64, String) {
    (order, title.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_while_the_herald_was_down_is_told_when_it_is_back_and_nothing_twice() {
    let mut company = Company::open().await;
    let (herald, _) = company.herald();
    let ride = company.accepted().await;
    assert_eq!(company.next(1).await, [told(ride, "A driver is coming")]);
    let quoted_before = company.quote().await;
    // As by SIGKILL: no word more.
    herald.abort();
    assert!(herald.await.unwrap_err().is_cancelled());

    company.drive(ride).await;
    company.place(quoted_before).await;
    company.cancel(quoted_before).await;
    let ordered_meanwhile = company.quote().await;
    company.place(ordered_meanwhile).await;
    company.cancel(ordered_meanwhile).await;
    company.quote().await;

    let (herald, stop) = company.herald();
    let late = company.next(4).await;
    assert!(late[0].1.starts_with("Your ride cost"), "{late:?}");
    assert_eq!(late[1], told(ride, "Your ride is settled"));
    let cancelled = "Your order was cancelled";
    assert_eq!(late[2..], [told(quoted_before, cancelled), told(ordered_meanwhile, cancelled)]);
    let next = company.accepted().await;
    assert_eq!(company.next(1).await, [told(next, "A driver is coming")]);
    stop.cancel();
    within(herald).await.unwrap().unwrap();
    assert_eq!(company.position().unwrap().open, BTreeSet::from([next]));

    // Once more: it knows where it was.
    let (herald, stop) = company.herald();
    company.drive(next).await;
    let mut titles = Vec::new();
    while titles.last() != Some(&told(next, "Your ride is settled")) {
        titles.extend(company.next(1).await);
    }
    // That the driver is there is told by a herald that follows by then: later it would be no news.
    assert!((2..=3).contains(&titles.len()), "{titles:?}");
    stop.cancel();
    within(herald).await.unwrap().unwrap();
    assert_eq!(company.position().unwrap().open, BTreeSet::new());
    assert_eq!(company.all().await, 6 + titles.len(), "each once");
    let Company { orders, running, .. } = company;
    drop(orders);
    tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_messages_cannot_be_handed_over_they_wait_and_the_position_with_them() {
    let mut company = Company::open().await;
    // Nobody listens there for a while.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let limits = ClientLimits::default();
    let notify = Transport::connect(&format!("http://{address}"), &limits).unwrap();
    let stop = CancellationToken::new();
    let (orders, _) = company.ways();
    let herald = tokio::spawn(run(orders, notify, company.setup(), stop.clone()));
    let first = async {
        while company.position().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    within(first).await;
    let ride = company.accepted().await;
    let before = company.position().unwrap();
    assert!(!before.open.contains(&ride), "it is not told yet");
    let served = NotifyServer::new(company.notify.clone());
    let server = GrpcServer::new(ServeLimits::default()).service(served);
    let server = server.bind(address).await.unwrap();
    let end = CancellationToken::new();
    let serving = tokio::spawn(server.serve(end.clone()));
    assert_eq!(company.next(1).await, [told(ride, "A driver is coming")]);
    let told = async {
        while !company.position().unwrap().open.contains(&ride) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    within(told).await;
    stop.cancel();
    within(herald).await.unwrap().unwrap();
    end.cancel();
    within(serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_position_that_cannot_be_read_ends_the_herald_with_a_word() {
    let company = Company::open().await;
    let file = company.folder.path().join("position");
    std::fs::write(&file, "by hand").unwrap();
    let (herald, _) = company.herald();
    let error = within(herald).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("move it away"), "{error}");
    assert_eq!(std::fs::read(Path::new(&file)).unwrap(), b"by hand");
}
