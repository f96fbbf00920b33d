//! The conversation with one device.
//!
//! Messages of one read are taken on together, and acknowledged in their order once their records are on disk. While
//! as many wait as may, nothing more is read.

mod messages;

use futures::{future::BoxFuture, stream::FuturesOrdered, StreamExt};
use parking_lot::Mutex;
use smartlink_records::TerminalId;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{sleep_until, timeout, Instant},
};

use super::{
    line::Line,
    packet::{Inbound, Outbound, Reason, Version, Will},
    session::{Session, Testament},
    shared::Shared,
    topic,
};
use crate::{
    bucket::Bucket,
    commands::{CommandId, Issued, Outcome},
    gate::{Admission, Closing, Event, Outlet},
};
use messages::Done;

/// How long what was read waits for the disk after the conversation has ended.
const LAST_ACKNOWLEDGEMENTS: Duration = Duration::from_secs(5);

/// Who speaks, as far as CONNECT and the gate said.
pub(crate) struct Introduced {
    pub(crate) identity: Arc<str>,
    pub(crate) admission: Admission,
    pub(crate) version: Version,
    /// How long it may be silent.
    pub(crate) patience: Duration,
    /// How many of our messages it takes before it answers.
    pub(crate) receive_maximum: u16,
    /// For how long the session outlives the connection, in seconds, as the client wished.
    pub(crate) expiry_s: u32,
    pub(crate) will: Option<Will>,
}

/// One device's connection.
pub(crate) struct Device<S> {
    shared: Arc<Shared>,
    line: Line<S>,
    of: Introduced,
    outlet: Outlet,
    session: Arc<Mutex<Session>>,
    connection: u64,
    aliases: Vec<Option<String>>,
    bucket: Bucket,
    /// What waits for the disk, in the order in which it came.
    waiting: FuturesOrdered<BoxFuture<'static, Done>>,
    /// How many messages that is.
    unacknowledged: usize,
    /// Those of them that are at least once.
    at_least_once: usize,
    /// Commands on their way, by packet identifier from 1.
    outgoing: Vec<Option<CommandId>>,
}

/// How a conversation ends.
#[derive(Debug)]
struct End {
    /// What the device is told, if it can be.
    told: Option<(Reason, String)>,
    /// Whether the will is said.
    with_will: bool,
    /// Whether the connection can still be written to.
    open: bool,
}

impl End {
    fn because(reason: Reason, because: impl Into<String>) -> Self {
        Self { told: Some((reason, because.into())), with_will: true, open: true }
    }

    const BROKEN: Self = Self { told: None, with_will: true, open: false };
    const GOODBYE: Self = Self { told: None, with_will: false, open: true };
    const GOODBYE_WITH_WILL: Self = Self { told: None, with_will: true, open: true };
}

impl<S: AsyncRead + AsyncWrite + Unpin> Device<S> {
    /// A conversation whose CONNECT was accepted.
    pub(crate) fn new(
        shared: Arc<Shared>,
        line: Line<S>,
        of: Introduced,
        outlet: Outlet,
        (session, connection): (Arc<Mutex<Session>>, u64),
    ) -> Self {
        let config = &shared.config;
        let window = of.receive_maximum.min(config.commands_in_flight);
        Self {
            aliases: vec![None; usize::from(config.aliases)],
            bucket: Bucket::new(config.messages_per_second, config.message_burst, Instant::now()),
            outgoing: vec![None; usize::from(window)],
            shared,
            line,
            of,
            outlet,
            session,
            connection,
            waiting: FuturesOrdered::new(),
            unacknowledged: 0,
            at_least_once: 0,
        }
    }

    /// Which terminal speaks.
    fn terminal(&self) -> TerminalId {
        self.of.admission.terminal()
    }

