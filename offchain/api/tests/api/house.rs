//! A whole api with small services behind it, and clients of it.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering::SeqCst},
        Arc,
    },
};

use jsonrpsee::{
    core::{
        client::{ClientT, Error},
        traits::ToRpcParams,
    },
    http_client::{HeaderMap, HeaderValue, HttpClient},
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::{json, value::RawValue, Value};
use smartlink_api::{Api, ApiConfig, ApiHandle, Clock, Rate, Roles, Seated, Settings, Upstream};
use smartlink_proto::{
    dispatch::dispatch_server::DispatchServer, notify::notify_server::NotifyServer,
    orders::orders_server::OrdersServer,
};
use smartlink_service::{
    config::{Origin, Setting},
    Transport,
};
use subxt_signer::sr25519::Keypair;
use tempfile::TempDir;

use super::{
    book::Book,
    mouths::{Dispatcher, Postbox},
    town::Town,
};

/// Parameters by name.
pub struct Named(pub Value);

impl ToRpcParams for Named {
    fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
        serde_json::value::to_raw_value(&self.0).map(Some)
    }
}

/// A refusal as a client sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub code: i32,
    pub name: String,
    pub message: String,
    pub data: Value,
}

pub type Outcome = Result<Value, Refused>;

pub fn outcome(answer: Result<Value, Error>) -> Outcome {
    match answer {
        Ok(value) => Ok(value),
        Err(Error::Call(error)) => {
            let data = error.data().map(|data| serde_json::from_str(data.get()).unwrap());
            let data: Value = data.unwrap_or_default();
            let name = data["name"].as_str().unwrap_or_default().to_owned();
            let message = error.message().to_owned();
            Err(Refused { code: error.code(), name, message, data })
        }
        Err(other) => panic!("no answer: {other:?}"),
    }
}

/// The api, and everything behind it.
pub struct House {
    pub api: Api,
    pub address: SocketAddr,
    pub handle: Option<ApiHandle>,
    pub folder: Arc<TempDir>,
    pub book: Book,
    pub dispatcher: Dispatcher,
    pub postbox: Postbox,
    pub town: Arc<Town>,
    pub now: Arc<AtomicU64>,
}

/// When the stories begin.
pub const MORNING: u64 = 1_767_225_600_000;

/// Settings under which a story is not stopped by a limit that it is not about.
pub fn settings(folder: &Path) -> ApiConfig {
    let mut config = ApiConfig::default();
    config.listen.set_port(0);
    config.folder = folder.to_owned();
    config.sync = false;
    config.limits.lateness_ms = 0;
    config.limits.call_ms = 20_000;
    let wide = Rate { per_second: 1e6, burst: 1_000_000 };
    config.limits.account_rate = wide;
    config.limits.connection_rate = wide;
    config.login.address_rate = wide;
    config.login.name_rate = wide;
    (config.login.argon2_memory_kib, config.login.argon2_passes) = (64, 1);
    config
}

/// What is set in the process: a value that somebody set and a key without one.
fn set() -> Settings {
    let search = Setting {
        key: "orders.rules.search_ms".to_owned(),
        value: Some("60000".to_owned()),
        origin: Origin::Variable("SMARTLINK_ORDERS__RULES__SEARCH_MS".to_owned()),
        reloads: true,
    };
    let key = "peers.orders".to_owned();
    let peer = Setting { key, value: None, origin: Origin::Default, reloads: false };
    Arc::new(move || vec![search.clone(), peer.clone()])
}

impl House {
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(tweak: impl FnOnce(&mut ApiConfig)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::at(folder, Arc::new(AtomicU64::new(MORNING)), tweak).await
    }

