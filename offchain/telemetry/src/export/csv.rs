//! CSV by our own hand, for coordinates that ClickHouse does not have.

use super::{degrees, instant::iso8601, Fix, Writer};
use std::fmt::Write;

/// The names of the columns, as ClickHouse's own CSV has them.
pub(super) const NAMES: &str =
    "sequence,vehicle,terminal,time,latitude,longitude,altitude_m,speed_kmh,heading,flags,alarms";

pub(super) struct Csv;

impl Writer for Csv {
    fn begin(&mut self, out: &mut String) {
        out.push_str(NAMES);
        out.push_str("\r\n");
    }

    fn fix(&mut self, fix: &Fix, out: &mut String) {
        let Fix { sequence, vehicle, terminal, altitude, heading, .. } = fix;
        let time = iso8601(fix.time_ms);
        let (latitude, longitude) = (degrees(fix.latitude), degrees(fix.longitude));
        let (kmh, tenth) = (fix.speed / 10, fix.speed % 10);
        // Names have neither commas nor quotes. Writing to a string does not fail.
        let _ = write!(
            out,
            "{sequence},{vehicle},{terminal},{time},{latitude},{longitude},{altitude},{kmh}.{tenth},{heading},"
        );
        join(out, fix.flags());
        out.push(',');
        join(out, fix.alarms());
        out.push_str("\r\n");
    }

    fn end(&mut self, _: &mut String) {}
}

/// Names with a space between them.
fn join(out: &mut String, names: impl Iterator<Item = &'static str>) {
    for (at, name) in names.enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.push_str(name);
    }
}
