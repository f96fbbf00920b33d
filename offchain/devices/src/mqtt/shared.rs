//! What all connections of the broker share.

use bytes::Bytes;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use smartlink_records::{Channel, Report};
use smartlink_service::CancellationToken;
use std::sync::Arc;
use tokio::sync::broadcast;

use super::{
    config::MqttConfig,
    figures::MqttFigures,
    payload::{self, Said},
    session::{Sessions, Testament},
    topic::{self, Up},
};
use crate::{clock::now_ms, gate::Gate, http::report_json};

/// What operators hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// Of whom.
    pub(crate) identity: Arc<str>,
    /// Whether it is a state rather than a report.
    pub(crate) is_state: bool,
    /// The payload.
    pub(crate) payload: Bytes,
}

/// The gate, the bounds, and what devices left behind.
pub(crate) struct Shared {
    pub(crate) gate: Gate,
    pub(crate) config: MqttConfig,
    pub(crate) figures: Arc<MqttFigures>,
    pub(crate) sessions: Sessions,
    pub(crate) news: broadcast::Sender<News>,
    states: Mutex<FxHashMap<String, Bytes>>,
}

impl Shared {
    pub(crate) fn new(config: MqttConfig, gate: Gate, figures: Arc<MqttFigures>) -> Self {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let longest = std::time::Duration::from_secs(config.session_s.into());
        Self {
            sessions: Sessions::new(size(config.sessions), longest),
            news: broadcast::Sender::new(size(config.operator_queue)),
            gate,
            config,
            figures,
            states: Mutex::default(),
        }
    }

    /// When this is cancelled, connections end.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        self.gate.stopping()
    }

    /// Retains the state of a device; nothing forgets it. One too many is not retained.
    pub(crate) fn retain(&self, identity: &str, payload: &Bytes) {
        let most = usize::try_from(self.config.states).unwrap_or(usize::MAX);
        let mut states = self.states.lock();
        if payload.is_empty() {
            states.remove(identity);
        } else if states.len() < most || states.contains_key(identity) {
            // A copy: the payload is a part of the buffer that it was read into.
            states.insert(identity.to_owned(), Bytes::copy_from_slice(payload));
        }
    }

    /// The retained states of one device, or of all.
    pub(crate) fn states(&self, of: Option<&str>) -> Vec<(String, Bytes)> {
        let states = self.states.lock();
        let wanted = states.iter().filter(|(identity, _)| of.is_none_or(|of| of == *identity));
        wanted.map(|(identity, payload)| (identity.clone(), payload.clone())).collect()
    }

    /// The reports as operators hear them. Nothing is made when nobody hears.
    pub(crate) fn as_news(&self, identity: &Arc<str>, reports: &[Report]) -> Vec<News> {
        if self.news.receiver_count() == 0 {
            return Vec::new();
        }
        let news = |report| News {
            identity: identity.clone(),
            is_state: false,
            payload: report_json::to_json(report).into(),
        };
        reports.iter().map(news).collect()
    }

    /// Tells operators.
    pub(crate) fn tell(&self, news: Vec<News>) {
        for news in news {
            // An error says that nobody hears.
            let _ = self.news.send(news);
        }
    }

    /// Says what devices left to be said, as if they said it themselves.
    pub(crate) fn execute(&self, testaments: Vec<Testament>) {
        for testament in testaments {
            self.figures.wills.add(1);
            let Testament { admission, identity, will } = testament;
            let Some((_, up)) = topic::up(&will.topic) else { continue };
            if up == Up::State {
                if will.retain {
                    self.retain(&identity, &will.payload);
                }
                let identity = Arc::from(identity.as_str());
                self.tell(vec![News { identity, is_state: true, payload: will.payload.clone() }]);
            }
            match payload::read(up, &will.payload, now_ms(), &self.config) {
                Ok(Said::Reports(reports)) => {
                    let news = match up {
                        Up::State => Vec::new(),
                        _ => self.as_news(&Arc::from(identity.as_str()), &reports),
                    };
                    match self.gate.accept(&admission, Channel::Mqtt, reports) {
                        // Nobody waits for an acknowledgement.
                        Ok(_receipt) => self.tell(news),
                        Err(error) => tracing::warn!(identity, %error, "a will was not taken"),
                    }
                }
                Ok(Said::Answer { .. }) => {}
                Err(error) => tracing::debug!(identity, %error, "a will says nothing"),
            }
        }
    }
}