    /// Speaks until the end, and leaves the session as it is then.
    pub(crate) async fn run(mut self) {
        let end = match self.converse().await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        if end.open {
            let last = self.last_acknowledgements();
            let _ = timeout(LAST_ACKNOWLEDGEMENTS, last).await;
        }
        let testament = match self.of.will.take() {
            Some(will) if end.with_will => Some(Testament {
                admission: self.of.admission.clone(),
                identity: self.of.identity.to_string(),
                will,
            }),
            _ => None,
        };
        let (terminal, sessions) = (self.terminal(), &self.shared.sessions);
        let lasting = sessions.lasting(self.of.expiry_s);
        let wills = sessions.leave(terminal, self.connection, lasting, testament, Instant::now());
        self.shared.execute(wills);
        drop(self.outlet);
        if end.open {
            if let Some((reason, because)) = end.told {
                tracing::debug!(identity = %self.of.identity, ?reason, because, "a device is sent away");
                let _ = self.line.say(Outbound::Goodbye { reason, because });
            }
            self.line.close().await;
        }
    }

    async fn converse(&mut self) -> Result<std::convert::Infallible, End> {
        let mut silent_at = Instant::now() + self.of.patience;
        let mut resume_at: Option<Instant> = None;
        loop {
            self.line.flush().await.map_err(|_| self.cut())?;
            let reading = resume_at.is_none() && self.unacknowledged < self.window();
            // A command stays in the queue until it can go out: another connection may take it from there.
            let room = self.place().is_some();
            tokio::select! {
                event = self.outlet.next_with(room) => self.turn_to(event)?,
                Some(done) = self.waiting.next(), if !self.waiting.is_empty() => {
                    self.acknowledge(done)?;
                    silent_at = Instant::now() + self.of.patience;
                }
                more = self.line.read_more(), if reading => {
                    if !more.map_err(|_| End::BROKEN)? {
                        return Err(End::BROKEN);
                    }
                    let (packets, free_at) = self.take_in()?;
                    if packets > 0 {
                        silent_at = Instant::now() + self.of.patience;
                    }
                    resume_at = free_at;
                }
                () = sleep_until(silent_at), if reading => {
                    self.shared.figures.silent.add(1);
                    return Err(End::because(Reason::KeepAlive, "nothing was heard for too long"));
                }
                () = sleep_until(resume_at.unwrap_or(silent_at)), if resume_at.is_some() => {
                    resume_at = None;
                    silent_at = Instant::now() + self.of.patience;
                }
            }
        }
    }

    fn window(&self) -> usize {
        usize::from(self.shared.config.in_flight)
    }

    fn cut(&self) -> End {
        self.shared.figures.cut.add(1);
        End::BROKEN
    }

