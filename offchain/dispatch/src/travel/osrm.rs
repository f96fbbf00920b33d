//! OSRM over HTTP: its `table` service for many journeys, its `route` service for one
//! (<https://project-osrm.org/docs/v5.24.0/api/>).

mod answer;
mod bundle;

use std::{fmt::Write as _, time::Duration};

use futures::{future::BoxFuture, stream, FutureExt, StreamExt};

use super::{circuit::Circuit, GreatCircle, Journey, Leg, Legs, Source, TravelTimes};
use crate::{config::OsrmConfig, geo::Point};
use bundle::{bundles, Bundle};

/// Why OSRM gave no legs.
#[derive(Debug, thiserror::Error)]
pub enum OsrmError {
    /// The address of the server is none, or no client could be made.
    #[error("travel.osrm.url {url:?} cannot be asked: {reason}; give http://host:port")]
    Address {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No answer, in time or at all.
    #[error("osrm did not answer: {0}")]
    Silent(reqwest::Error),
    /// The answer is longer than any that was asked for.
    #[error("osrm answered more than {limit} bytes: lower travel.osrm.coordinates")]
    Long {
        /// The bound.
        limit: usize,
    },
    /// The answer is not what OSRM documents.
    #[error("osrm's answer is not understood: {0}")]
    Answer(String),
    /// OSRM refused.
    #[error("osrm refused with {code}: {message}")]
    Refused {
        /// OSRM's code, such as `TooBig`.
        code: String,
        /// OSRM's message.
        message: String,
    },
}

/// The longest answer that is read: a table of 100 x 100 takes 200 KB.
const ANSWER_BYTES: usize = 4 << 20;

/// A client of one OSRM server, with the great circle to fall back on.
///
/// Bounded: so many requests at once, so many in one call of [`TravelTimes::legs`], so many coordinates in a
/// request, a time-out for each. What is beyond goes by great circle. After some failures in a row the server is
/// left alone for a while.
#[derive(Debug)]
pub struct Osrm {
    client: reqwest::Client,
    config: OsrmConfig,
    otherwise: GreatCircle,
    circuit: Circuit,
}

impl Osrm {
    /// A client. Nothing is asked yet.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(config: OsrmConfig, otherwise: GreatCircle) -> Result<Self, OsrmError> {
        let address = |reason: String| OsrmError::Address { url: config.url.clone(), reason };
        let parsed =
            reqwest::Url::parse(&config.url).map_err(|error| address(error.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(address("its scheme is not http or https".to_owned()));
        }
        let client = reqwest::Client::builder()
            .timeout(Duration::from_millis(config.timeout_ms))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| address(error.to_string()))?;
        let circuit = Circuit::new(config.failures, Duration::from_millis(config.pause_ms));
        Ok(Self { client, config, otherwise, circuit })
    }

    /// Legs of one bundle, `None` where OSRM finds no way.
    async fn ask(&self, bundle: &Bundle) -> Result<Vec<Option<Leg>>, OsrmError> {
        if let ([from], [to]) = (&bundle.sources[..], &bundle.destinations[..]) {
            let path =
                format!("route/v1/driving/{};{}?overview=false", coordinate(from), coordinate(to));
            let leg = answer::route(&self.get(&path).await?)?;
            return Ok(vec![leg; bundle.pairs.len()]);
        }
        let table = answer::table(
            &self.get(&table_path(bundle)).await?,
            bundle.sources.len(),
            bundle.destinations.len(),
        )?;
        // `answer::table` checked that it has a cell for each pair of indices.
        Ok(bundle.pairs.iter().map(|pair| table[pair.source][pair.destination]).collect())
    }

