//! What a position of JT/T 808 is as a report.
//!
//! | JT/T 808 | Report |
//! | --- | --- |
//! | alarm word | alarms, bit by bit |
//! | status 0 ACC, 1 fix, 4 out of operation, 6, 7 warnings of 2019 | flags |
//! | status 8, 9 load | loaded when either is set, full when both |
//! | status 10, 11, 12 fuel line, circuit, locked | flags |
//! | status 13 to 17 doors | door open, and a reading of each open door, instance 0 is the front door |
//! | 0x01 mileage 0.1 km | odometer, m |
//! | 0x02 fuel 0.1 l | fuel, ml |
//! | 0x03 recorder's speed | vehicle speed |
//! | 0x04 alarm that a person confirms | alarm event |
//! | 0x05 tyres | tyre pressure by wheel; the unit is a setting |
//! | 0x06 compartment, °C | temperature, 0.1 °C |
//! | 0x11, 0x12, 0x13 | overspeed area, area crossing, route time |
//! | 0x25 vehicle signals, 0x2a inputs, 0x2b analogue inputs | the same; AD0 is instance 0 |
//! | 0x30 network, 0x31 satellites | signal, satellites |
//! | 0x64 driver assistance: collision, lane departure | the flags of 2019 that say the same, until it ends |
//! | 0x66 driver assistance: tyres, kPa | tyre pressure by wheel, Pa |
//! | all others, those of video, of driver assistance and makers' own | attachment 0x0200, as number, length, value |
//!
//! A position without a fix, or with coordinates that cannot be, is a report without position. A heading of 360 is 0; a
//! speed that no vehicle has is 0.

mod assistance;

use super::Jt808Figures;
use smartlink_jt808::{
    location::{assistance::Warning, status, Item, Location, LocationReport},
    Items,
};
use smartlink_records::{
    Alarms, Attachment, Flags, Position, Quantity, Reading, Report, MAX_ATTACHMENT, MAX_READINGS,
    MAX_SPEED,
};

/// The message of a position, which is also the kind of the attachment of its unknown items.
pub(super) const LOCATION: u16 = 0x0200;

/// What a report is made with.
#[derive(Clone, Copy)]
pub(super) struct Mapping<'a> {
    /// When it came, for a position without a time.
    pub(super) now_ms: u64,
    /// What a tyre's pressure counts, in Pa.
    pub(super) tyre_unit_pa: u32,
    pub(super) figures: &'a Jt808Figures,
}

impl Mapping<'_> {
    /// A position with its items.
    pub(super) fn report(self, of: &LocationReport<'_>) -> Report {
        let mut report = self.location(&of.location);
        self.items(&of.items, &mut report);
        report
    }

    /// A position alone.
    pub(super) fn location(self, location: &Location) -> Report {
        let time_ms = location.time.millis().unwrap_or_else(|_| {
            self.figures.timeless.add(1);
            self.now_ms
        });
        let position = position(location);
        if position.is_none() {
            self.figures.placeless.add(1);
        }
        let mut report = Report {
            time_ms,
            position,
            flags: flags(location).with(Flags::FIXED, position.is_some()),
            alarms: Alarms(location.alarms),
            ..Report::default()
        };
        for door in 0..5u8 {
            if location.is(status::FRONT_DOOR << door) {
                report.readings.push(Reading {
                    quantity: Quantity::Door,
                    instance: door,
                    value: 1,
                });
            }
        }
        report
    }

    fn items(self, items: &Items<'_>, report: &mut Report) {
        if items.as_bytes().is_empty() {
            return;
        }
        // An item has three bytes at least, most have four or more.
        report.readings.reserve((items.as_bytes().len() / 4).min(MAX_READINGS));
        let mut others = Vec::new();
        for item in items.iter() {
            if let Some(warning) = Warning::of(&item) {
                assistance::warned(&warning, report);
            }
            if report.readings.len() >= MAX_READINGS || !self.item(&item, &mut report.readings) {
                keep(&item, &mut others);
            }
        }
        report.readings.truncate(MAX_READINGS);
        if !others.is_empty() {
            report.attachment = Some(Attachment { kind: LOCATION, bytes: others });
        }
    }

    /// Adds the readings of an item. False when it has no quantity.
    fn item(self, item: &Item<'_>, readings: &mut Vec<Reading>) -> bool {
        let mut one = |quantity, value: i64| readings.push(Reading::of(quantity, value));
        match *item {
            Item::Mileage(tenths_km) => one(Quantity::Odometer, i64::from(tenths_km) * 100),
            Item::Fuel(tenths_l) => one(Quantity::Fuel, i64::from(tenths_l) * 100),
            Item::RecorderSpeed(speed) => one(Quantity::VehicleSpeed, speed.into()),
            Item::AlarmEvent(number) => one(Quantity::AlarmEvent, number.into()),
            Item::TyrePressures(bytes) => {
                let unit = i64::from(self.tyre_unit_pa);
                readings.extend(Item::tyres(bytes).filter_map(|(wheel, pressure)| {
                    let instance = u8::try_from(wheel).ok()?;
                    Some(Reading {
                        quantity: Quantity::TyrePressure,
                        instance,
                        value: i64::from(pressure) * unit,
                    })
                }));
            }
            Item::CompartmentTemperature(celsius) => {
                one(Quantity::Temperature, i64::from(celsius) * 10)
            }
            Item::Overspeed(area) => {
                one(
                    Quantity::OverspeedArea,
                    i64::from(area.kind.0) | i64::from(area.id.unwrap_or(0)) << 8,
                );
            }
            Item::Crossing(area) => one(
                Quantity::AreaCrossing,
                i64::from(area.kind.0) | i64::from(area.direction) << 8 | i64::from(area.id) << 16,
            ),
            Item::SectionTime(section) => {
                let seconds = i64::from(section.seconds);
                one(Quantity::RouteTime, if section.result == 0 { -seconds } else { seconds });
            }
            Item::VehicleSignals(bits) => one(Quantity::VehicleSignals, bits.into()),
            Item::Inputs(bits) => one(Quantity::Inputs, bits.into()),
            Item::Analogue(first, second) => {
                for (instance, value) in [(0, first), (1, second)] {
                    readings.push(Reading {
                        quantity: Quantity::Analogue,
                        instance,
                        value: value.into(),
                    });
                }
            }
            Item::Signal(signal) => one(Quantity::Signal, signal.into()),
            Item::Satellites(satellites) => one(Quantity::Satellites, satellites.into()),
            Item::VideoAlarms(_)
            | Item::VideoLost(_)
            | Item::VideoCovered(_)
            | Item::StorageFailed(_)
            | Item::AbnormalDriving(..)
            | Item::Other { .. } => return false,
        }
        true
    }
}

