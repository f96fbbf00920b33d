//! The service between two real gRPC servers: orders on one side, who asks the dispatcher on the other.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

#[path = "support/orders.rs"]
mod orders;
mod support;

use std::{future::Future, time::Duration};

use futures::{channel::mpsc::UnboundedReceiver, FutureExt, StreamExt};
use orders::Books;
use smartlink_dispatch::{
    config::DecisionsConfig,
    decision::DecisionLog,
    service::{DispatchService, OrdersService, RunError},
    start, DispatchConfig,
};
use smartlink_proto::{
    dispatch::{
        dispatch_client::DispatchClient, dispatch_server::DispatchServer, Decision, ExplainRequest,
        FiguresReply, FiguresRequest, NearbyRequest, Outcome, Position, ReportRequest,
        TravelRequest,
    },
    orders::{orders_client::OrdersClient, orders_server::OrdersServer, OfferRequest},
};
use support::*;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};
use tonic::{
    transport::{server::TcpIncoming, Channel},
    Code,
};

/// Whatever is awaited comes within this, or the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

async fn soon<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("it comes within the test's patience")
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// Serves orders on a free port.
fn serve_orders(books: &Books) -> String {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", incoming.local_addr().unwrap());
    let server = tonic::transport::Server::builder().add_service(OrdersServer::new(books.clone()));
    tokio::spawn(server.serve_with_incoming(incoming));
    url
}

/// A dispatcher that runs, and a client of it over TCP.
struct Running {
    client: DispatchClient<Channel>,
    ready: tokio::sync::watch::Receiver<bool>,
    shutdown: oneshot::Sender<()>,
    run: JoinHandle<Result<(), RunError>>,
    server: Server,
    folder: TempDir,
}

async fn dispatcher(orders: impl OrdersService) -> Running {
    dispatcher_in(tempfile::tempdir().unwrap(), orders).await
}

async fn dispatcher_in(folder: TempDir, orders: impl OrdersService) -> Running {
    let mut config = DispatchConfig {
        path: folder.path().to_owned(),
        tick_ms: 100,
        ..DispatchConfig::default()
    };
    config.orders.retry_ms = 10;
    let (shutdown, told) = oneshot::channel();
    let told = async move {
        let _ = told.await;
    };
    let dispatch = start(config, orders, told).unwrap();
    let (channel, server) = connect(dispatch.server).await;
    let client = DispatchClient::new(channel);
    let run = tokio::spawn(dispatch.run);
    let mut running = Running { client, ready: dispatch.ready, shutdown, run, server, folder };
    running.becomes(true).await;
    running
}

type Server = (oneshot::Sender<()>, JoinHandle<Result<(), tonic::transport::Error>>);

/// Serves the dispatcher on a free port.
async fn connect(server: DispatchServer<DispatchService>) -> (Channel, Server) {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", incoming.local_addr().unwrap());
    let (shutdown, told) = oneshot::channel();
    let server = tonic::transport::Server::builder()
        .add_service(server)
        .serve_with_incoming_shutdown(incoming, told.map(|_| ()));
    let served = tokio::spawn(server);
    (Channel::from_shared(url).unwrap().connect().await.unwrap(), (shutdown, served))
}

impl Running {
    async fn becomes(&mut self, ready: bool) {
        soon(self.ready.wait_for(|is| *is == ready)).await.unwrap();
    }

    async fn report(&mut self, driver: u32, east_m: i32) -> u32 {
        let at = place(east_m, 0);
        let position = Position {
            driver,
            latitude_e6: at.latitude_e6(),
            longitude_e6: at.longitude_e6(),
            at_ms: now_ms(),
            heading: 360,
            speed_dm_s: 0,
        };
        let reply = self.client.report(ReportRequest { positions: vec![position] }).await.unwrap();
        reply.into_inner().taken
    }

    /// Asks until a decision about an order is kept that fits.
    async fn explained(&mut self, order: u64, fits: impl Fn(&Decision) -> bool) -> Vec<Decision> {
        soon(async {
            loop {
                match self.client.explain(ExplainRequest { order }).await {
                    Ok(explanation) => {
                        let decisions = explanation.into_inner().decisions;
                        if decisions.iter().any(&fits) {
                            return decisions;
                        }
                    }
                    Err(status) => assert_eq!(status.code(), Code::NotFound, "{status}"),
                }
            }
        })
        .await
    }

