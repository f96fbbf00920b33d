//! Vehicles that report where they are.

use smartlink_records::{
    Alarms, Attachment, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};

/// When the stories begin: 2026-06-01 00:00 UTC.
pub const BEGIN_MS: u64 = 1_780_272_000_000;

/// The report of a vehicle of a second: every number is another, so that a row that was mixed up is seen.
pub fn report(vehicle: u32, second: u64, received_ms: u64) -> Record {
    let time_ms = BEGIN_MS + second * 1_000;
    let step = i32::try_from(second % 100_000).expect("below a hundred thousand");
    let position = Position {
        latitude: 22_500_000 + step * 90,
        longitude: 113_900_000 + i32::try_from(vehicle % 10_000).expect("below ten thousand") * 7,
        altitude: i16::try_from(vehicle % 300).expect("below three hundred"),
        speed: 360,
        heading: 0,
    };
    let odometer = i64::try_from(second * 10).expect("metres of a day");
    let mut readings = vec![
        Reading::of(Quantity::Odometer, odometer),
        Reading::of(Quantity::FuelLevel, 700),
        Reading::of(Quantity::Satellites, 11),
    ];
    if second.is_multiple_of(7) {
        readings.push(Reading { quantity: Quantity::TyrePressure, instance: 3, value: -1 });
    }
    let attachment = (second % 50 == 49)
        .then(|| Attachment { kind: 0x0900, bytes: vec![0, 255, vehicle as u8, second as u8] });
    Record {
        sequence: 0,
        terminal: TerminalId(u64::from(vehicle) + 1_000),
        vehicle,
        received_ms,
        channel: Channel::Jt808,
        report: Report {
            time_ms,
            position: (second % 31 != 30).then_some(position),
            flags: Flags::IGNITION | Flags::FIXED,
            alarms: Alarms::NONE,
            readings,
            attachment,
        },
    }
}

/// Reports of vehicles 1 to `vehicles` of one second, which come now.
pub fn second(vehicles: u32, second: u64) -> Vec<Record> {
    let now_ms = smartlink_devices::clock::now_ms();
    (1..=vehicles).map(|vehicle| report(vehicle, second, now_ms)).collect()
}
