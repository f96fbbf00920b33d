//! What a device says: taken on, and acknowledged once it is on disk.

use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use smartlink_records::{Channel, Report};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Device, End};
use crate::{
    clock::now_ms,
    commands::{Answer, CommandError, CommandId, Outcome},
    gate::{NotAccepted, Receipt},
    log::Unwritten,
    mqtt::{
        packet::{Outbound, Publish, Qos, Reason, Version},
        payload::{self, Said},
        shared::News,
        topic::{self, Up},
    },
};

/// The messages of one read.
#[derive(Default)]
pub(super) struct Batch {
    reports: Vec<Report>,
    acknowledgements: Vec<Acknowledgement>,
    /// Receipts of messages that came again.
    again: Vec<Arc<Receipt>>,
    states: Vec<News>,
}

/// What is answered to one message.
struct Acknowledgement {
    qos: Qos,
    packet: u16,
    refused: Option<(Reason, String)>,
    /// It came before, and is remembered already.
    again: bool,
}

/// What became of a batch.
pub(super) struct Done {
    acknowledgements: Vec<Acknowledgement>,
    news: Vec<News>,
    durable: Result<(), Unwritten>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Device<S> {
    /// Reads one message into a batch.
    pub(super) fn publish(&mut self, mut publish: Publish, batch: &mut Batch) -> Result<(), End> {
        self.shared.figures.messages.add(1);
        if publish.qos == Qos::AtMostOnce && publish.duplicate {
            return Err(self.no_mqtt(Reason::Malformed, "a message of at most once is sent again"));
        }
        self.resolve_alias(&mut publish)?;
        self.check_window(&publish, batch)?;
        let mut acknowledgement = Acknowledgement {
            qos: publish.qos,
            packet: publish.packet,
            refused: None,
            again: false,
        };
        let came = self.came_before(&publish, batch);
        if let Some(receipt) = came {
            self.shared.figures.duplicates.add(1);
            batch.again.extend(receipt);
            acknowledgement.again = true;
        } else {
            acknowledgement.refused = self.take(&publish, batch)?;
        }
        batch.acknowledgements.push(acknowledgement);
        Ok(())
    }

    /// Puts a topic in the place of its alias.
    fn resolve_alias(&mut self, publish: &mut Publish) -> Result<(), End> {
        if publish.alias == 0 {
            return Ok(());
        }
        let Some(named) = self.aliases.get_mut(usize::from(publish.alias) - 1) else {
            return Err(self.no_mqtt(Reason::AliasInvalid, "the topic alias is above the maximum"));
        };
        if !publish.topic.is_empty() {
            *named = Some(publish.topic.clone());
        } else if let Some(topic) = named {
            publish.topic.clone_from(topic);
        } else {
            return Err(self.no_mqtt(Reason::Protocol, "the topic alias stands for nothing"));
        }
        Ok(())
    }

    /// Version 5 counts both kinds of messages that are not over; version 3 is read no further instead, but may not
    /// leave messages of exactly once open without end.
    fn check_window(&self, publish: &Publish, batch: &Batch) -> Result<(), End> {
        let of = |qos| batch.acknowledgements.iter().filter(|other| other.qos == qos).count();
        let open = self.session.lock().unreleased() + of(Qos::ExactlyOnce);
        let all = open + self.at_least_once + of(Qos::AtLeastOnce);
        let exceeded = match (publish.qos, self.of.version) {
            (Qos::AtMostOnce, _) => false,
            (_, Version::V5) => all >= self.window() && !self.is_again(publish, batch),
            (Qos::ExactlyOnce, Version::V3) => {
                open >= self.window() && !self.is_again(publish, batch)
            }
            (Qos::AtLeastOnce, Version::V3) => false,
        };
        if exceeded {
            return Err(self.no_mqtt(Reason::ReceiveMaximum, "more messages are open than may be"));
        }
        Ok(())
    }

    fn is_again(&self, publish: &Publish, batch: &Batch) -> bool {
        self.came_before(publish, batch).is_some()
    }

    /// The receipt of a message of exactly once that came before.
    fn came_before(&self, publish: &Publish, batch: &Batch) -> Option<Option<Arc<Receipt>>> {
        if publish.qos != Qos::ExactlyOnce {
            return None;
        }
        let same = |other: &Acknowledgement| {
            other.qos == Qos::ExactlyOnce
                && other.packet == publish.packet
                && other.refused.is_none()
        };
        if batch.acknowledgements.iter().any(same) {
            return Some(None);
        }
        self.session.lock().received(publish.packet)
    }

    /// Takes what a message says, or says why not.
    fn take(
        &mut self,
        publish: &Publish,
        batch: &mut Batch,
    ) -> Result<Option<(Reason, String)>, End> {
        let up = match topic::up(&publish.topic) {
            Some((identity, up)) if identity == &*self.of.identity => up,
            _ => return self.not_its_own(&publish.topic),
        };
        let said = match payload::read(up, &publish.payload, now_ms(), &self.shared.config) {
            Ok(said) => said,
            Err(error) => {
                self.shared.figures.bad_payloads.add(1);
                tracing::debug!(identity = %self.of.identity, topic = publish.topic, %error, "a message says nothing");
                return Ok(Some((Reason::Payload, error.to_string())));
            }
        };
        match said {
            Said::Answer { command, answer } => return self.settle(command, answer),
            Said::Reports(reports) => {
                self.shared.figures.reports.add(reports.len() as u64);
                batch.reports.extend(reports);
            }
        }
        if up == Up::State {
            if publish.retain {
                self.shared.retain(&self.of.identity, &publish.payload);
            }
            batch.states.push(News {
                identity: self.of.identity.clone(),
                is_state: true,
                payload: Bytes::copy_from_slice(&publish.payload),
            });
        }
        Ok(None)
    }

    /// A topic of somebody else. Version 3 has no way to say so.
    fn not_its_own(&self, topic: &str) -> Result<Option<(Reason, String)>, End> {
        self.shared.figures.not_allowed.add(1);
        tracing::warn!(identity = %self.of.identity, topic, "a device may not publish there");
        let why = (Reason::NotAuthorized, "a device publishes below its own up".to_owned());
        match self.of.version {
            Version::V5 => Ok(Some(why)),
            Version::V3 => Err(End::because(why.0, why.1)),
        }
    }

    fn settle(&self, command: u64, answer: Answer) -> Result<Option<(Reason, String)>, End> {
        let outcome = Outcome::Answered(answer);
        match self.shared.gate.settle(&self.of.admission, CommandId(command), outcome) {
            Ok(_) => Ok(None),
            Err(error @ CommandError::NoSuchCommand) => {
                Ok(Some((Reason::TopicInvalid, error.to_string())))
            }
            Err(error) => {
                tracing::error!(command, %error, "a command's answer is not noted");
                Err(End::because(Reason::Unavailable, "the answer cannot be kept: send it again"))
            }
        }
    }

    /// Gives the batch to the gate; what is acknowledged then waits for the receipt.
    pub(super) fn hand_over(&mut self, batch: Batch) -> Result<(), End> {
        let Batch { reports, acknowledgements, again: mut receipts, states } = batch;
        if acknowledgements.is_empty() {
            return Ok(());
        }
        let mut news = self.shared.as_news(&self.of.identity, &reports);
        news.extend(states);
        let mut receipt = None;
        if !reports.is_empty() {
            let accepted = self.shared.gate.accept(&self.of.admission, Channel::Mqtt, reports);
            receipt = Some(Arc::new(accepted.map_err(|error| self.not_accepted(error))?));
        }
        {
            let mut session = self.session.lock();
            for one in &acknowledgements {
                if one.qos == Qos::ExactlyOnce && !one.again && self.is_taken(one) {
                    session.receive(one.packet, receipt.clone());
                }
            }
        }
        receipts.extend(receipt);
        self.unacknowledged += acknowledgements.len();
        self.at_least_once +=
            acknowledgements.iter().filter(|one| one.qos == Qos::AtLeastOnce).count();
        let done = async move {
            let mut durable = Ok(());
            for receipt in receipts {
                durable = receipt.durable().await.map(|_| ());
                if durable.is_err() {
                    break;
                }
            }
            Done { acknowledgements, news, durable }
        };
        self.waiting.push_back(done.boxed());
        Ok(())
    }

    /// Whether a message of exactly once waits for its release: in version 3 also one that says nothing, because that
    /// cannot be told.
    fn is_taken(&self, one: &Acknowledgement) -> bool {
        one.refused.is_none() || self.of.version == Version::V3
    }

    fn not_accepted(&self, error: NotAccepted) -> End {
        self.shared.figures.cut.add(1);
        let reason = match error {
            NotAccepted::Revoked => Reason::Administrative,
            NotAccepted::Invalid(_) => Reason::Payload,
            NotAccepted::Unwritten(_) => Reason::Busy,
        };
        End::because(reason, error.to_string())
    }

    /// Acknowledges what is on disk.
    pub(super) fn acknowledge(&mut self, done: Done) -> Result<(), End> {
        let Done { acknowledgements, news, durable } = done;
        self.unacknowledged -= acknowledgements.len();
        for one in acknowledgements {
            self.at_least_once -= usize::from(one.qos == Qos::AtLeastOnce);
            if durable.is_err() && one.qos == Qos::ExactlyOnce && !one.again {
                self.session.lock().release(one.packet);
            }
            if durable.is_ok() && one.qos != Qos::AtMostOnce {
                let Acknowledgement { qos, packet, refused, .. } = one;
                self.say(Outbound::Taken { packet, qos, refused })?;
            }
        }
        durable.map_err(|error| self.not_accepted(error.into()))?;
        self.shared.tell(news);
        Ok(())
    }

    /// Acknowledges what was taken before the end.
    pub(super) async fn last_acknowledgements(&mut self) {
        while let Some(done) = self.waiting.next().await {
            if self.acknowledge(done).is_err() {
                return;
            }
        }
    }
}