    async fn stop(self) -> TempDir {
        self.shutdown.send(()).unwrap();
        soon(self.run).await.unwrap().unwrap();
        drop(self.client);
        let (shutdown, served) = self.server;
        shutdown.send(()).unwrap();
        soon(served).await.unwrap().unwrap();
        // The last connection gives the folder free.
        soon(async {
            while DecisionLog::open(self.folder.path(), DecisionsConfig::default()).is_err() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        self.folder
    }
}

async fn offer(offers: &mut UnboundedReceiver<OfferRequest>) -> (u64, u32) {
    let offer = soon(offers.next()).await.unwrap();
    (offer.order, offer.driver)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_finds_its_driver_over_the_network_and_says_why() {
    let (books, mut offers) = Books::new();
    books.driver(1);
    let url = serve_orders(&books);
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    let mut dispatcher = dispatcher(OrdersClient::new(channel)).await;
    books.driver(2);
    assert_eq!(dispatcher.report(1, 500).await + dispatcher.report(2, 1_500).await, 2);
    books.order(10, 0);
    assert_eq!(offer(&mut offers).await, (10, 1), "the nearer");
    books.decline(10);
    assert_eq!(offer(&mut offers).await, (10, 2), "never again the one who declined");
    let decisions = dispatcher.explained(10, |decision| decision.driver == 2).await;
    assert_eq!(decisions[0].driver, 1);
    let last = decisions.last().unwrap();
    assert_eq!(last.outcome(), Outcome::Offered);
    let first = last.candidates.iter().find(|candidate| candidate.driver == 1).unwrap();
    assert_eq!(first.binding, "excluded: declined, let lapse or gave back this order");
    let chosen = last.candidates.iter().find(|candidate| candidate.driver == 2).unwrap();
    assert!(chosen.binding.is_empty() && chosen.eta_s > 0);
    assert_eq!(chosen.parts.iter().map(|part| part.cost).sum::<i64>(), chosen.cost);
    let figures = dispatcher.client.figures(FiguresRequest {}).await.unwrap().into_inner();
    assert_eq!(
        (figures.offers, figures.drivers_with_fresh_position, figures.orders_searching),
        (2, 2, 0)
    );
    // What is kept outlives the process that kept it.
    let folder = dispatcher.stop().await;
    let in_process = OrdersClient::new(OrdersServer::new(books));
    let mut dispatcher = dispatcher_in(folder, in_process).await;
    assert_eq!(dispatcher.explained(10, |_| true).await, decisions);
    dispatcher.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_breaks_is_begun_anew_and_the_snapshot_counts() {
    let (books, mut offers) = Books::new();
    books.order(10, 0);
    books.driver(1);
    let mut dispatcher = dispatcher(OrdersClient::new(OrdersServer::new(books.clone()))).await;
    books.cut_off_without(10);
    books.order(11, 100);
    dispatcher.becomes(true).await;
    // While the stream was away one order went and another came.
    soon(async {
        while dispatcher
            .client
            .figures(FiguresRequest {})
            .await
            .unwrap()
            .into_inner()
            .orders_searching
            != 1
        {}
    })
    .await;
    dispatcher.report(1, 0).await;
    assert_eq!(offer(&mut offers).await, (11, 1));
    dispatcher.stop().await;
    assert!(offers.next().now_or_never().is_none(), "order 10 is offered to nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_driver_whose_rider_cancels_before_the_offer_is_answered_gets_the_next_order() {
    let (books, mut offers) = Books::new();
    books.driver(1);
    let mut dispatcher = dispatcher(OrdersClient::new(OrdersServer::new(books.clone()))).await;
    dispatcher.report(1, 300).await;
    let answer = books.cancel_before_the_answer();
    books.order(10, 0);
    assert_eq!(offer(&mut offers).await, (10, 1));
    // News comes in order: once two others are searched for, the dispatcher has heard that the first was cancelled.
    books.order(11, 0);
    books.order(12, 3_000);
    soon(async {
        let figures = |reply: tonic::Response<FiguresReply>| reply.into_inner().orders_searching;
        while figures(dispatcher.client.figures(FiguresRequest {}).await.unwrap()) != 2 {}
    })
    .await;
    answer.send(()).unwrap();
    assert_eq!(offer(&mut offers).await, (11, 1), "nobody waits for an order that is over");
    dispatcher.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_that_is_refused_is_explained() {
    let (books, _offers) = Books::new();
    books.refuse();
    books.driver(1);
    books.order(10, 0);
    let mut dispatcher = dispatcher(OrdersClient::new(OrdersServer::new(books))).await;
    dispatcher.report(1, 300).await;
    let stale = |decision: &Decision| decision.outcome() == Outcome::Stale;
    let decisions = dispatcher.explained(10, stale).await;
    let refused = decisions.iter().find(|decision| stale(decision)).unwrap();
    assert_eq!(refused.driver, 1);
    assert_eq!(
        refused.reason,
        "stale_revision: the order has changed meanwhile (FailedPrecondition)"
    );
    dispatcher.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_answered_within_their_bounds() {
    let (books, _offers) = Books::new();
    let mut dispatcher = dispatcher(OrdersClient::new(OrdersServer::new(books))).await;
    for driver in 1..=5 {
        dispatcher.report(driver, i32::try_from(driver).unwrap() * 400).await;
    }
    let here = place(0, 0);
    let nearby = NearbyRequest {
        latitude_e6: here.latitude_e6(),
        longitude_e6: here.longitude_e6(),
        radius_m: 1_700,
        limit: 3,
    };
    let near = dispatcher.client.nearby(nearby).await.unwrap().into_inner().positions;
    assert_eq!(near.iter().map(|position| position.driver).collect::<Vec<_>>(), [1, 2, 3]);
    let there = place(1_000, 0);
    let travel = TravelRequest {
        from_latitude_e6: here.latitude_e6(),
        from_longitude_e6: here.longitude_e6(),
        to_latitude_e6: there.latitude_e6(),
        to_longitude_e6: there.longitude_e6(),
    };
    let travel = dispatcher.client.travel(travel).await.unwrap().into_inner();
    assert_eq!(travel.source, "great-circle");
    assert!((1_340..1_360).contains(&travel.distance_m), "{travel:?}");
    let position = Position { latitude_e6: 91_000_000, driver: 9, ..Position::default() };
    let outside = ReportRequest { positions: vec![position] };
    let status = dispatcher.client.report(outside).await.unwrap_err();
    assert!(
        status.code() == Code::InvalidArgument && status.message().starts_with("driver 9:"),
        "{status}"
    );
    let many = ReportRequest { positions: vec![Position::default(); 1_001] };
    assert_eq!(dispatcher.client.report(many).await.unwrap_err().code(), Code::InvalidArgument);
    let wide = NearbyRequest { radius_m: 50_001, ..nearby };
    assert_eq!(dispatcher.client.nearby(wide).await.unwrap_err().code(), Code::InvalidArgument);
    let unknown = dispatcher.client.explain(ExplainRequest { order: 404 }).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    dispatcher.stop().await;
}
