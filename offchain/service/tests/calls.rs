//! Services call each other, in one process and over TCP.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;

use std::{net::SocketAddr, sync::atomic::Ordering, time::Duration};

use futures::StreamExt;
use smartlink_proto::{
    notify::{notify_client::NotifyClient, notify_server::NotifyServer, *},
    DESCRIPTORS,
};
use smartlink_service::{
    layers::{BreakerLimits, CircuitState, RetryLimits},
    CancellationToken, ClientLimits, GrpcServer, Readiness, Secret, ServeError, ServeLimits,
    Transport,
};
use support::{about, Mind};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinHandle,
};
use tonic::{Code, Request, Status};
use tonic_health::pb::{
    health_check_response::ServingStatus, health_client::HealthClient, HealthCheckRequest,
};
use tonic_reflection::pb::v1::{
    server_reflection_client::ServerReflectionClient, server_reflection_request::MessageRequest,
    server_reflection_response::MessageResponse, ServerReflectionRequest,
};

/// A server of the mind, which stops with the test.
struct Served {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Served {
    async fn at(address: &str, mind: Mind, ready: Readiness, limits: ServeLimits) -> Self {
        let bound = GrpcServer::new(limits)
            .service_when(NotifyServer::new(mind), ready)
            .reflection(DESCRIPTORS)
            .bind(address.parse().unwrap())
            .await
            .unwrap();
        let (address, stop) = (bound.local_addr(), CancellationToken::new());
        let task = tokio::spawn(bound.serve(stop.clone()));
        Self { address, stop, task }
    }

    async fn with(limits: ServeLimits) -> Self {
        Self::at("127.0.0.1:0", Mind::default(), Readiness::at_once(), limits).await
    }

    fn transport(&self, limits: &ClientLimits) -> Transport {
        Transport::connect(&format!("http://{}", self.address), limits).unwrap()
    }

