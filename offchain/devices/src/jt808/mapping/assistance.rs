//! What driver assistance warns of (items 0x64 to 0x67), as flags and readings. The items themselves are kept as well.

use smartlink_jt808::location::assistance::{Cause, RoadWarning, Warning};
use smartlink_records::{Flags, Quantity, Reading, Report};

/// What a warning of driver assistance says besides its bytes, which are kept.
pub(super) fn warned(of: &Warning, report: &mut Report) {
    /// It is over.
    const ENDS: u8 = 2;
    /// What a tyre without a sensor has.
    const UNKNOWN: u16 = u16::MAX;
    if let (Cause::Road(road), 0..ENDS) = (&of.cause, of.state) {
        let flags = match road.kind {
            RoadWarning::COLLISION => Flags::FORWARD_COLLISION,
            RoadWarning::LANE_DEPARTURE => Flags::LANE_DEPARTURE,
            _ => Flags::NONE,
        };
        report.flags = report.flags.with(flags, true);
    }
    let tyres = of.tyres.iter().filter(|tyre| tyre.pressure != UNKNOWN);
    report.readings.extend(tyres.map(|tyre| Reading {
        quantity: Quantity::TyrePressure,
        instance: tyre.tyre,
        value: i64::from(tyre.pressure) * 1_000,
    }));
}

#[cfg(test)]
mod tests {
    use super::{super::Mapping, *};
    use crate::jt808::Jt808Figures;
    use smartlink_jt808::{
        location::{
            assistance::{Mark, Moment, TyreWarning},
            Item, Location, LocationReport,
        },
        BcdTime, Items, Version,
    };

    fn shanghai() -> Location {
        Location {
            latitude: 31_230_416,
            longitude: 121_473_701,
            altitude: 12,
            time: BcdTime([0x26, 0x11, 0x23, 0x12, 0, 0]),
            ..Location::default()
        }
    }

    /// An item of driver assistance, made in Shanghai.
    fn warning(cause: Cause, state: u8, tyres: Vec<TyreWarning>) -> (u8, Vec<u8>) {
        let place = shanghai();
        let moment = Moment {
            speed: 60,
            altitude: place.altitude,
            latitude: place.latitude,
            longitude: place.longitude,
            time: place.time,
            vehicle: 1,
        };
        let mark = Mark {
            terminal: "0000042".into(),
            time: place.time,
            serial: 0,
            attachments: 0,
            reserved: 0,
        };
        let warning = Warning { id: 1, state, cause, moment, mark, tyres };
        (warning.number(), warning.to_bytes(Version::V2013).unwrap())
    }

    #[test]
    fn driver_assistance_warns_in_flags_and_tyres_and_is_kept() {
        let lane = |state| {
            Cause::Road(RoadWarning {
                kind: RoadWarning::LANE_DEPARTURE,
                level: 1,
                speed_ahead: 0,
                distance_ahead: 0,
                side: state,
                sign: 0,
                sign_value: 0,
            })
        };
        let tyre =
            |tyre, pressure| TyreWarning { tyre, kinds: 4, pressure, temperature: 40, battery: 80 };
        let report_of = |(id, bytes): (u8, Vec<u8>)| {
            let items = Items::default().with(&Item::Other { id, bytes: &bytes }).unwrap();
            let figures = Jt808Figures::default();
            let mapping = Mapping { now_ms: 7, tyre_unit_pa: 1_000, figures: &figures };
            (mapping.report(&LocationReport { location: shanghai(), items }), bytes)
        };
        let (begins, bytes) = report_of(warning(lane(1), 1, Vec::new()));
        assert!(begins.flags.has(Flags::LANE_DEPARTURE));
        let kept = begins.attachment.unwrap().bytes;
        assert_eq!((&kept[..2], &kept[2..]), (&[0x64, 47][..], &bytes[..]));
        let (ends, _) = report_of(warning(lane(2), 2, Vec::new()));
        assert!(!ends.flags.has(Flags::LANE_DEPARTURE));

        let tyres = vec![tyre(2, 181), tyre(3, u16::MAX)];
        let (low, _) = report_of(warning(Cause::Tyres, 1, tyres));
        let reading = Reading { quantity: Quantity::TyrePressure, instance: 2, value: 181_000 };
        assert_eq!(low.readings, [reading]);
        assert_eq!(low.attachment.unwrap().bytes.len(), 2 + 41 + 2 * 9);
    }
}