    /// With more services behind it.
    pub async fn behind(more: impl FnOnce(Upstream) -> Upstream) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::made(folder, Arc::new(AtomicU64::new(MORNING)), |_| {}, more).await
    }

    pub async fn at(
        folder: Arc<TempDir>,
        now: Arc<AtomicU64>,
        tweak: impl FnOnce(&mut ApiConfig),
    ) -> Self {
        Self::made(folder, now, tweak, |upstream| upstream).await
    }

    /// The same with other settings, and more services behind it.
    pub async fn made(
        folder: Arc<TempDir>,
        now: Arc<AtomicU64>,
        tweak: impl FnOnce(&mut ApiConfig),
        more: impl FnOnce(Upstream) -> Upstream,
    ) -> Self {
        let mut config = settings(folder.path());
        tweak(&mut config);
        let (book, dispatcher, postbox) = (Book::new(), Dispatcher::default(), Postbox::new());
        let upstream = Upstream::new(
            Transport::in_process(OrdersServer::new(book.clone())),
            Transport::in_process(DispatchServer::new(dispatcher.clone())),
            Transport::in_process(NotifyServer::new(postbox.clone())),
        );
        let upstream = more(upstream);
        let town = Arc::new(Town::new());
        let ticking = now.clone();
        let clock = Clock::new(move || ticking.load(SeqCst));
        let api = Api::open_at(config, upstream, town.clone(), set(), clock).unwrap();
        let (address, handle) = api.serve().await.unwrap();
        let handle = Some(handle);
        Self { api, address, handle, folder, book, dispatcher, postbox, town, now }
    }

    /// Stops, and opens the same store again.
    pub async fn reopen(mut self) -> Self {
        self.handle.take().unwrap().stop().await;
        let (folder, now) = (self.folder.clone(), self.now.clone());
        drop(self);
        Self::at(folder, now, |_| {}).await
    }

    pub fn pass(&self, ms: u64) {
        self.now.fetch_add(ms, SeqCst);
    }

    pub fn http(&self, token: Option<&str>) -> HttpClient {
        HttpClient::builder()
            .set_headers(headers(token))
            .build(format!("http://{}", self.address))
            .unwrap()
    }

    pub async fn websocket(&self, token: Option<&str>) -> WsClient {
        WsClientBuilder::default()
            .set_headers(headers(token))
            .build(format!("ws://{}", self.address))
            .await
            .unwrap()
    }

    pub async fn call(&self, token: Option<&str>, method: &str, params: Value) -> Outcome {
        outcome(self.http(token).request(method, Named(params)).await)
    }

    pub async fn ok(&self, token: &str, method: &str, params: Value) -> Value {
        let answer = self.call(Some(token), method, params).await;
        answer.unwrap_or_else(|refused| panic!("{method}: {refused:?}"))
    }

    pub async fn refused(&self, token: &str, method: &str, params: Value) -> Refused {
        let answer = self.call(Some(token), method, params).await;
        answer.map_or_else(|refused| refused, |answer| panic!("{method}: {answer}"))
    }

    /// A new rider: the tokens.
    pub async fn rider(&self, name: &str) -> Tokens {
        let params = json!({ "name": name, "password": "correct horse" });
        Tokens::of(&self.call(None, "auth_register", params).await.unwrap())
    }

    /// Logs in with a wallet.
    pub async fn wallet(&self, wallet: &Keypair) -> Tokens {
        Tokens::of(&self.try_wallet(wallet).await.unwrap())
    }

    pub async fn try_wallet(&self, wallet: &Keypair) -> Outcome {
        let account = format!("0x{}", hex::encode(wallet.public_key().0));
        let given = self.call(None, "auth_challenge", json!({ "account": account })).await?;
        let challenge = given["challenge"].as_str().unwrap();
        let signature = hex::encode(wallet.sign(challenge.as_bytes()).0);
        let params = json!({ "account": account, "challenge": challenge, "signature": format!("0x{signature}") });
        self.call(None, "auth_login", params).await
    }

    /// A token with just these roles, without logging in.
    pub async fn token(&self, roles: Roles) -> String {
        let driver = roles.meets(Roles::DRIVER).then_some(Seated { driver: 7, seat: 3 });
        self.api.vouch(99, roles, driver).await.unwrap()
    }
}

fn headers(token: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        headers.insert("authorization", value);
    }
    headers
}

/// The tokens of a session.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub account: String,
}

impl Tokens {
    pub fn of(answer: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            access: text(&answer["access_token"]),
            refresh: text(&answer["refresh_token"]),
            account: text(&answer["whoami"]["account"]),
        }
    }
}

/// From the station to the airport.
pub fn journey(key: &str) -> Value {
    json!({
        "idempotency_key": key,
        "origin": { "latitude": 22.5430964, "longitude": 114.0578650, "name": "station" },
        "destination": { "latitude": 22.6393, "longitude": 113.8108, "name": "airport" },
        "class": "comfort",
    })
}
