//! Requests as bytes, written into buffers that stay.

use std::io::Write;

use super::{Command, Step};
use crate::city::Location;

/// Writes requests with keys that no other run has.
#[derive(Debug)]
pub(super) struct Writer {
    run: String,
    quotes: u64,
}

/// Writes formatted bytes. A vector takes all that memory holds, and fails by no error.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {
        let _ = write!($out, $($text)*);
    };
}

fn begin(id: u64, method: &str, out: &mut Vec<u8>) {
    put!(out, r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":"#);
}

impl Writer {
    pub(super) fn new(run: &str) -> Self {
        Self { run: run.to_owned(), quotes: 0 }
    }

    pub(super) fn report(id: u64, at: Location, now_ms: u64, out: &mut Vec<u8>) {
        begin(id, "driver_report", out);
        let Location { latitude, longitude } = at;
        put!(
            out,
            r#"{{"positions":[{{"latitude":{latitude:.6},"longitude":{longitude:.6},"at_ms":{now_ms},"speed":7.8}}]}}}}"#
        );
    }

    pub(super) fn state(id: u64, out: &mut Vec<u8>) {
        begin(id, "driver_state", out);
        out.extend_from_slice(b"{}}");
    }

    pub(super) fn inbox(id: u64, out: &mut Vec<u8>) {
        begin(id, "inbox_list", out);
        out.extend_from_slice(b"{}}");
    }

    pub(super) fn read(id: u64, track: bool, order: u64, out: &mut Vec<u8>) {
        begin(id, if track { "rider_track" } else { "rider_order" }, out);
        put!(out, r#"{{"order":"{order}"}}}}"#);
    }

    pub(super) fn quote(
        &mut self,
        id: u64,
        from: Location,
        to: Location,
        class: &str,
        out: &mut Vec<u8>,
    ) {
        self.quotes += 1;
        begin(id, "rider_quote", out);
        put!(
            out,
            r#"{{"idempotency_key":"{}-q{}","origin":{{"latitude":{:.6},"longitude":{:.6},"name":"from"}},"destination":{{"latitude":{:.6},"longitude":{:.6},"name":"to"}},"class":"{class}"}}}}"#,
            self.run,
            self.quotes,
            from.latitude,
            from.longitude,
            to.latitude,
            to.longitude
        );
    }

    /// The key of a command follows from what it does: sent again, it is the same one.
    pub(super) fn command(&self, id: u64, command: &Command, out: &mut Vec<u8>) {
        let (order, run) = (command.order, &self.run);
        let (method, letter) = match command.step {
            Step::Place => ("rider_place", 'p'),
            Step::Look => return Self::look(id, "driver_order", order, out),
            Step::LookForCode => return Self::look(id, "rider_order", order, out),
            Step::Accept { .. } => ("driver_accept", 'a'),
            Step::SetOff => ("driver_set_off", 'o'),
            Step::Arrive => ("driver_arrive", 'v'),
            Step::PickUp { .. } => ("driver_pick_up", 'u'),
            Step::Start => ("driver_start", 's'),
            Step::Complete { .. } => ("driver_complete", 'c'),
            Step::Rate => ("rider_rate", 'r'),
        };
        begin(id, method, out);
        put!(out, r#"{{"idempotency_key":"{run}-{letter}{order}"#);
        match &command.step {
            Step::Accept { attempt } => {
                put!(out, r#"-{attempt}","order":"{order}","attempt":{attempt}}}}}"#);
            }
            Step::PickUp { code } => {
                put!(out, r#"","order":"{order}","start_code":"{code}"}}}}"#);
            }
            Step::Complete { distance_m } => {
                put!(out, r#"","order":"{order}","distance_m":{distance_m},"tolls_fen":0}}}}"#);
            }
            Step::Rate => {
                put!(out, r#"","order":"{order}","stars":5}}}}"#);
            }
            _ => {
                put!(out, r#"","order":"{order}"}}}}"#);
            }
        }
    }

    fn look(id: u64, method: &str, order: u64, out: &mut Vec<u8>) {
        begin(id, method, out);
        put!(out, r#"{{"order":"{order}"}}}}"#);
    }
}
