//! A receiver of webhooks, on a socket.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
    Router,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
};

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: String,
    /// It came while nothing was answered.
    pub held: bool,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// What the receiver says.
#[derive(Clone, Debug)]
pub enum Says {
    /// Status and body.
    This(u16, String),
    /// 503 with `retry-after` in seconds.
    Later(u32),
    /// 302 to a place.
    Elsewhere(String),
    /// An answer without end.
    Endless,
}

impl Says {
    pub fn status(status: u16) -> Self {
        Self::This(status, String::new())
    }
}

#[derive(Clone)]
struct Shared {
    requests: mpsc::UnboundedSender<Received>,
    /// What it says first; then the last of it for ever.
    script: Arc<Mutex<VecDeque<Says>>>,
    /// While true, nothing is answered.
    held: watch::Receiver<bool>,
}

/// A receiver that plays a script. It ends with the test.
pub struct Receiver {
    pub url: String,
    pub requests: mpsc::UnboundedReceiver<Received>,
    pub hold: watch::Sender<bool>,
    script: Arc<Mutex<VecDeque<Says>>>,
}

impl Receiver {
    pub async fn start(script: impl IntoIterator<Item = Says>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let (hold, held) = watch::channel(false);
        let script = Arc::new(Mutex::new(script.into_iter().collect()));
        let shared = Shared { requests: sender, script: Arc::clone(&script), held };
        let app = Router::new().fallback(receive).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, requests, hold, script }
    }

    pub fn now_says(&self, says: Says) {
        *self.script.lock().unwrap() = [says].into();
    }

    pub async fn next(&mut self) -> Received {
        crate::within(self.requests.recv()).await.unwrap()
    }
}

async fn receive(
    State(mut shared): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let held = *shared.held.borrow();
    let _ = shared.requests.send(Received { uri, headers, body, held });
    let says = {
        let mut script = shared.script.lock().unwrap();
        let first = script.front().cloned().unwrap_or(Says::status(200));
        if script.len() > 1 {
            script.pop_front();
        }
        first
    };
    let _ = shared.held.wait_for(|held| !held).await;
    match says {
        Says::This(status, body) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
        Says::Later(seconds) => {
            let headers = [("retry-after", seconds.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, headers).into_response()
        }
        Says::Elsewhere(place) => (StatusCode::FOUND, [("location", place)]).into_response(),
        Says::Endless => {
            let chunk = || Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 4_096]));
            let endless = futures::stream::repeat_with(chunk);
            axum::body::Body::from_stream(endless).into_response()
        }
    }
}
