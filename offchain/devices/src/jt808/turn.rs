//! What the frames of one read come to.

use crate::{
    gate::{Admission, Gate, NotAccepted},
    log::Unwritten,
    media::Item,
};
use smartlink_jt808::{
    messages::{GeneralReply, MediaReply},
    reply, subpackage, Header, Message,
};
use smartlink_records::{Attachment, Channel, Report};
use std::time::Duration;

use super::Jt808Figures;

/// For how long a connection is not read when the log takes nothing.
const OVERLOADED: Duration = Duration::from_secs(1);
/// The message of an upload, and the kind of the attachment that refers to it: its number in eight bytes, most
/// significant first.
pub(super) const MEDIA: u16 = 0x0801;

/// Filled by the frames of one read, and settled together: one group of records, one write to the socket.
#[derive(Default)]
pub(super) struct Turn {
    /// What goes into the log.
    pub(super) reports: Vec<Report>,
    /// What is acknowledged when the log has it.
    owed: Vec<Owed>,
    /// Uploads.
    uploads: Vec<Upload>,
    /// What is sent in any case.
    pub(super) out: Vec<u8>,
    /// The connection ends after this.
    pub(super) close: bool,
}

/// A general reply that waits for the disk.
struct Owed {
    to: Header,
    /// The reply's own serial.
    serial: u16,
}

/// An upload that is to be kept.
pub(super) struct Upload {
    pub(super) to: Header,
    /// The reply's own serial.
    pub(super) serial: u16,
    pub(super) item: Item,
    /// Where it was taken, without attachment.
    pub(super) report: Report,
    pub(super) content: Vec<u8>,
}

/// What is left to do.
pub(super) struct Settled {
    /// To be sent.
    pub(super) out: Vec<u8>,
    /// The connection ends after that.
    pub(super) close: bool,
    /// The connection is not read for so long.
    pub(super) pause: Option<Duration>,
}

impl Turn {
    /// Owes a general reply.
    pub(super) fn owe(&mut self, to: &Header, serial: u16) {
        self.owed.push(Owed { to: *to, serial });
    }

    /// Keeps an upload when the turn is settled.
    pub(super) fn upload(&mut self, upload: Upload) {
        self.uploads.push(upload);
    }

    /// Whether there is nothing to wait for.
    pub(super) fn is_settled(&self) -> bool {
        self.owed.is_empty() && self.uploads.is_empty() && self.reports.is_empty()
    }

    /// Waits until the disk has everything, and writes what is owed.
    pub(super) async fn settle(
        mut self,
        gate: &Gate,
        admission: Option<&Admission>,
        figures: &Jt808Figures,
    ) -> Settled {
        let Some(admission) = admission.filter(|_| !self.is_settled()) else {
            return Settled { out: self.out, close: self.close, pause: None };
        };
        for upload in std::mem::take(&mut self.uploads) {
            self.keep(gate, upload, figures).await;
        }
        let count = self.reports.len() as u64;
        let outcome =
            match gate.accept(admission, Channel::Jt808, std::mem::take(&mut self.reports)) {
                Ok(receipt) => receipt.durable().await.map_err(NotAccepted::Unwritten),
                Err(refused) => Err(refused),
            };
        let mut pause = None;
        match outcome {
            Ok(_) => {
                figures.acknowledged.add(count);
                for owed in &self.owed {
                    reply::general(&owed.to, owed.serial, GeneralReply::SUCCESS, &mut self.out);
                }
                for kept in &self.uploads {
                    let reply = Message::MediaReply(MediaReply {
                        id: kept.item.number,
                        missing: Vec::new(),
                    });
                    let to = kept.to.reply(reply.id(), kept.serial);
                    // A number and no list fit into a frame.
                    let _ = subpackage::encode(&to, &reply, &mut self.out);
                }
            }
            Err(refused) => {
                figures.unacknowledged.add(count);
                tracing::debug!(terminal = admission.terminal().0, %refused, "records are not acknowledged");
                // Without an answer the terminal keeps what it sent, and sends it again.
                match refused {
                    NotAccepted::Unwritten(Unwritten::Overloaded | Unwritten::Full) => {
                        pause = Some(OVERLOADED)
                    }
                    _ => self.close = true,
                }
            }
        }
        Settled { out: self.out, close: self.close, pause }
    }

    /// Keeps an upload, and adds the report that refers to it.
    async fn keep(&mut self, gate: &Gate, mut upload: Upload, figures: &Jt808Figures) {
        let media = gate.media().clone();
        let (item, content) = (upload.item.clone(), std::mem::take(&mut upload.content));
        let kept = tokio::task::spawn_blocking(move || media.keep(item, &content)).await;
        match kept {
            Ok(Ok(item)) => {
                figures.media.add(1);
                let bytes = item.id.to_be_bytes().to_vec();
                self.reports.push(Report {
                    attachment: Some(Attachment { kind: MEDIA, bytes }),
                    ..upload.report.clone()
                });
                upload.item = item;
                self.uploads.push(upload);
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "an upload was refused");
                reply::general(&upload.to, upload.serial, GeneralReply::FAILURE, &mut self.out);
            }
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
}