    async fn get(&self, path: &str) -> Result<Vec<u8>, OsrmError> {
        let url = format!("{}/{path}", self.config.url.trim_end_matches('/'));
        let mut response = self.client.get(url).send().await.map_err(OsrmError::Silent)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(OsrmError::Silent)? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(OsrmError::Long { limit: ANSWER_BYTES });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// Asks unless the circuit is open. `None`: it was not asked.
    async fn try_ask(&self, bundle: &Bundle) -> Option<Result<Vec<Option<Leg>>, OsrmError>> {
        if !self.circuit.admits() {
            return None;
        }
        let answer = self.ask(bundle).await;
        match &answer {
            // A refusal is an answer: the server lives.
            Ok(_) | Err(OsrmError::Refused { .. }) => self.circuit.succeeded(),
            Err(error) => {
                if self.circuit.failed() {
                    tracing::warn!(%error, pause_ms = self.config.pause_ms, "osrm is left alone");
                }
            }
        }
        Some(answer)
    }
}

impl TravelTimes for Osrm {
    fn legs<'a>(&'a self, journeys: &'a [Journey]) -> BoxFuture<'a, Legs> {
        async move {
            let mut all = bundles(journeys, self.config.coordinates);
            let over = all.len().saturating_sub(self.config.requests_per_tick);
            all.truncate(self.config.requests_per_tick);
            let asked: Vec<_> = all.iter().map(|bundle| self.try_ask(bundle).boxed()).collect();
            let asked = stream::iter(asked).buffered(self.config.requests_at_once);
            let answers: Vec<_> = asked.collect().await;
            let mut gathered = Gathered::new(self.otherwise.all(journeys));
            for (bundle, answer) in all.iter().zip(answers) {
                gathered.add(bundle, answer);
            }
            gathered.finish(over)
        }
        .boxed()
    }
}

/// Legs by great circle, replaced one by one by those that OSRM knows.
struct Gathered {
    legs: Vec<Leg>,
    by_road: usize,
    error: Option<String>,
    paused: bool,
}

impl Gathered {
    fn new(legs: Vec<Leg>) -> Self {
        Self { legs, by_road: 0, error: None, paused: false }
    }

    fn add(&mut self, bundle: &Bundle, answer: Option<Result<Vec<Option<Leg>>, OsrmError>>) {
        match answer {
            None => self.paused = true,
            Some(Err(error)) => self.error = Some(error.to_string()),
            Some(Ok(legs)) => {
                for (pair, leg) in bundle.pairs.iter().zip(legs) {
                    if let Some(leg) = leg {
                        self.legs[pair.journey] = leg;
                        self.by_road += 1;
                    }
                }
            }
        }
    }

    fn finish(self, over: usize) -> Legs {
        let missing = self.legs.len() - self.by_road;
        let reason = match (self.error, self.paused) {
            (Some(error), _) => error,
            (None, true) => "osrm failed repeatedly and is left alone for a while".to_owned(),
            (None, false) if over > 0 => {
                format!("{over} requests were beyond travel.osrm.requests_per_tick")
            }
            (None, false) => "osrm knows no way".to_owned(),
        };
        let note = (missing > 0).then(|| {
            format!("{missing} of {} journeys by great circle: {reason}", self.legs.len())
        });
        let source = if self.by_road > 0 { Source::Osrm } else { Source::GreatCircle };
        Legs { legs: self.legs, source, note }
    }
}

/// OSRM writes longitude before latitude, in degrees.
fn coordinate(point: &Point) -> String {
    format!("{},{}", degrees(point.longitude_e6()), degrees(point.latitude_e6()))
}

fn degrees(e6: i32) -> String {
    let sign = if e6 < 0 { "-" } else { "" };
    let e6 = e6.unsigned_abs();
    format!("{sign}{}.{:06}", e6 / 1_000_000, e6 % 1_000_000)
}

fn table_path(bundle: &Bundle) -> String {
    let coordinates: Vec<String> =
        bundle.sources.iter().chain(&bundle.destinations).map(coordinate).collect();
    let list = |from: usize, count: usize| {
        let mut list = String::new();
        for index in from..from + count {
            let separator = if index == from { "" } else { ";" };
            // Writing to a string does not fail.
            let _ = write!(list, "{separator}{index}");
        }
        list
    };
    let sources = bundle.sources.len();
    format!(
        "table/v1/driving/{}?sources={}&destinations={}&annotations=duration,distance",
        coordinates.join(";"),
        list(0, sources),
        list(sources, bundle.destinations.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_written_as_osrm_reads_them() {
        let point = Point::new(-500_001, 114_057_865).unwrap();
        assert_eq!(coordinate(&point), "114.057865,-0.500001");
    }
}
