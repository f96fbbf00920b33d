//! What a vehicle's own computers answered, as SAE J1979 has it.
//!
//! The payload is hexadecimal text, an answer a line (`41 0C 1A F8`), or JSON with a time of its own:
//! `{"time": "2026-11-23T08:00:00Z", "answers": ["410C1AF8", "410D28"]}`.

use serde::Deserialize;
use smartlink_records::{Attachment, Report, MAX_READINGS};
use thiserror::Error;

use super::payload::OBD;
use crate::{commands::bytes_of, http::moment, obd::readings};

/// Answers in one message.
const MAX_ANSWERS: usize = 64;

/// Bytes of all answers: more than a vehicle's computers say at once, and what an attachment holds with lengths.
const MAX_BYTES: usize = 32_768;

/// Why a payload holds no answers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum NotObd {
    /// Neither of the two forms.
    #[error("answers of J1979 are pairs of hexadecimal digits, one answer a line, or JSON: {0}")]
    Form(String),
    /// Too much.
    #[error("there are more than {MAX_ANSWERS} answers, {MAX_BYTES} bytes or {MAX_READINGS} readings: send them in parts")]
    TooMuch,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    time: serde_json::Value,
    answers: Vec<String>,
}

/// Reads a payload. The report's time is the payload's own, or that of its arrival. Answers that mean nothing to us are
/// attached, each behind its length in two bytes, most significant first.
pub(crate) fn read(payload: &[u8], received_ms: u64) -> Result<Report, NotObd> {
    let text =
        std::str::from_utf8(payload).map_err(|_| NotObd::Form("it is not text".to_owned()))?;
    let (time_ms, answers) = if text.trim_start().starts_with('{') {
        let form: Form =
            serde_json::from_str(text).map_err(|error| NotObd::Form(error.to_string()))?;
        let time_ms = moment::of_json(&form.time)
            .ok_or_else(|| NotObd::Form("`time` is no time".to_owned()))?;
        (time_ms, form.answers)
    } else {
        // An ELM327 ends what it says with its prompt.
        let lines = text.split(['\r', '\n', ',', '>']).map(str::trim);
        (received_ms, lines.filter(|line| !line.is_empty()).map(str::to_owned).collect())
    };
    if answers.is_empty() {
        return Err(NotObd::Form("there is no answer in it".to_owned()));
    }
    if answers.len() > MAX_ANSWERS {
        return Err(NotObd::TooMuch);
    }
    let mut report = Report { time_ms, ..Report::default() };
    let mut unknown = Vec::new();
    for answer in &answers {
        let bytes = bytes(answer)?;
        let said = readings(&bytes);
        if said.is_empty() {
            // At most as many as the bound below, once it is checked.
            unknown
                .extend_from_slice(&u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
            unknown.extend_from_slice(&bytes);
        }
        report.readings.extend(said);
        if unknown.len() > MAX_BYTES || report.readings.len() > MAX_READINGS {
            return Err(NotObd::TooMuch);
        }
    }
    if !unknown.is_empty() {
        report.attachment = Some(Attachment { kind: OBD, bytes: unknown });
    }
    Ok(report)
}

fn bytes(text: &str) -> Result<Vec<u8>, NotObd> {
    let digits: String = text.chars().filter(|digit| !digit.is_whitespace()).collect();
    match bytes_of(&digits) {
        Some(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => {
            let begin: String = text.chars().take(20).collect();
            Err(NotObd::Form(format!("{begin:?} is not hexadecimal")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_records::{Quantity, Reading};

    #[test]
    fn what_an_adapter_says_becomes_readings() {
        let report = read(b"41 0C 1A F8\r\r41 0D 3C\r\r>", 1_795_420_800_000).unwrap();
        assert_eq!(report.time_ms, 1_795_420_800_000);
        assert_eq!(
            report.readings,
            [Reading::of(Quantity::EngineSpeed, 17_260), Reading::of(Quantity::VehicleSpeed, 600)]
        );
        assert_eq!(report.attachment, None);
    }

    #[test]
    fn what_is_not_known_is_kept_as_it_is() {
        let text = br#"{"time": 1795420800, "answers": ["7F0112", "410D3C"]}"#;
        let report = read(text, 1).unwrap();
        assert_eq!(report.time_ms, 1_795_420_800_000);
        assert_eq!(report.readings, [Reading::of(Quantity::VehicleSpeed, 600)]);
        assert_eq!(report.attachment.unwrap().bytes, [0, 3, 0x7f, 1, 0x12]);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for payload in
            [&b""[..], b"NO DATA", b"410", b"\xff", b"{}", br#"{"time":1,"answers":["41"]}"#]
        {
            assert!(matches!(read(payload, 1), Err(NotObd::Form(_))), "{payload:?}");
        }
        assert_eq!(read("41\n".repeat(65).as_bytes(), 1), Err(NotObd::TooMuch));
        assert_eq!(read("00".repeat(MAX_BYTES + 1).as_bytes(), 1), Err(NotObd::TooMuch));
    }

    #[test]
    fn hostile_payloads_stay_within_the_bounds() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(report) = read(bytes, 1) {
                assert!(report.readings.len() <= MAX_READINGS);
                let attached = report.attachment.map_or(0, |attachment| attachment.bytes.len());
                assert!(attached <= smartlink_records::MAX_ATTACHMENT);
            }
        });
    }
}