    fn client(&self) -> NotifyClient<Transport> {
        NotifyClient::new(self.transport(&once()))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}

/// Calls that are made once.
fn once() -> ClientLimits {
    let retry = RetryLimits { attempts: 1, ..RetryLimits::default() };
    ClientLimits { retry, ..ClientLimits::default() }
}

/// What a caller can tell of an outcome.
fn seen<T: std::fmt::Debug>(outcome: Result<tonic::Response<T>, Status>) -> String {
    match outcome {
        Ok(answer) => format!("{:?}", answer.into_inner()),
        Err(status) => {
            let refusal = status.metadata().get("smartlink-refusal");
            format!("{:?} {:?} {refusal:?}", status.code(), status.message())
        }
    }
}

#[tokio::test]
async fn the_same_calls_have_the_same_answers_on_either_way() {
    let served = Served::with(ServeLimits::default()).await;
    let near = NotifyClient::new(Transport::in_process(NotifyServer::new(Mind::default())));
    let mut answers = Vec::new();
    for mut client in [near, served.client()] {
        let mut hurried = Request::new(about("slow", ""));
        hurried.set_timeout(Duration::from_millis(50));
        let hurried = client.send(hurried).await.unwrap_err();
        let watched = client.watch(WatchRequest { account: 7 }).await.unwrap().into_inner();
        let watched: Vec<_> = watched.take(3).map(|message| message.unwrap()).collect().await;
        let unlucky = client.watch(WatchRequest { account: 13 }).await.unwrap().into_inner();
        let unlucky: Vec<_> = unlucky.map(|m| m.map_err(|status| status.code())).collect().await;
        answers.push([
            seen(client.send(about("order", "your car is here")).await),
            seen(client.send(about("panic", "")).await),
            seen(client.inbox(InboxRequest::default()).await),
            seen(client.redeliver(RedeliverRequest::default()).await),
            format!("{watched:?}"),
            format!("{unlucky:?}"),
            format!("{:?}", hurried.code()),
        ]);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][0], "SendReply { id: 16 }");
    assert!(answers[0][1].starts_with("Internal"), "{}", answers[0][1]);
    assert!(answers[0][2].contains("locked"), "{}", answers[0][2]);
    assert!(answers[0][5].ends_with("Err(DataLoss)]"), "{}", answers[0][5]);
    assert_eq!(answers[0][6], "DeadlineExceeded");
}

#[tokio::test]
async fn a_call_beyond_the_limit_is_shed_and_health_still_answers() {
    let served = Served::with(ServeLimits { max_calls: 2, ..ServeLimits::default() }).await;
    let transport = served.transport(&once());
    let busy: Vec<_> = (0..2)
        .map(|_| {
            let mut client = NotifyClient::new(transport.clone());
            tokio::spawn(async move { client.send(about("slow", "")).await })
        })
        .collect();
    // A call is shed as soon as both others have arrived.
    let mut client = NotifyClient::new(transport.clone());
    let shed = loop {
        if let Err(status) = client.send(about("order", "")).await {
            break status;
        }
    };
    assert_eq!(shed.code(), Code::ResourceExhausted);
    assert!(shed.message().contains("2 calls are under way"), "{}", shed.message());
    let health = HealthClient::new(transport).check(HealthCheckRequest::default()).await.unwrap();
    assert_eq!(health.into_inner().status(), ServingStatus::Serving);
    busy.into_iter().for_each(|task| task.abort());
}

#[tokio::test]
async fn who_takes_too_long_exceeds_the_deadline_of_server_or_client() {
    let served = Served::with(ServeLimits { timeout_ms: 50, ..ServeLimits::default() }).await;
    let status = served.client().send(about("slow", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(status.message().contains("within 50 ms"), "{}", status.message());

    let served = Served::with(ServeLimits::default()).await;
    let transport = served.transport(&ClientLimits { timeout_ms: 30, ..once() });
    let status = NotifyClient::new(transport).send(about("slow", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn the_clients_own_limits_refuse_with_what_to_do() {
    let served = Served::with(ServeLimits::default()).await;
    let transport = served.transport(&ClientLimits { max_calls: 1, ..once() });
    let mut busy = NotifyClient::new(transport.clone());
    let call = tokio::spawn(async move { busy.send(about("slow", "")).await });
    tokio::task::yield_now().await;
    let status = NotifyClient::new(transport).send(about("order", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    call.abort();

    let limits = ClientLimits { calls_per_second: 1, burst: 2, ..once() };
    let mut client = NotifyClient::new(served.transport(&limits));
    client.send(about("order", "")).await.unwrap();
    client.send(about("order", "")).await.unwrap();
    let status = client.send(about("order", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.message().contains("try again in"), "{}", status.message());
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused() {
    let served =
        Served::with(ServeLimits { max_message_bytes: 1_000, ..ServeLimits::default() }).await;
    let mut client = served.client();
    client.send(about("order", &"x".repeat(900))).await.unwrap();
    let status = client.send(about("order", &"x".repeat(1_000))).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert!(status.message().contains("at most 1000"), "{}", status.message());
}

#[tokio::test]
async fn only_who_knows_the_token_is_served() {
    let (new, old) = ("sesame-open-thyself", "abracadabra-12345");
    let limits = ServeLimits {
        token: Secret::new(new.to_owned()),
        retiring_token: Secret::new(old.to_owned()),
        ..ServeLimits::default()
    };
    let served = Served::with(limits).await;
    for (token, served_too) in
        [(new, true), (old, true), ("sesame-open-thyselF", false), ("", false)]
    {
        let limits = ClientLimits { token: Secret::new(token.to_owned()), ..once() };
        let transport = served.transport(&limits);
        let outcome = NotifyClient::new(transport.clone()).send(about("order", "")).await;
        match served_too {
            true => assert!(outcome.is_ok(), "{outcome:?}"),
            false => assert_eq!(outcome.unwrap_err().code(), Code::Unauthenticated),
        }
        // A probe of the platform has no token.
        assert!(HealthClient::new(transport).check(HealthCheckRequest::default()).await.is_ok());
    }
}

#[tokio::test]
async fn health_says_what_the_role_says() {
    let ready = Readiness::new();
    let limits = ServeLimits::default();
    let served = Served::at("127.0.0.1:0", Mind::default(), ready.clone(), limits).await;
    let mut health = HealthClient::new(served.transport(&once()));
    for service in ["smartlink.notify.v1.Notify", ""] {
        ready.set(false);
        let request = HealthCheckRequest { service: service.to_owned() };
        let mut said = health.watch(request).await.unwrap().into_inner();
        let mut next = async || said.next().await.unwrap().unwrap().status();
        // The second round may still see the end of the first one.
        while next().await != ServingStatus::NotServing {}
        ready.set(true);
        assert_eq!(next().await, ServingStatus::Serving);
        ready.set(false);
        assert_eq!(next().await, ServingStatus::NotServing);
    }
    let unknown = HealthCheckRequest { service: "smartlink.bank.v1.Bank".to_owned() };
    assert_eq!(health.check(unknown).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn reflection_names_our_services() {
    let served = Served::with(ServeLimits::default()).await;
    let mut client = ServerReflectionClient::new(served.transport(&once()));
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let questions = futures::stream::iter([question]);
    let mut answers = client.server_reflection_info(questions).await.unwrap().into_inner();
    let answer = answers.next().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
    let names: Vec<_> = list.service.iter().map(|service| service.name.as_str()).collect();
    assert!(names.contains(&"smartlink.notify.v1.Notify"), "{names:?}");
    assert!(names.contains(&"grpc.health.v1.Health"), "{names:?}");
}

#[tokio::test]
async fn a_call_outlives_a_service_that_is_away_for_a_moment() {
    let mind = Mind { away_for: 2, ..Mind::default() };
    let sends = mind.sends.clone();
    let limits = ServeLimits::default();
    let served = Served::at("127.0.0.1:0", mind, Readiness::at_once(), limits).await;
    let mut client = NotifyClient::new(served.transport(&ClientLimits::default()));
    client.send(about("away", "")).await.unwrap();
    assert_eq!(sends.load(Ordering::SeqCst), 3);
    // A refusal is an outcome: it is not repeated.
    client.inbox(InboxRequest::default()).await.unwrap_err();
}

#[tokio::test]
async fn a_server_that_comes_later_is_found() {
    let served = Served::with(ServeLimits::default()).await;
    let address = served.address;
    let mut client = served.client();
    client.send(about("order", "")).await.unwrap();
    served.stop.cancel();
    let mut served = served;
    (&mut served.task).await.unwrap().unwrap();
    let status = client.send(about("order", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");

    let again = Mind::default();
    let limits = ServeLimits::default();
    let _again = Served::at(&address.to_string(), again, Readiness::at_once(), limits).await;
    let mut patient = NotifyClient::new(served.transport(&ClientLimits::default()));
    patient.send(about("order", "")).await.unwrap();
    client.send(about("order", "")).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_call_unavailable() {
    // A peer that takes the connection and dies of the first bytes.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let peer = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.readable().await.unwrap();
            drop(stream);
        }
    });
    let mut client = NotifyClient::new(Transport::connect(&url, &once()).unwrap());
    let status = client.send(about("order", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    peer.abort();
}

#[tokio::test]
async fn a_stop_ends_followers_at_once_and_lets_calls_finish() {
    let mind = Mind::default();
    let sends = mind.sends.clone();
    let limits = ServeLimits { stop_ms: 300, ..ServeLimits::default() };
    let mut served = Served::at("127.0.0.1:0", mind, Readiness::at_once(), limits).await;
    let transport = served.transport(&once());
    let mut client = NotifyClient::new(transport);
    let mut followed = client.watch(WatchRequest { account: 7 }).await.unwrap().into_inner();
    for id in 1..=3 {
        assert_eq!(followed.next().await.unwrap().unwrap().id, id);
    }
    let slow = tokio::spawn(async move { client.send(about("slow", "")).await });
    while sends.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }

    served.stop.cancel();
    let ended = followed.next().await.unwrap().unwrap_err();
    assert_eq!(ended.code(), Code::Unavailable);
    assert!(ended.message().contains("stopping"), "{}", ended.message());
    assert!(!slow.is_finished(), "a call has its time");
    let cut = slow.await.unwrap().unwrap_err();
    assert_eq!(cut.code(), Code::Unavailable, "{cut:?}");
    (&mut served.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed() {
    let served = Served::with(ServeLimits { max_connections: 1, ..ServeLimits::default() }).await;
    let mut first = served.client();
    first.send(about("order", "")).await.unwrap();
    let status = served.client().send(about("order", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    first.send(about("order", "")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_connects_and_says_nothing_is_not_waited_for() {
    let served = Served::with(ServeLimits { max_connections: 1, ..ServeLimits::default() }).await;
    let mut silent = tokio::net::TcpStream::connect(served.address).await.unwrap();
    silent.write_all(b"PRI * HTTP/2.0").await.unwrap();
    let mut rest = Vec::new();
    // Closed or reset: both are the end.
    let end = tokio::time::timeout(Duration::from_secs(11), silent.read_to_end(&mut rest)).await;
    assert!(end.is_ok(), "the connection is still open");
}

#[tokio::test]
async fn a_service_that_is_gone_is_left_alone() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let breaker = BreakerLimits { min_calls: 3, ..BreakerLimits::default() };
    let transport = Transport::connect(&url, &ClientLimits { breaker, ..once() }).unwrap();
    let mut client = NotifyClient::new(transport.clone());
    for _ in 0..3 {
        assert_eq!(transport.circuit(), Some(CircuitState::Closed));
        let status = client.send(about("order", "")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    }
    assert_eq!(transport.circuit(), Some(CircuitState::Open));
    let status = client.send(about("order", "")).await.unwrap_err();
    assert!(status.message().contains("is left alone"), "{}", status.message());
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_the_remedy() {
    for url in ["orders:5000", "https://orders:5000", "http://orders", "", "http://"] {
        let error = Transport::connect(url, &ClientLimits::default()).unwrap_err();
        assert!(error.to_string().contains("http://host:port"), "{error}");
    }
    let served = Served::with(ServeLimits::default()).await;
    let taken = GrpcServer::new(ServeLimits::default()).bind(served.address).await;
    let Err(error) = taken else { panic!("the address is taken") };
    assert!(error.to_string().contains(&served.address.to_string()), "{error}");
}
