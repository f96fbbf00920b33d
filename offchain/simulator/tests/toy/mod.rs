//! A toy of the API: one company's orders in memory, with the same words, and faults that can be switched
//! on. It is small enough to be seen through; the real services are met elsewhere.

// Each test file uses a part of the toy; and in a test an unwrap is the assertion.
#![allow(dead_code, unused_imports, clippy::unwrap_used)]

mod city;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use jsonrpsee::{
    server::{HttpRequest, ServerHandle},
    types::{ErrorObjectOwned, Params},
    Extensions, RpcModule, SubscriptionMessage,
};
use serde_json::{json, Value};
use tokio::sync::watch;

pub use city::{City, Fault, Refused};

const METHODS: [&str; 26] = [
    "auth_challenge",
    "auth_login",
    "auth_register",
    "auth_password",
    "auth_refresh",
    "rider_quote",
    "rider_place",
    "rider_cancel",
    "rider_rate",
    "rider_order",
    "rider_track",
    "inbox_list",
    "driver_on_duty",
    "driver_off_duty",
    "driver_state",
    "driver_report",
    "driver_accept",
    "driver_decline",
    "driver_set_off",
    "driver_arrive",
    "driver_pick_up",
    "driver_start",
    "driver_complete",
    "driver_abandon",
    "driver_no_show",
    "driver_order",
];

/// What came in the header `Authorization`.
#[derive(Clone)]
struct Bearer(String);

/// A running toy.
pub struct Toy {
    pub url: String,
    pub city: Arc<City>,
    _server: ServerHandle,
}

impl Toy {
    pub async fn start(city: City) -> Self {
        let city = Arc::new(city);
        let (changed, changes) = watch::channel(0u64);
        let mut module = RpcModule::new((city.clone(), changed));
        for method in METHODS.into_iter().chain(["driver_rate"]) {
            let call = move |params: Params<'_>,
                             (city, changed): &(Arc<City>, watch::Sender<u64>),
                             who: &Extensions| {
                let params: Value = params.parse()?;
                let answer = city.call(method, &caller(who), &params);
                changed.send_modify(|count| *count += 1);
                answer.map_err(error)
            };
            module.register_method(method, call).unwrap();
        }
        subscription(
            &mut module,
            ["order_subscribe", "order_changed", "order_unsubscribe"],
            &changes,
        );
        subscription(
            &mut module,
            ["driver_subscribe", "driver_changed", "driver_unsubscribe"],
            &changes,
        );
        let bearer = tower::ServiceBuilder::new().map_request(|mut request: HttpRequest| {
            let header =
                request.headers().get("authorization").and_then(|value| value.to_str().ok());
            if let Some(token) = header.and_then(|value| value.strip_prefix("Bearer ")) {
                let token = Bearer(token.to_owned());
                request.extensions_mut().insert(token);
            }
            request
        });
        let server = jsonrpsee::server::Server::builder().max_connections(10_000);
        let server = server.set_http_middleware(bearer);
        let server = server.build(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        Self { url, city, _server: server.start(module) }
    }
}

fn caller(extensions: &Extensions) -> String {
    extensions.get::<Bearer>().map(|token| token.0.clone()).unwrap_or_default()
}

fn error(refused: Refused) -> ErrorObjectOwned {
    let data = json!({ "name": refused.0, "remedy": "look again", "retry_after_ms": refused.1 });
    ErrorObjectOwned::owned(30018, "refused", Some(data))
}

type Context = (Arc<City>, watch::Sender<u64>);

/// Pushes what the caller sees, each time that it is new.
fn subscription(
    module: &mut RpcModule<Context>,
    names: [&'static str; 3],
    changes: &watch::Receiver<u64>,
) {
    let changes = changes.clone();
    let push = move |params: Params<'static>,
                     pending: jsonrpsee::PendingSubscriptionSink,
                     context: Arc<Context>,
                     who: Extensions| {
        let mut changes = changes.clone();
        async move {
            let order: Value = params.parse().unwrap_or_default();
            let who = caller(&who);
            let Ok(sink) = pending.accept().await else { return };
            let mut seen = Vec::new();
            loop {
                let now = context.0.pushes(&who, &order);
                for change in now.iter().filter(|change| !seen.contains(*change)) {
                    let message = SubscriptionMessage::from_json(change).unwrap();
                    if sink.send(message).await.is_err() {
                        return;
                    }
                }
                seen = now;
                tokio::select! {
                    () = sink.closed() => return,
                    change = changes.changed() => if change.is_err() { return },
                    // Offers lapse without a call.
                    () = tokio::time::sleep(Duration::from_millis(50)) => {}
                }
            }
        }
    };
    module.register_subscription(names[0], names[1], names[2], push).unwrap();
}
