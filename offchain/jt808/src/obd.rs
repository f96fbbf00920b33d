//! OBD-II: what a vehicle's diagnostic bus says (SAE J1979, ISO 15031-5; ISO 15765-2 for CAN).
//!
//! JT/T 808 carries it in two ways, and leaves the rest to the makers:
//!
//! * CAN frames in 0x0705, or in the same 12 bytes each in a transparent message: [`isotp::Assembler`] puts the
//!   responses of the control units (ids 0x7e8 to 0x7ef, or 0x18da'f1xx) together, [`Response::decode`] reads them.
//! * Responses in a transparent message of a maker's own kind (0xf0 to 0xff), one behind the other, each behind its
//!   length in one byte: [`framed_responses`].
//!
//! Values are integers in the units of [`Unit`], rounded to the nearest.

pub mod isotp;
mod pid;
mod trouble;
mod vin;

pub use pid::{length, pids, supported, Unit, Value};
pub use trouble::{TroubleCode, TroubleCodeError};
pub use vin::VinAssembler;

use thiserror::Error;

/// Which trouble codes a control unit reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Service 03: confirmed, with the malfunction lamp.
    Stored,
    /// Service 07: of this or the last driving cycle, not confirmed.
    Pending,
    /// Service 0a: confirmed, and nobody can clear them.
    Permanent,
}

/// One response of a control unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response<'a> {
    /// Service 01: parameters of this moment, see [`values`].
    Current(&'a [u8]),
    /// Service 02: a parameter when a trouble code was stored.
    Freeze {
        /// Which frame, from 0.
        frame: u8,
        /// The parameter's number.
        parameter: u8,
        /// The parameter's data.
        data: &'a [u8],
    },
    /// Services 03, 07, 0a.
    Codes(CodeKind, Vec<TroubleCode>),
    /// Service 04: the codes are cleared.
    Cleared,
    /// Service 09: what the vehicle is.
    Vehicle {
        /// 0x02: VIN, 0x04: calibration, 0x06: its checksum, 0x0a: name of the control unit.
        info: u8,
        /// Behind it.
        data: &'a [u8],
    },
    /// The control unit refuses.
    Refused {
        /// The service asked for.
        service: u8,
        /// Why, ISO 14229-1.
        reason: u8,
    },
    /// Another service.
    Other {
        /// The service, without the bit of a response.
        service: u8,
        /// Behind it.
        data: &'a [u8],
    },
}

/// What is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ResponseError {
    /// Nothing there.
    #[error("a response of {length} bytes is cut: services need more")]
    Short {
        /// What there is.
        length: usize,
    },
    /// A request, or noise.
    #[error("{0:#04x} is no response of a service: those are 0x41 to 0x7f")]
    NotAResponse(u8),
}

impl<'a> Response<'a> {
    /// Reads one: the bytes of an ISO-TP message, or of one line of an adapter without its header.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, ResponseError> {
        let short = ResponseError::Short { length: bytes.len() };
        let (first, data) = bytes.split_first().ok_or(short)?;
        Ok(match (*first, data) {
            (0x41, data) => Self::Current(data),
            (0x42, &[parameter, frame, ref data @ ..]) => Self::Freeze { frame, parameter, data },
            (0x43, data) => Self::Codes(CodeKind::Stored, trouble::codes(data)),
            (0x44, _) => Self::Cleared,
            (0x47, data) => Self::Codes(CodeKind::Pending, trouble::codes(data)),
            (0x49, &[info, ref data @ ..]) => Self::Vehicle { info, data },
            (0x4a, data) => Self::Codes(CodeKind::Permanent, trouble::codes(data)),
            (0x7f, &[service, reason, ..]) => Self::Refused { service, reason },
            (0x42 | 0x49 | 0x7f, _) => return Err(short),
            (service @ 0x40..=0x7e, data) => Self::Other { service: service & 0x3f, data },
            (other, _) => return Err(ResponseError::NotAResponse(other)),
        })
    }

    /// The values of a response of services 01 and 02; none of another.
    pub fn values(&self) -> Vec<Value> {
        match self {
            Self::Current(data) => values(data),
            Self::Freeze { parameter, data, .. } => pid::decode(*parameter, data).collect(),
            _ => Vec::new(),
        }
    }

    /// The VIN of a response of service 09 on CAN, where it is in one piece. Elsewhere it comes in lines:
    /// [`VinAssembler`].
    pub fn vin(&self) -> Option<String> {
        match self {
            // A number of items, then 17 characters, padded in front.
            Self::Vehicle { info: 0x02, data } => vin::text(data.get(1..)?),
            _ => None,
        }
    }
}

