//! Payloads to reports.

use smartlink_records::{Attachment, Report, MAX_ATTACHMENT};
use thiserror::Error;

use super::{config::MqttConfig, obd, topic::Up};
use crate::{
    commands::Answer,
    http::{inflate::inflated, report_json, FormError},
};

/// The kind of attachment that an event is which is no report.
pub const EVENT: u16 = 1;

/// The kind of attachment that a state is.
pub const STATE: u16 = 2;

/// The kind of attachment that answers of SAE J1979 are which are not understood.
pub const OBD: u16 = 3;

/// The longest state.
pub(crate) const MAX_STATE: usize = 1_024;

/// What a message says.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    /// These reports.
    Reports(Vec<Report>),
    /// How a command ended.
    Answer { command: u64, answer: Answer },
}

/// Why a message says nothing.
#[derive(Debug, PartialEq, Error)]
pub(crate) enum NotSaid {
    /// It is not in a documented form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// An event or a state that is too long.
    #[error("it has {length} bytes, more than {most}")]
    Long {
        /// Its length.
        length: usize,
        /// The most.
        most: usize,
    },
    /// An answer in another form.
    #[error("an answer is {{\"done\": true, \"content\": ...}}: {0}")]
    Answer(String),
    /// Nothing of SAE J1979.
    #[error(transparent)]
    Obd(#[from] obd::NotObd),
}

/// Reads a payload of one topic. `received_ms` is the time of what has none of its own.
pub(crate) fn read(
    up: Up,
    payload: &[u8],
    received_ms: u64,
    config: &MqttConfig,
) -> Result<Said, NotSaid> {
    let size = |bytes: u32| usize::try_from(bytes).unwrap_or(usize::MAX);
    let most = size(config.reports);
    let reports = match up {
        Up::Report => report_json::one_or_many(payload, most)?,
        Up::Batch => {
            report_json::one_or_many(&inflated(payload, size(config.inflated_bytes))?, most)?
        }
        Up::Obd => vec![obd::read(payload, received_ms)?],
        Up::Event => match report_json::one_or_many(payload, most) {
            Ok(reports) => reports,
            Err(_) => vec![kept(EVENT, payload, MAX_ATTACHMENT, received_ms)?],
        },
        Up::State => vec![kept(STATE, payload, MAX_STATE, received_ms)?],
        Up::Answer(command) => {
            let answer = serde_json::from_slice(payload)
                .map_err(|error| NotSaid::Answer(error.to_string()))?;
            return Ok(Said::Answer { command, answer });
        }
    };
    Ok(Said::Reports(reports))
}

fn kept(kind: u16, payload: &[u8], most: usize, time_ms: u64) -> Result<Report, NotSaid> {
    if payload.len() > most {
        return Err(NotSaid::Long { length: payload.len(), most });
    }
    let attachment = Attachment { kind, bytes: payload.to_vec() };
    Ok(Report { time_ms, attachment: Some(attachment), ..Report::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_payloads_of_every_topic_stay_within_the_bounds() {
        let config = MqttConfig::default();
        let topics = [Up::Report, Up::Batch, Up::Obd, Up::Event, Up::State, Up::Answer(7)];
        bolero::check!().for_each(|bytes: &[u8]| {
            let [topic, payload @ ..] = bytes else { return };
            let up = topics[usize::from(*topic) % topics.len()];
            match read(up, payload, 1, &config) {
                Ok(Said::Reports(reports)) => {
                    assert!((1..=1_000).contains(&reports.len()));
                    for report in reports {
                        let attached = report.attachment.map_or(0, |attached| attached.bytes.len());
                        assert!(attached <= MAX_ATTACHMENT);
                        assert!(report.position.is_none_or(|position| position.check().is_ok()));
                    }
                }
                Ok(Said::Answer { command, .. }) => assert_eq!(up, Up::Answer(command)),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        });
    }
}
