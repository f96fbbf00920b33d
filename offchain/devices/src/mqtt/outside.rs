//! A client of somebody else's broker, for fleets whose devices connect there.
//!
//! Messages are acknowledged to that broker when their records are on disk; it keeps the others and sends them again
//! after the next connection. That a device published below its own identity is for that broker to enforce: its access
//! list must have `pattern write smartlink/v1/%u/up/#`, as `docs/mqtt.md` says.

use futures::{future::BoxFuture, stream::FuturesOrdered, FutureExt, StreamExt};
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, Packet, Publish, QoS,
    SubscribeReasonCode,
};
use rustc_hash::FxHashMap;
use smartlink_records::Channel;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
    time::{interval, sleep, Instant},
};

use super::{
    config::{MqttConfig, OutsideConfig},
    device::command_json,
    figures::MqttFigures,
    payload::{self, Said},
    topic,
};
use crate::{
    clock::now_ms,
    commands::{CommandError, CommandId, Issued, Outcome},
    gate::{Admission, Event as Errand, Gate, NotAccepted, Outlet, Peer, Refusal},
    log::Unwritten,
};

/// Lets a device in for which the broker vouches: by its identity, without a key.
pub type Vouch = Arc<dyn Fn(&str, Peer) -> Result<Admission, Refusal> + Send + Sync>;

/// The first wait before it is tried again to connect.
const FIRST_RETRY: Duration = Duration::from_millis(250);

/// Commands that wait for the connection.
const COMMANDS: usize = 64;

/// How often it is looked which devices were not heard for long.
const SWEEP: Duration = Duration::from_secs(60);

/// The largest packet that is taken from the broker, and given to it.
const MAX_PACKET: usize = 16 << 20;

/// The client.
pub struct Outside {
    config: MqttConfig,
    of: OutsideConfig,
    gate: Gate,
    vouch: Vouch,
    figures: Arc<MqttFigures>,
}

impl Outside {
    /// The client that the configuration has, if it has one.
    pub fn new(
        config: &MqttConfig,
        gate: Gate,
        vouch: Vouch,
        figures: Arc<MqttFigures>,
    ) -> Option<Self> {
        let of = config.outside.clone()?;
        Some(Self { config: config.clone(), of, gate, vouch, figures })
    }

    /// Receives until the gate stops; connects again for as long as that takes.
    pub async fn run(self) {
        let stopping = self.gate.stopping().clone();
        let (commands, waiting_commands) = mpsc::channel(COMMANDS);
        let capacity = usize::from(self.of.in_flight) + 4 * COMMANDS;
        let (client, events) = AsyncClient::new(self.options(), capacity);
        let mut conversation = Conversation {
            outside: &self,
            client,
            events,
            waiting: FuturesOrdered::new(),
            vehicles: FxHashMap::default(),
            outlets: JoinSet::new(),
            commands,
            waiting_commands,
        };
        tokio::select! {
            () = stopping.cancelled() => {}
            () = conversation.hold() => {}
        }
    }

    fn options(&self) -> MqttOptions {
        let of = &self.of;
        let mut options = MqttOptions::new(&of.client_id, &of.host, of.port);
        options.set_keep_alive(Duration::from_secs(of.keep_alive_s.into()));
        options.set_clean_session(false);
        options.set_manual_acks(true);
        options.set_max_packet_size(MAX_PACKET, MAX_PACKET);
        if !of.username.is_empty() {
            options.set_credentials(&of.username, of.password.expose());
        }
        options
    }

    fn filter(&self) -> String {
        match self.of.share.as_str() {
            "" => topic::ALL_UP.to_owned(),
            group => format!("$share/{group}/{}", topic::ALL_UP),
        }
    }
}

/// Why a message is not taken.
enum NotTaken {
    /// It never will be: it is acknowledged, so that it does not come for ever.
    Never(String),
    /// It may be later: it is left with the broker.
    NotNow(String),
}

/// What waits for the disk: a message to acknowledge.
type Written = BoxFuture<'static, (Publish, Result<(), Unwritten>)>;

/// A device that was heard through the broker.
struct Heard {
    admission: Admission,
    outlet: AbortHandle,
    at: Instant,
}

