use super::*;
use proptest::prelude::*;
use smartlink_records::{Position, Quantity};

const MOST: usize = 10;

#[test]
fn a_van_reports_what_it_measured() {
    let text = br#"{
        "time": "2026-11-23T16:00:00.250+08:00",
        "position": {"latitude": 31.230416, "longitude": 121.473701, "altitude": 12, "speed": 54.3, "heading": 359.7},
        "flags": ["ignition", "fixed"],
        "alarms": ["overspeed"],
        "readings": {"tyre_pressure.2": 240000, "fuel": 41200},
        "attachment": {"kind": 2304, "bytes": "AAEC"}
    }"#;
    let reports = one_or_many(text, MOST).unwrap();
    assert_eq!(
        reports,
        [Report {
            time_ms: 1_795_420_800_250,
            position: Some(Position {
                latitude: 31_230_416,
                longitude: 121_473_701,
                altitude: 12,
                speed: 543,
                heading: 0,
            }),
            flags: Flags::IGNITION | Flags::FIXED,
            alarms: Alarms::OVERSPEED,
            readings: vec![
                Reading::of(Quantity::Fuel, 41_200),
                Reading { quantity: Quantity::TyrePressure, instance: 2, value: 240_000 },
            ],
            attachment: Some(Attachment { kind: 0x0900, bytes: vec![0, 1, 2] }),
        }]
    );
}

#[test]
fn an_error_names_the_field_and_the_report() {
    let wrong = |text: &str| batch(text.as_bytes(), 2).unwrap_err().to_string();
    for (text, named) in [
        (r#"[{"time":1795420800},{"time":1}]"#, "report 1: `time`"),
        (r#"[{"time":1795420800,"positon":{}}]"#, "`positon`"),
        (r#"[{"time":1795420800,"position":{"latitude":91,"longitude":0}}]"#, "latitude"),
        (r#"[{"time":1795420800,"position":{"latitude":"31","longitude":0}}]"#, "`position`"),
        (r#"[{"time":1795420800,"position":{"latitude":31}}]"#, "`longitude`"),
        (r#"[{"time":1795420800,"flags":["igniton"]}]"#, "\"igniton\""),
        (r#"[{"time":1795420800,"readings":{"full":1}}]"#, "\"full\""),
        (r#"[{"time":1795420800,"readings":{"fuel":1.5}}]"#, "in ml"),
        (r#"[{"time":1795420800,"readings":{"fuel":1,"fuel.0":2}}]"#, "twice"),
        (r#"[{"time":1795420800,"attachment":{"kind":1,"bytes":"%"}}]"#, "`attachment.bytes`"),
        (r#"[{"time":1795420800},{"time":1795420800},{"time":1795420800}]"#, "more than 2"),
        (r#"{"report":[]}"#, "`report`"),
        (r#"{"reports":[{"time":1795420800}],"more":1}"#, "`more`"),
        ("[]", "no report"),
        (r#"[{"time":1795420800}] x"#, "line 1"),
        ("", "line 1"),
    ] {
        let sentence = wrong(text);
        assert!(sentence.contains(named), "{text} says: {sentence}");
    }
}

#[test]
fn a_wrapper_and_a_list_are_the_same_batch() {
    let list = r#"[{"time":1795420800},{"time":1795420801000}]"#;
    let plain = batch(list.as_bytes(), MOST).unwrap();
    assert_eq!(plain, batch(format!(r#"{{"reports":{list}}}"#).as_bytes(), MOST).unwrap());
    assert_eq!(plain, one_or_many(list.as_bytes(), MOST).unwrap());
}

fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let one = (0..Quantity::ALL.len(), any::<u8>(), any::<i64>())
        .prop_map(|(at, instance, value)| Reading { quantity: Quantity::ALL[at], instance, value });
    prop::collection::vec(one, 0..12)
}

fn reports() -> impl Strategy<Value = Report> {
    let position = (
        -90_000_000..=90_000_000_i32,
        -180_000_000..=180_000_000_i32,
        any::<i16>(),
        0..=smartlink_records::MAX_SPEED,
        0..360_u16,
    )
        .prop_map(|(latitude, longitude, altitude, speed, heading)| Position {
            latitude,
            longitude,
            altitude,
            speed,
            heading,
        });
    let attachment = (any::<u16>(), prop::collection::vec(any::<u8>(), 0..40))
        .prop_map(|(kind, bytes)| Attachment { kind, bytes });
    (
        moment::FIRST_MS..moment::END_MS,
        prop::option::of(position),
        0..(1_u32 << Flags::NAMED.len()),
        any::<u32>(),
        readings(),
        prop::option::of(attachment),
    )
        .prop_map(|(time_ms, position, flags, alarms, readings, attachment)| Report {
            time_ms,
            position,
            flags: Flags(flags),
            alarms: Alarms(alarms),
            readings,
            attachment,
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(reports in prop::collection::vec(reports(), 1..4)) {
        let list: Vec<_> = reports.iter().map(to_json).collect();
        let text = format!("[{}]", list.join(","));
        prop_assert_eq!(&batch(text.as_bytes(), MOST).unwrap(), &reports);
        prop_assert_eq!(one_or_many(list[0].as_bytes(), MOST).unwrap(), &reports[..1]);
    }
}

#[test]
fn hostile_json_is_refused_or_written_again() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = batch(bytes, MOST);
        if let Ok(reports) = one_or_many(bytes, MOST) {
            for report in reports {
                assert_eq!(one_or_many(to_json(&report).as_bytes(), 1).unwrap(), [report]);
            }
        }
    });
}
