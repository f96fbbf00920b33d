//! GeoJSON (RFC 7946): a point for each fix.

use super::{degrees, instant::iso8601, Fix, Writer};
use std::fmt::Write;

#[derive(Default)]
pub(super) struct Geojson {
    begun: bool,
}

impl Writer for Geojson {
    fn begin(&mut self, out: &mut String) {
        out.push_str(r#"{"type":"FeatureCollection","features":["#);
    }

    fn fix(&mut self, fix: &Fix, out: &mut String) {
        if std::mem::replace(&mut self.begun, true) {
            out.push(',');
        }
        out.push('\n');
        let Fix { sequence, vehicle, terminal, altitude, heading, .. } = fix;
        let time = iso8601(fix.time_ms);
        let (latitude, longitude) = (degrees(fix.latitude), degrees(fix.longitude));
        let (kmh, tenth) = (fix.speed / 10, fix.speed % 10);
        // Writing to a string does not fail.
        let _ = write!(
            out,
            concat!(
                r#"{{"type":"Feature","id":{},"geometry":{{"type":"Point","coordinates":[{},{},{}]}},"#,
                r#""properties":{{"vehicle":{},"terminal":{},"time":"{}","speed_kmh":{}.{},"heading":{}"#
            ),
            sequence, longitude, latitude, altitude, vehicle, terminal, time, kmh, tenth, heading
        );
        names(out, "flags", fix.flags());
        names(out, "alarms", fix.alarms());
        out.push_str("}}");
    }

    fn end(&mut self, out: &mut String) {
        out.push_str("\n]}\n");
    }
}

/// Names that need no escape.
fn names(out: &mut String, key: &str, names: impl Iterator<Item = &'static str>) {
    let _ = write!(out, r#","{key}":["#);
    for (at, name) in names.enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(out, r#"{comma}"{name}""#);
    }
    out.push(']');
}