struct Conversation<'a> {
    outside: &'a Outside,
    client: AsyncClient,
    events: EventLoop,
    waiting: FuturesOrdered<Written>,
    vehicles: FxHashMap<String, Heard>,
    outlets: JoinSet<()>,
    commands: mpsc::Sender<(String, Box<Issued>)>,
    waiting_commands: mpsc::Receiver<(String, Box<Issued>)>,
}

impl Conversation<'_> {
    /// Holds the connection, and makes it again whenever it breaks.
    async fn hold(&mut self) {
        let longest = Duration::from_millis(self.outside.of.retry_ms);
        let mut wait = FIRST_RETRY;
        loop {
            let mut connected = false;
            let error = self.converse(&mut connected).await;
            // What waits belongs to the connection that is over: the broker sends it again.
            self.events.clean();
            self.waiting = FuturesOrdered::new();
            self.outlets.abort_all();
            self.vehicles.clear();
            if connected {
                wait = FIRST_RETRY;
            }
            let (host, port) = (&self.outside.of.host, self.outside.of.port);
            tracing::warn!(host, port, error, ?wait, "no connection to the MQTT broker");
            sleep(wait).await;
            wait = (wait * 2).min(longest);
        }
    }

    /// Converses until something breaks, and says what.
    async fn converse(&mut self, connected: &mut bool) -> String {
        let mut sweep = interval(SWEEP);
        let window = usize::from(self.outside.of.in_flight);
        loop {
            let step = tokio::select! {
                event = self.events.poll(), if self.waiting.len() < window => {
                    self.turn_to(event, connected)
                }
                Some((publish, durable)) = self.waiting.next(), if !self.waiting.is_empty() => {
                    match durable {
                        Ok(()) => self.acknowledge(&publish),
                        Err(error) => Err(error.to_string()),
                    }
                }
                Some((identity, issued)) = self.waiting_commands.recv() => {
                    self.send(&identity, &issued)
                }
                _ = sweep.tick() => {
                    self.forget_silent();
                    Ok(())
                }
                Some(_) = self.outlets.join_next(), if !self.outlets.is_empty() => Ok(()),
            };
            if let Err(error) = step {
                return error;
            }
        }
    }

    fn turn_to(
        &mut self,
        event: Result<Event, ConnectionError>,
        connected: &mut bool,
    ) -> Result<(), String> {
        match event.map_err(|error| error.to_string())? {
            Event::Incoming(Packet::ConnAck(_)) => {
                *connected = true;
                let filter = self.outside.filter();
                tracing::info!(host = self.outside.of.host, filter, "connected to the MQTT broker");
                let subscribed = self.client.try_subscribe(filter, QoS::AtLeastOnce);
                subscribed.map_err(|error| error.to_string())
            }
            Event::Incoming(Packet::SubAck(ack)) => {
                let refused = ack.return_codes.contains(&SubscribeReasonCode::Failure);
                if refused {
                    return Err(format!(
                        "the broker refuses the subscription to {}",
                        self.outside.filter()
                    ));
                }
                self.outside.figures.outside_connected.add(1);
                Ok(())
            }
            Event::Incoming(Packet::Publish(publish)) => self.receive(publish),
            _ => Ok(()),
        }
    }

    fn receive(&mut self, publish: Publish) -> Result<(), String> {
        self.outside.figures.messages.add(1);
        match self.take(&publish) {
            Ok(Some(durable)) => {
                let mut empty = Publish::new("", publish.qos, Vec::new());
                empty.pkid = publish.pkid;
                self.waiting.push_back(durable.map(move |durable| (empty, durable)).boxed());
                Ok(())
            }
            Ok(None) => self.acknowledge(&publish),
            Err(NotTaken::Never(why)) => {
                self.outside.figures.outside_refused.add(1);
                tracing::debug!(topic = publish.topic, why, "a message of the broker is refused");
                self.acknowledge(&publish)
            }
            Err(NotTaken::NotNow(why)) => Err(why),
        }
    }

    /// Acknowledges in the order of the channel, after whatever was acknowledged before.
    fn acknowledge(&self, publish: &Publish) -> Result<(), String> {
        self.client.try_ack(publish).map_err(|error| error.to_string())
    }

    /// Takes what a message says; what is returned resolves when it is on disk.
    fn take(
        &mut self,
        publish: &Publish,
    ) -> Result<Option<BoxFuture<'static, Result<(), Unwritten>>>, NotTaken> {
        let never = |why: &dyn std::fmt::Display| NotTaken::Never(why.to_string());
        let (identity, up) = topic::up(&publish.topic)
            .ok_or_else(|| NotTaken::Never("there is no such topic".to_owned()))?;
        let admission = self.admit(identity)?;
        let said = payload::read(up, &publish.payload, now_ms(), &self.outside.config);
        let gate = &self.outside.gate;
        let reports = match said.map_err(|error| never(&error))? {
            Said::Reports(reports) => reports,
            Said::Answer { command, answer } => {
                let outcome = Outcome::Answered(answer);
                return match gate.settle(&admission, CommandId(command), outcome) {
                    Ok(_) => Ok(None),
                    Err(error @ CommandError::NoSuchCommand) => Err(never(&error)),
                    Err(error) => Err(NotTaken::NotNow(error.to_string())),
                };
            }
        };
        self.outside.figures.reports.add(reports.len() as u64);
        match gate.accept(&admission, Channel::Mqtt, reports) {
            Ok(receipt) => Ok(Some(async move { receipt.durable().await.map(|_| ()) }.boxed())),
            Err(error @ NotAccepted::Unwritten(_)) => Err(NotTaken::NotNow(error.to_string())),
            Err(error @ (NotAccepted::Revoked | NotAccepted::Invalid(_))) => Err(never(&error)),
        }
    }

    /// The admission of a device; commands come to it from its first message on.
    fn admit(&mut self, identity: &str) -> Result<Admission, NotTaken> {
        let now = Instant::now();
        if let Some(heard) = self.vehicles.get_mut(identity) {
            if heard.admission.is_valid() && !heard.outlet.is_finished() {
                heard.at = now;
                return Ok(heard.admission.clone());
            }
        }
        // Where the device itself is, the broker does not say.
        let address = SocketAddr::from(([0, 0, 0, 0], self.outside.of.port));
        let peer = Peer { channel: Channel::Mqtt, address };
        let admission = (self.outside.vouch)(identity, peer).map_err(|refusal| match refusal {
            Refusal::Disk(_) | Refusal::Full => NotTaken::NotNow(refusal.to_string()),
            refusal => NotTaken::Never(refusal.to_string()),
        })?;
        let most = usize::try_from(self.outside.config.connections).unwrap_or(usize::MAX);
        if self.vehicles.len() < most || self.vehicles.contains_key(identity) {
            let outlet = self.outside.gate.attach(&admission, peer);
            let fetch = fetch(identity.to_owned(), outlet, self.commands.clone());
            let outlet = self.outlets.spawn(fetch);
            let heard = Heard { admission: admission.clone(), outlet, at: now };
            self.vehicles.insert(identity.to_owned(), heard);
        }
        Ok(admission)
    }

    fn send(&self, identity: &str, issued: &Issued) -> Result<(), String> {
        if issued.expires_ms <= now_ms() {
            return Ok(());
        }
        let (topic, payload) = (topic::command_of(identity), command_json(issued));
        let sent = self.client.try_publish(topic, QoS::AtLeastOnce, false, payload);
        self.outside.figures.commands.add(1);
        sent.map_err(|error| error.to_string())
    }

    /// Devices that were silent for longer than the longest keep alive are not connected any more.
    fn forget_silent(&mut self) {
        let patience = Duration::from_secs(self.outside.config.keep_alive_s.into());
        self.vehicles.retain(|_, heard| {
            let stays = heard.at.elapsed() < patience && !heard.outlet.is_finished();
            if !stays {
                heard.outlet.abort();
            }
            stays
        });
    }
}

/// Fetches a device's commands for as long as it is this broker's.
async fn fetch(
    identity: String,
    mut outlet: Outlet,
    commands: mpsc::Sender<(String, Box<Issued>)>,
) {
    while let Errand::Command(issued) = outlet.next().await {
        if commands.send((identity.clone(), issued)).await.is_err() {
            return;
        }
    }
}
