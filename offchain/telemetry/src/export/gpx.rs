//! GPX 1.1: a track for each vehicle, with speed and course as Garmin's TrackPointExtension has them.

use super::{degrees, instant::iso8601, Fix, Writer};
use std::fmt::Write;

/// A longer silence begins a new segment.
const SEGMENT_MS: i64 = 10 * 60_000;

#[derive(Default)]
pub(super) struct Gpx {
    last: Option<(u32, i64)>,
}

impl Writer for Gpx {
    fn begin(&mut self, out: &mut String) {
        out.push_str(concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<gpx version=\"1.1\" creator=\"SmartLinkDrive\" xmlns=\"http://www.topografix.com/GPX/1/1\"",
            " xmlns:tpx=\"http://www.garmin.com/xmlschemas/TrackPointExtension/v2\">\n",
        ));
    }

    fn fix(&mut self, fix: &Fix, out: &mut String) {
        // Writing to a string does not fail.
        match self.last {
            Some((vehicle, _)) if vehicle != fix.vehicle => {
                out.push_str("</trkseg></trk>\n");
                let _ = writeln!(out, "<trk><name>vehicle {}</name><trkseg>", fix.vehicle);
            }
            Some((_, time_ms)) if fix.time_ms.saturating_sub(time_ms) > SEGMENT_MS => {
                out.push_str("</trkseg><trkseg>\n");
            }
            Some(_) => {}
            None => {
                let _ = writeln!(out, "<trk><name>vehicle {}</name><trkseg>", fix.vehicle);
            }
        }
        self.last = Some((fix.vehicle, fix.time_ms));
        let (latitude, longitude) = (degrees(fix.latitude), degrees(fix.longitude));
        let time = iso8601(fix.time_ms);
        // 0.1 km/h are 1/36 m/s.
        let millimetres = u32::from(fix.speed) * 1_000 / 36;
        let _ = writeln!(
            out,
            "<trkpt lat=\"{latitude}\" lon=\"{longitude}\"><ele>{}</ele><time>{time}</time><extensions>\
             <tpx:TrackPointExtension><tpx:speed>{}.{:03}</tpx:speed><tpx:course>{}</tpx:course>\
             </tpx:TrackPointExtension></extensions></trkpt>",
            fix.altitude,
            millimetres / 1_000,
            millimetres % 1_000,
            fix.heading
        );
    }

    fn end(&mut self, out: &mut String) {
        if self.last.is_some() {
            out.push_str("</trkseg></trk>\n");
        }
        out.push_str("</gpx>\n");
    }
}
