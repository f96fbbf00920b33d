//! Somebody between us and an honest node, of the chain or of Ethereum, who alters what the node answers.

use std::sync::{Arc, Mutex};

use axum::{
    extract::{
        ws::{Message, WebSocket},
        State, WebSocketUpgrade,
    },
    response::Response,
    routing::get,
    Json, Router,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// Alters an answer: it is given the question's method and parameters, and the result.
pub type Lie = fn(method: &str, params: &Value, result: &mut Value);

/// A node that lies. Subscriptions are not passed on: it tells nothing unasked.
pub struct Liar {
    told: Arc<Mutex<Lie>>,
    port: u16,
}

#[derive(Clone)]
struct Between {
    node: String,
    told: Arc<Mutex<Lie>>,
    client: reqwest::Client,
}

/// Alters nothing.
pub fn truth(_: &str, _: &Value, _: &mut Value) {}

impl Liar {
    /// Stands in front of the node with this port.
    pub async fn before(rpc_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let told = Arc::new(Mutex::new(truth as Lie));
        let node = format!("http://127.0.0.1:{rpc_port}");
        let between = Between { node, told: told.clone(), client: reqwest::Client::new() };
        let routes = Router::new().route("/", get(open).post(answered)).with_state(between);
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { told, port }
    }

    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// Where it answers over HTTP.
    pub fn http(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Lies like this from now on.
    pub fn tells(&self, lie: Lie) {
        *self.told.lock().unwrap() = lie;
    }
}

async fn open(upgrade: WebSocketUpgrade, State(between): State<Between>) -> Response {
    upgrade.max_message_size(64 << 20).on_upgrade(|socket| async move {
        // The relayer may go at any time.
        let _ = pass_on(socket, between).await;
    })
}

async fn pass_on(mut socket: WebSocket, between: Between) -> Option<()> {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(question) = message else { continue };
        let asked: Value = serde_json::from_str(&question).ok()?;
        let answer = between.answer(&asked).await?;
        socket.send(Message::Text(answer.to_string().into())).await.ok()?;
    }
    None
}

async fn answered(State(between): State<Between>, Json(asked): Json<Value>) -> Json<Value> {
    Json(between.answer(&asked).await.unwrap_or_default())
}

impl Between {
    async fn answer(&self, asked: &Value) -> Option<Value> {
        let answer = self.client.post(&self.node).json(asked).send().await.ok()?;
        let mut answer: Value = answer.json().await.ok()?;
        let lie = *self.told.lock().unwrap();
        if let Some(result) = answer.get_mut("result") {
            lie(asked["method"].as_str().unwrap_or_default(), &asked["params"], result);
        }
        Some(answer)
    }
}
