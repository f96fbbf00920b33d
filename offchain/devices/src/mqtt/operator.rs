//! The conversation with an operator: hears reports and states of all devices, and says nothing.

use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::broadcast::{error::RecvError, Receiver},
    time::{sleep_until, Instant},
};

use super::{
    line::Line,
    packet::{Inbound, Outbound, Qos, Reason},
    shared::{News, Shared},
    topic::{self, heard_by_operator, Heard, NotHeard},
};

/// States that are written before the connection is asked whether it takes them.
const STATES_AT_ONCE: usize = 100;

/// One operator's connection.
pub(crate) struct Operator<S> {
    shared: Arc<Shared>,
    line: Line<S>,
    name: String,
    patience: Duration,
    news: Receiver<News>,
    filters: Vec<(String, Heard)>,
}

/// Why the conversation ends: what the operator is told, if anything.
type End = Option<(Reason, String)>;

impl<S: AsyncRead + AsyncWrite + Unpin> Operator<S> {
    /// A conversation whose CONNECT was accepted.
    pub(crate) fn new(
        shared: Arc<Shared>,
        line: Line<S>,
        name: String,
        patience: Duration,
    ) -> Self {
        let news = shared.news.subscribe();
        Self { shared, line, name, patience, news, filters: Vec::new() }
    }

    /// Speaks until the end.
    pub(crate) async fn run(mut self) {
        let end = match self.converse().await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        if let Some((reason, because)) = end {
            let _ = self.line.say(Outbound::Goodbye { reason, because });
        }
        self.line.close().await;
    }

    async fn converse(&mut self) -> Result<std::convert::Infallible, End> {
        let stopping = self.shared.stopping().clone();
        let mut silent_at = Instant::now() + self.patience;
        loop {
            self.line.flush().await.map_err(|_| None)?;
            tokio::select! {
                () = stopping.cancelled() => {
                    return Err(Some((Reason::ShuttingDown, "the service stops: connect again".to_owned())));
                }
                more = self.line.read_more() => {
                    if !more.map_err(|_| None)? {
                        return Err(None);
                    }
                    while let Some(packet) = self.line.next().map_err(|error| {
                        self.shared.figures.protocol_errors.add(1);
                        Some((error.reason(), error.to_string()))
                    })? {
                        silent_at = Instant::now() + self.patience;
                        self.answer(packet).await?;
                    }
                }
                news = self.news.recv() => self.hear(news)?,
                () = sleep_until(silent_at) => {
                    self.shared.figures.silent.add(1);
                    return Err(Some((Reason::KeepAlive, "nothing was heard for too long".to_owned())));
                }
            }
        }
    }

    fn say(&mut self, packet: Outbound) -> Result<(), End> {
        self.line.say(packet).map(|_| ()).map_err(|_| None)
    }

    async fn answer(&mut self, packet: Inbound) -> Result<(), End> {
        match packet {
            Inbound::Subscribe { packet, filters, numbered: false } => {
                self.subscribe(packet, filters).await
            }
            Inbound::Unsubscribe { packet, filters } => {
                let mut known = Vec::with_capacity(filters.len());
                for filter in &filters {
                    let before = self.filters.len();
                    self.filters.retain(|(present, _)| present != filter);
                    known.push(self.filters.len() < before);
                }
                self.say(Outbound::Unsubscribed { packet, known })
            }
            Inbound::Ping => self.say(Outbound::Pong),
            Inbound::Goodbye { .. } => Err(None),
            Inbound::Publish(_) => {
                self.shared.figures.not_allowed.add(1);
                Err(Some((Reason::NotAuthorized, "an operator hears, and says nothing".to_owned())))
            }
            Inbound::Subscribe { .. } => Err(Some((
                Reason::SubscriptionNumbers,
                "there are no subscription identifiers here".to_owned(),
            ))),
            // Messages to operators are at most once: nothing is to be acknowledged.
            Inbound::Acknowledged { .. } | Inbound::Released { .. } | Inbound::OutOfPlace(_) => {
                Err(Some((Reason::Protocol, "a packet is out of place".to_owned())))
            }
        }
    }

    async fn subscribe(&mut self, packet: u16, filters: Vec<(String, Qos)>) -> Result<(), End> {
        let most = usize::try_from(self.shared.config.subscriptions).unwrap_or(usize::MAX);
        let mut granted = Vec::with_capacity(filters.len());
        let mut retained = Vec::new();
        for (filter, _) in filters {
            granted.push(match heard_by_operator(&filter) {
                Err(NotHeard::Invalid) => Err(Reason::FilterInvalid),
                Err(NotHeard::NotAllowed) => {
                    self.shared.figures.not_allowed.add(1);
                    Err(Reason::NotAuthorized)
                }
                Ok(_) if self.filters.len() >= most => Err(Reason::Quota),
                Ok(heard) => {
                    if let Heard::States(of) = &heard {
                        retained.extend(self.shared.states(of.as_deref()));
                    }
                    self.filters.retain(|(present, _)| *present != filter);
                    self.filters.push((filter, heard));
                    Ok(Qos::AtMostOnce)
                }
            });
        }
        tracing::info!(operator = self.name, filters = self.filters.len(), "an operator listens");
        self.say(Outbound::Subscribed { packet, granted })?;
        for (at, (identity, payload)) in retained.into_iter().enumerate() {
            self.say(Outbound::Publish {
                topic: topic::state_of(&identity),
                packet: 0,
                duplicate: false,
                retain: true,
                payload,
                answer_to: None,
            })?;
            if at % STATES_AT_ONCE == STATES_AT_ONCE - 1 {
                self.line.flush().await.map_err(|_| None)?;
            }
        }
        Ok(())
    }

    fn hear(&mut self, news: Result<News, RecvError>) -> Result<(), End> {
        let news = match news {
            Ok(news) => news,
            Err(RecvError::Lagged(lost)) => {
                self.shared.figures.operator_lost.add(lost);
                return Ok(());
            }
            Err(RecvError::Closed) => return Err(None),
        };
        let of_it = |of: &Option<String>| of.as_deref().is_none_or(|of| of == &*news.identity);
        let wanted = self.filters.iter().any(|(_, heard)| match heard {
            Heard::Reports(of) => !news.is_state && of_it(of),
            Heard::States(of) => news.is_state && of_it(of),
            Heard::Commands => false,
        });
        if !wanted {
            return Ok(());
        }
        let topic = match news.is_state {
            true => topic::state_of(&news.identity),
            false => topic::reports_of(&news.identity),
        };
        self.say(Outbound::Publish {
            topic,
            packet: 0,
            duplicate: false,
            retain: false,
            payload: news.payload,
            answer_to: None,
        })
    }
}
