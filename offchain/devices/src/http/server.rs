//! The listener: from a request to records on disk, and back to a status that says so.

mod rates;
mod refusal;

use axum::{
    body::{to_bytes, Body},
    extract::{ConnectInfo, State},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use http::{header::CONTENT_TYPE, request::Parts, Method, Request, StatusCode};
use smartlink_records::{Channel, Report};
use std::{future::IntoFuture, io, net::SocketAddr, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{net::TcpListener, time::timeout};

use super::{
    connection::{Bounded, Origin},
    inflate::inflated,
    key::{shown, Shown},
    osmand, report_json, FormError, HttpConfig, HttpFigures,
};
use crate::{
    clock::now_ms,
    gate::{Credential, Gate, Peer, Refusal},
    registry::Identity,
};
use rates::Rates;
use refusal::Refused;

/// Devices whose rates are remembered.
const RATES: usize = 65_536;

/// How long answers may take once the service stops.
const LAST: Duration = Duration::from_secs(6);

/// Why there is no listener.
#[derive(Debug, Error)]
#[error("HTTP for devices cannot listen on {address}: {source}; free the port, or set http.listen to another")]
pub struct HttpError {
    address: SocketAddr,
    source: io::Error,
}

/// A listener. It serves while [`run`](Self::run) runs.
pub struct HttpListener {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    gate: Gate,
    config: HttpConfig,
    figures: Arc<HttpFigures>,
    rates: Rates,
}

impl HttpListener {
    /// Listens on the address of the configuration. None: it has none.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on.
    pub async fn bind(config: &HttpConfig, gate: Gate) -> Result<Option<Self>, HttpError> {
        let Some(address) = config.listen else { return Ok(None) };
        let failed = |source| HttpError { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared = Shared {
            gate,
            config: config.clone(),
            figures: Arc::default(),
            rates: Rates::new(config.requests_per_second, config.request_burst, RATES),
        };
        Ok(Some(Self { listener, address, shared: Arc::new(shared) }))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has done.
    pub fn figures(&self) -> Arc<HttpFigures> {
        self.shared.figures.clone()
    }

    /// Serves until the gate stops; requests that are there have a few seconds then.
    pub async fn run(self) {
        let Self { listener, shared, .. } = self;
        let stopping = shared.gate.stopping().clone();
        let bounded = Bounded::new(listener, &shared.config, shared.figures.clone());
        let router = Router::new()
            .route("/", get(osmand_request).post(osmand_request))
            .route("/v1/reports", post(batch_request))
            .fallback(|| async { (StatusCode::NOT_FOUND, "post to / or to /v1/reports\n") })
            .with_state(shared);
        let serve = axum::serve(bounded, router.into_make_service_with_connect_info::<Origin>())
            .with_graceful_shutdown(stopping.clone().cancelled_owned());
        let cut = async {
            stopping.cancelled().await;
            tokio::time::sleep(LAST).await;
        };
        tokio::select! {
            served = serve.into_future() => if let Err(error) = served {
                tracing::error!(%error, "HTTP for devices ended");
            },
            () = cut => tracing::warn!("requests of HTTP took too long to end, and are cut"),
        }
    }
}

/// `/`: OsmAnd's query, the same as a form, or the JSON of Traccar's client.
async fn osmand_request(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(from): ConnectInfo<Origin>,
    request: Request<Body>,
) -> Response {
    shared.answer(shared.osmand(from, request).await)
}

/// `/v1/reports`: our own JSON.
async fn batch_request(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(from): ConnectInfo<Origin>,
    request: Request<Body>,
) -> Response {
    shared.answer(shared.batch(from, request).await)
}

impl Shared {
    fn answer(&self, done: Result<usize, Refused>) -> Response {
        self.figures.requests.add(1);
        match done {
            Ok(reports) => {
                self.figures.reports.add(reports as u64);
                StatusCode::OK.into_response()
            }
            Err(refused) => {
                refused.count(&self.figures);
                refused.into_response()
            }
        }
    }

    async fn osmand(&self, from: Origin, request: Request<Body>) -> Result<usize, Refused> {
        let (parts, body) = request.into_parts();
        let body = self.body(&parts, body).await?;
        let body = self.plain(&body)?;
        let posted = match parts.uri.query() {
            Some(query) if !query.is_empty() => osmand::parameters(query, now_ms()),
            _ if is_json(&parts, &body) => osmand::json(&body),
            _ => match std::str::from_utf8(&body) {
                Ok(form) => osmand::parameters(form, now_ms()),
                Err(_) => Err(FormError::Text("body")),
            },
        };
        let posted = posted.map_err(Refused::Form)?;
        let mut shown = shown(&parts.headers);
        if shown.key.is_none() {
            shown.key = posted.key.map(String::into_bytes);
        }
        // Who a header says it is must be who the report says it is.
        if shown.identity.as_ref().is_some_and(|identity| *identity != posted.identity) {
            return Err(Refused::Identities);
        }
        shown.identity = Some(posted.identity);
        self.take(from, shown, |_| Ok(vec![posted.report]), &body).await
    }

    async fn batch(&self, from: Origin, request: Request<Body>) -> Result<usize, Refused> {
        let (parts, body) = request.into_parts();
        let mut shown = shown(&parts.headers);
        self.parameters_of_batch(&parts, &mut shown)?;
        let body = self.body(&parts, body).await?;
        let plain = self.plain(&body)?;
        let most = usize::try_from(self.config.reports).unwrap_or(usize::MAX);
        self.take(from, shown, |body| report_json::batch(body, most), &plain).await
    }

    /// Identity and key may be parameters, for devices that cannot set headers.
    fn parameters_of_batch(&self, parts: &Parts, shown: &mut Shown) -> Result<(), Refused> {
        let query = parts.uri.query().unwrap_or("");
        for (name, value) in super::query::pairs(query).map_err(Refused::Form)? {
            match name.as_ref() {
                "id" => {
                    if shown.identity.as_deref().is_some_and(|identity| identity != value) {
                        return Err(Refused::Identities);
                    }
                    shown.identity = Some(value.into_owned());
                }
                "key" if shown.key.is_none() => shown.key = Some(value.into_owned().into_bytes()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The body as it came, within its bound.
    async fn body(&self, parts: &Parts, body: Body) -> Result<bytes::Bytes, Refused> {
        if parts.method == Method::GET {
            return Ok(bytes::Bytes::new());
        }
        let most = self.body_bytes();
        to_bytes(body, most).await.map_err(|error| {
            let too_large = std::error::Error::source(&error)
                .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
            if too_large {
                Refused::Form(FormError::TooLarge(most))
            } else {
                Refused::Broken
            }
        })
    }

    fn plain<'a>(&self, body: &'a [u8]) -> Result<std::borrow::Cow<'a, [u8]>, Refused> {
        inflated(body, self.body_bytes()).map_err(Refused::Form)
    }

    fn body_bytes(&self) -> usize {
        usize::try_from(self.config.body_bytes).unwrap_or(usize::MAX)
    }

    /// Lets the device in, reads what it reports, and waits until that is on disk. What is reported is not looked at
    /// before the device is let in.
    async fn take(
        &self,
        Origin(address): Origin,
        shown: Shown,
        read: impl FnOnce(&[u8]) -> Result<Vec<Report>, FormError>,
        body: &[u8],
    ) -> Result<usize, Refused> {
        let identity = shown.identity.ok_or(Refused::NoIdentity)?;
        let peer = Peer { channel: Channel::Http, address };
        let key = shown.key.ok_or(Refused::NoKey)?;
        let credential = Credential::Key { identity: identity.clone(), key };
        let admission = self.gate.admit(credential, peer).map_err(|refusal| {
            if let (Refusal::Unknown | Refusal::Quarantined, Ok(identity)) =
                (&refusal, Identity::name(&identity))
            {
                self.gate.note_stranger(&identity, peer, &refusal, body);
            }
            Refused::NotAdmitted(refusal)
        })?;
        if !self.rates.take(admission.terminal()) {
            return Err(Refused::TooMany);
        }
        let reports = read(body).map_err(Refused::Form)?;
        let count = reports.len();
        let receipt = self.gate.accept(&admission, Channel::Http, reports);
        let receipt = receipt.map_err(Refused::NotAccepted)?;
        let within = Duration::from_millis(self.config.durable_ms);
        match timeout(within, receipt.durable()).await {
            Ok(Ok(_)) => Ok(count),
            Ok(Err(error)) => Err(Refused::NotAccepted(error.into())),
            Err(_) => Err(Refused::Late),
        }
    }
}

/// Whether a body is JSON: by its type, or by how it begins.
fn is_json(parts: &Parts, body: &[u8]) -> bool {
    let named = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    named.is_some_and(|named| named.starts_with("application/json"))
        || body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}