/// The values of what is behind the service in a response of service 01: one parameter or, on CAN, up to six,
/// each with its number in front. It ends at the first parameter whose length is not known here, or that is
/// cut.
pub fn values(data: &[u8]) -> Vec<Value> {
    let mut values = Vec::new();
    let mut rest = data;
    while let Some((parameter, behind)) = rest.split_first() {
        let Some((data, next)) =
            length(*parameter).and_then(|length| behind.split_at_checked(length))
        else {
            break;
        };
        values.extend(pid::decode(*parameter, data));
        rest = next;
    }
    values
}

/// The responses of a transparent message: each behind its length in one byte. What is cut is left out.
pub fn framed_responses(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_first()?;
        let (response, next) = behind.split_at_checked(usize::from(*length))?;
        rest = next;
        Some(response)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(bytes: &[u8], pid: u8) -> i64 {
        let values = Response::decode(bytes).unwrap().values();
        values.iter().find(|value| value.pid == pid).map(|value| value.value).unwrap()
    }

    #[test]
    fn a_warm_engine_at_idle() {
        // Coolant 0x7b, engine speed 0x1af8, speed 0, load 0x33, in one response on CAN.
        let response = [0x41, 0x05, 0x7b, 0x0c, 0x1a, 0xf8, 0x0d, 0x00, 0x04, 0x33];
        assert_eq!(value(&response, 0x05), 830);
        assert_eq!(value(&response, 0x0c), 17_260);
        assert_eq!(value(&response, 0x0d), 0);
        assert_eq!(value(&response, 0x04), 200);
    }

    #[test]
    fn codes_of_can_and_of_lines() {
        let text = |bytes: &[u8]| match Response::decode(bytes).unwrap() {
            Response::Codes(_, codes) => codes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(text(&[0x43, 2, 0x01, 0x33, 0xd0, 0x16]), ["P0133", "U1016"]);
        assert_eq!(text(&[0x47, 0x01, 0x43, 0x01, 0x96, 0, 0]), ["P0143", "P0196"]);
        assert!(text(&[0x4a, 0]).is_empty());
    }

    #[test]
    fn a_control_unit_may_refuse() {
        let refused = Response::decode(&[0x7f, 0x01, 0x12]).unwrap();
        assert_eq!(refused, Response::Refused { service: 1, reason: 0x12 });
        assert_eq!(Response::decode(&[]), Err(ResponseError::Short { length: 0 }));
        assert_eq!(Response::decode(&[0x01, 0x0c]), Err(ResponseError::NotAResponse(0x01)));
    }

    #[test]
    fn responses_behind_their_lengths() {
        let message = [2, 0x44, 0, 4, 0x41, 0x0c, 0x1a, 0xf8, 9, 0x41];
        let responses: Vec<_> = framed_responses(&message).collect();
        assert_eq!(responses, [&message[1..3], &message[4..8]]);
    }

    #[test]
    fn responses_of_anybody_never_panic() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(response) = Response::decode(bytes) {
                response.values();
                response.vin();
            }
            framed_responses(bytes).for_each(|response| {
                let _ = Response::decode(response);
            });
        });
    }
}