/// Keeps an item as it was on the wire, as far as there is room.
fn keep(item: &Item<'_>, others: &mut Vec<u8>) {
    let mut one = Items::default();
    // What was read from the wire fits its length byte again.
    if one.push(item).is_ok() && others.len() + one.as_bytes().len() <= MAX_ATTACHMENT {
        others.extend_from_slice(one.as_bytes());
    }
}

fn position(location: &Location) -> Option<Position> {
    if !location.is(status::FIXED) || location.is(status::ENCRYPTED) {
        return None;
    }
    let position = Position {
        latitude: location.latitude,
        longitude: location.longitude,
        altitude: location.altitude,
        speed: if location.speed > MAX_SPEED { 0 } else { location.speed },
        heading: location.heading % 360,
    };
    position.check().is_ok().then_some(position)
}

fn flags(location: &Location) -> Flags {
    const SAME: [(u32, Flags); 9] = [
        (status::IGNITION, Flags::IGNITION),
        (status::OUT_OF_OPERATION, Flags::OUT_OF_OPERATION),
        (status::FORWARD_COLLISION, Flags::FORWARD_COLLISION),
        (status::LANE_DEPARTURE, Flags::LANE_DEPARTURE),
        (status::FUEL_CUT, Flags::FUEL_CUT),
        (status::POWER_CUT, Flags::POWER_CUT),
        (status::LOCKED, Flags::LOCKED),
        (status::LOADED, Flags::LOADED),
        (status::FULL, Flags::LOADED),
    ];
    let flags =
        SAME.iter().fold(Flags::NONE, |flags, (bit, flag)| flags.with(*flag, location.is(*bit)));
    flags
        .with(Flags::FULL, location.is(status::LOADED | status::FULL))
        .with(Flags::DOOR_OPEN, location.status & status::ANY_DOOR != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};
    use smartlink_jt808::{
        location::{AreaKind, Crossing, Overspeed, SectionTime},
        BcdTime,
    };
    use smartlink_records::{Channel, Record, TerminalId};

    fn report_of(location: &Location, items: &[Item<'_>]) -> Report {
        let mut sent = Items::default();
        items.iter().for_each(|item| sent.push(item).unwrap());
        let figures = Jt808Figures::default();
        let mapping = Mapping { now_ms: 7, tyre_unit_pa: 1_000, figures: &figures };
        mapping.report(&LocationReport { location: *location, items: sent })
    }

    fn shanghai() -> Location {
        Location {
            alarms: 0b11,
            status: status::IGNITION | status::FIXED | status::LOADED | status::FULL,
            latitude: 31_230_416,
            longitude: 121_473_701,
            altitude: 12,
            speed: 605,
            heading: 360,
            // Noon in Beijing.
            time: BcdTime([0x26, 0x11, 0x23, 0x12, 0, 0]),
        }
    }

    #[test]
    fn a_position_becomes_a_report() {
        let report = report_of(&shanghai(), &[]);
        assert_eq!(report.time_ms, 1_795_406_400_000);
        let position = report.position.unwrap();
        assert_eq!((position.latitude, position.longitude), (31_230_416, 121_473_701));
        assert_eq!((position.altitude, position.speed, position.heading), (12, 605, 0));
        assert_eq!(
            report.flags.names().collect::<Vec<_>>(),
            ["ignition", "fixed", "loaded", "full"]
        );
        assert_eq!(report.alarms.names().collect::<Vec<_>>(), ["emergency", "overspeed"]);
    }

    #[test]
    fn without_a_fix_or_with_a_place_beyond_the_poles_there_is_no_position() {
        let unfixed = Location { status: status::IGNITION, ..shanghai() };
        assert_eq!(
            (report_of(&unfixed, &[]).position, report_of(&unfixed, &[]).flags),
            (None, Flags::IGNITION)
        );
        let beyond = Location { latitude: 91_000_000, ..shanghai() };
        assert_eq!(report_of(&beyond, &[]).position, None);
        let timeless = Location { time: BcdTime([0; 6]), ..shanghai() };
        assert_eq!(report_of(&timeless, &[]).time_ms, 7, "the time of its arrival");
        let racing = Location { speed: u16::MAX, ..shanghai() };
        assert_eq!(report_of(&racing, &[]).position.unwrap().speed, 0);
    }

    #[test]
    fn every_standard_item_has_its_quantity_and_unit() {
        let crossing = Crossing { kind: AreaKind::CIRCLE, id: 9, direction: 1 };
        let items = [
            Item::Mileage(12_345),
            Item::Fuel(415),
            Item::RecorderSpeed(603),
            Item::AlarmEvent(7),
            Item::TyrePressures(&[250, 0xff, 251]),
            Item::CompartmentTemperature(-18),
            Item::Overspeed(Overspeed { kind: AreaKind::POLYGON, id: Some(2) }),
            Item::Crossing(crossing),
            Item::SectionTime(SectionTime { id: 1, seconds: 90, result: 0 }),
            Item::VehicleSignals(0b101),
            Item::Inputs(2),
            Item::Analogue(100, 200),
            Item::Signal(28),
            Item::Satellites(14),
            Item::VideoLost(1),
            Item::Other { id: 0xe1, bytes: b"own" },
        ];
        let open = Location { status: shanghai().status | status::FRONT_DOOR << 1, ..shanghai() };
        let report = report_of(&open, &items);
        let readings: Vec<_> = report
            .readings
            .iter()
            .map(|reading| (reading.quantity.name(), reading.instance, reading.value))
            .collect();
        let expected = [
            ("door", 1, 1),
            ("odometer", 0, 1_234_500),
            ("fuel", 0, 41_500),
            ("vehicle_speed", 0, 603),
            ("alarm_event", 0, 7),
            ("tyre_pressure", 0, 250_000),
            ("tyre_pressure", 2, 251_000),
            ("temperature", 0, -180),
            ("overspeed_area", 0, 3 | 2 << 8),
            ("area_crossing", 0, 1 | 1 << 8 | 9 << 16),
            ("route_time", 0, -90),
            ("vehicle_signals", 0, 5),
            ("inputs", 0, 2),
            ("analogue", 0, 100),
            ("analogue", 1, 200),
            ("signal", 0, 28),
            ("satellites", 0, 14),
        ];
        assert_eq!(readings, expected);
        assert!(report.flags.has(Flags::DOOR_OPEN));
        let kept = Attachment { kind: LOCATION, bytes: b"\x15\x04\0\0\0\x01\xe1\x03own".to_vec() };
        assert_eq!(report.attachment, Some(kept));
    }

    proptest! {
        /// Whatever a terminal sends, the log can give it back.
        #[test]
        fn any_position_is_a_report_that_the_log_can_hold(location: [u8; 28], items in vec(any::<u8>(), 0..3_000)) {
            let figures = Jt808Figures::default();
            let mapping = Mapping { now_ms: 7, tyre_unit_pa: 1, figures: &figures };
            let sent = LocationReport { location: Location::from_bytes(&location), items: Items::from_wire(&items) };
            let report = mapping.report(&sent);
            let record = Record {
                sequence: 1,
                terminal: TerminalId(1),
                vehicle: 0,
                received_ms: 0,
                channel: Channel::Jt808,
                report,
            };
            prop_assert_eq!(Record::decode(1, &record.encode()), Ok(record));
        }
    }
}