    fn turn_to(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Close(closing) => Err(self.closed(closing)),
            Event::Command(issued) => self.send(&issued),
        }
    }

    fn closed(&self, closing: Closing) -> End {
        match closing {
            Closing::Replaced => {
                self.shared.figures.taken_over.add(1);
                End::because(Reason::TakenOver, "the device has a newer connection")
            }
            Closing::Revoked => End::because(Reason::Administrative, "the device was suspended"),
            // Wills are of devices that are gone, and these are not.
            Closing::Stopping => End {
                with_will: false,
                ..End::because(Reason::ShuttingDown, "the service stops: connect again")
            },
        }
    }

    /// Packets of one read, and when the next may be read.
    fn take_in(&mut self) -> Result<(u32, Option<Instant>), End> {
        let mut batch = messages::Batch::default();
        let mut packets = 0;
        let ended = loop {
            let taken = match self.line.next() {
                Ok(None) => break Ok(()),
                Ok(Some(Inbound::Publish(publish))) => self.publish(publish, &mut batch),
                Ok(Some(packet)) => self.answer(packet),
                Err(error) => Err(self.no_mqtt(error.reason(), &error.to_string())),
            };
            if let Err(end) = taken {
                break Err(end);
            }
            packets += 1;
        };
        // What came before the end is taken all the same.
        self.hand_over(batch)?;
        ended?;
        let free_at = self.bucket.take(packets, Instant::now());
        if free_at.is_some() {
            self.shared.figures.throttled.add(1);
        }
        Ok((packets, free_at))
    }

    fn no_mqtt(&self, reason: Reason, because: &str) -> End {
        self.shared.figures.protocol_errors.add(1);
        End::because(reason, because)
    }

    /// Everything but messages.
    fn answer(&mut self, packet: Inbound) -> Result<(), End> {
        match packet {
            Inbound::Publish(_) => Ok(()),
            Inbound::Acknowledged { packet, refused } => self.command_arrived(packet, refused),
            Inbound::Released { packet } => {
                let known = self.session.lock().release(packet);
                self.say(Outbound::Completed { packet, known })
            }
            Inbound::Subscribe { numbered: true, .. } => Err(self.no_mqtt(
                Reason::SubscriptionNumbers,
                "there are no subscription identifiers here",
            )),
            Inbound::Subscribe { packet, filters, .. } => {
                let most = usize::try_from(self.shared.config.subscriptions).unwrap_or(usize::MAX);
                let granted = self.session.lock().subscribe(&self.of.identity, filters, most);
                let refused = granted.iter().filter(|granted| granted.is_err()).count();
                self.shared.figures.not_allowed.add(refused as u64);
                self.say(Outbound::Subscribed { packet, granted })
            }
            Inbound::Unsubscribe { packet, filters } => {
                let known = self.session.lock().unsubscribe(&filters);
                self.say(Outbound::Unsubscribed { packet, known })
            }
            Inbound::Ping => {
                self.of.admission.heard();
                self.say(Outbound::Pong)
            }
            Inbound::Goodbye { with_will, expiry_s } => {
                if let Some(expiry_s) = expiry_s {
                    if expiry_s > 0 && self.of.expiry_s == 0 {
                        return Err(self
                            .no_mqtt(Reason::Protocol, "a session that ends cannot be prolonged"));
                    }
                    self.of.expiry_s = expiry_s;
                }
                Err(if with_will { End::GOODBYE_WITH_WILL } else { End::GOODBYE })
            }
            Inbound::OutOfPlace(what) => {
                Err(self.no_mqtt(Reason::Protocol, &format!("{what} is out of place")))
            }
        }
    }

    fn say(&mut self, packet: Outbound) -> Result<(), End> {
        // What the device does not take is left out, as the standard has it.
        self.line.say(packet).map(|_| ()).map_err(|_| self.cut())
    }

    /// The packet identifier of the next command, 0 for one that is sent once. None: the device does not hear its
    /// commands, or has as many as it takes.
    fn place(&self) -> Option<u16> {
        let qos = self.session.lock().commands()?;
        if qos == super::packet::Qos::AtMostOnce {
            return Some(0);
        }
        let free = self.outgoing.iter().position(Option::is_none)?;
        // At most 1,000 by the configuration.
        Some(u16::try_from(free + 1).unwrap_or(u16::MAX))
    }

    fn send(&mut self, issued: &Issued) -> Result<(), End> {
        // Without one now, a newer connection has changed the session: it is given the command as well.
        let Some(packet) = self.place() else { return Ok(()) };
        let id = issued.id;
        let answer_to = topic::answer_of(&self.of.identity, id.0);
        let publish = Outbound::Publish {
            topic: topic::command_of(&self.of.identity),
            packet,
            duplicate: false,
            retain: false,
            payload: command_json(issued).into(),
            answer_to: Some((answer_to, id.0.to_string().into())),
        };
        if !self.line.say(publish).map_err(|_| self.cut())? {
            self.failed(id, "the device takes no packet of that length");
            return Ok(());
        }
        self.shared.figures.commands.add(1);
        if let Some(place) = usize::from(packet).checked_sub(1) {
            self.outgoing[place] = Some(id);
        }
        Ok(())
    }

    fn command_arrived(&mut self, packet: u16, refused: bool) -> Result<(), End> {
        let place = usize::from(packet).wrapping_sub(1);
        let arrived = self.outgoing.get_mut(place).and_then(Option::take);
        match arrived {
            Some(id) if refused => self.failed(id, "the device refused the message"),
            Some(_) => {}
            None => {
                return Err(self.no_mqtt(Reason::Protocol, "a PUBACK for what was not sent"));
            }
        }
        Ok(())
    }

    fn failed(&self, id: CommandId, why: &str) {
        let outcome = Outcome::Failed(why.to_owned());
        if let Err(error) = self.shared.gate.settle(&self.of.admission, id, outcome) {
            tracing::warn!(command = id.0, %error, "a command's failure is not noted");
        }
    }
}

/// A command as a device gets it.
pub(crate) fn command_json(issued: &Issued) -> String {
    serde_json::json!({
        "id": issued.id,
        "expires_ms": issued.expires_ms,
        "command": issued.command,
    })
    .to_string()
}
