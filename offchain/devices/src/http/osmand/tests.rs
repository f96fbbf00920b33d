use super::*;

const NOW: u64 = 1_795_420_800_000;

#[test]
fn osmand_posts_where_a_phone_is() {
    let posted = parameters(
        "id=van+7&lat=31.230416&lon=121.473701&timestamp=1795420800&speed=29.3&bearing=359.8\
         &altitude=11.5&accuracy=4.75&batt=87.5&hdop=0.9&sat=11&ignition=true&alarm=sos,unheard-of\
         &cell=460,0,1,2&cell=460,0,1,3&wifi=a,1&colour=red&key=s3cret",
        1,
    )
    .unwrap();
    assert_eq!(
        posted,
        Posted {
            identity: "van 7".to_owned(),
            key: Some("s3cret".to_owned()),
            report: Report {
                time_ms: NOW,
                position: Some(Position {
                    latitude: 31_230_416,
                    longitude: 121_473_701,
                    altitude: 12,
                    // 29.3 knots are 54.26 km/h.
                    speed: 543,
                    heading: 0,
                }),
                flags: Flags::FIXED | Flags::IGNITION,
                alarms: Alarms::EMERGENCY,
                readings: vec![
                    Reading::of(Quantity::Accuracy, 48),
                    Reading::of(Quantity::Dilution, 90),
                    Reading::of(Quantity::TerminalCharge, 875),
                    Reading::of(Quantity::Satellites, 11),
                ],
                attachment: None,
            },
        }
    );
}

#[test]
fn a_report_without_a_fix_or_a_time_is_one() {
    let posted = parameters("deviceid=1&batt=4", NOW).unwrap();
    assert_eq!(posted.report.position, None);
    assert_eq!(posted.report.time_ms, NOW);
    assert!(posted.report.flags.is_empty());
    let posted = parameters(
        "id=1&location=-1.5,2&valid=0&speed=-1&timestamp=2026-11-23T16:00:00%2B08:00",
        1,
    )
    .unwrap();
    assert_eq!(posted.report.time_ms, NOW);
    assert!(posted.report.flags.is_empty());
    let position = posted.report.position.unwrap();
    assert_eq!((position.latitude, position.longitude, position.speed), (-1_500_000, 2_000_000, 0));
}

#[test]
fn an_error_names_the_parameter() {
    for (text, field) in [
        ("lat=1&lon=2", "`id`"),
        ("id=&lat=1&lon=2", "`id`"),
        ("id=1&deviceid=1", "`id`"),
        ("id=1&id=2", "`id`"),
        ("id=1&lat=1", "`lon`"),
        ("id=1&lon=1", "`lat`"),
        ("id=1&lat=x&lon=2", "`lat`"),
        ("id=1&lat=1&lat=2&lon=2", "`lat`"),
        ("id=1&lat=1&lon=2&location=1,2", "`location`"),
        ("id=1&location=1", "`location`"),
        ("id=1&lat=91&lon=2", "latitude"),
        ("id=1&lat=9e30&lon=2", "`lat`"),
        ("id=1&lat=1&lon=2&speed=900", "speed"),
        ("id=1&lat=1&lon=2&altitude=40000", "`altitude`"),
        ("id=1&lat=1&lon=2&bearing=361", "heading"),
        ("id=1&lat=1&lon=2&valid=maybe", "`valid`"),
        ("id=1&timestamp=yesterday", "`timestamp`"),
        ("id=1&batt=full", "`batt`"),
    ] {
        let sentence = parameters(text, NOW).unwrap_err().to_string();
        assert!(sentence.contains(field), "{text} says: {sentence}");
    }
}

#[test]
fn traccars_client_posts_json() {
    let posted = json(
        br#"{"location":{"timestamp":"2026-11-23T08:00:00.000Z","coords":{"latitude":31.230416,
            "longitude":121.473701,"accuracy":6.2,"speed":15.07,"heading":-1,"altitude":-3.4},
            "is_moving":true,"odometer":5023.7,"event":"motionchange","battery":{"level":0.87,
            "is_charging":false},"activity":{"type":"in_vehicle"},"extras":{},"alarm":"sos"},
            "device_id":"van7"}"#,
    )
    .unwrap();
    assert_eq!(posted.identity, "van7");
    assert_eq!(posted.key, None);
    assert_eq!(
        posted.report,
        Report {
            time_ms: NOW,
            // 15.07 m/s are 54.252 km/h.
            position: Some(Position {
                latitude: 31_230_416,
                longitude: 121_473_701,
                altitude: -3,
                speed: 543,
                heading: 0,
            }),
            flags: Flags::FIXED,
            alarms: Alarms::EMERGENCY,
            readings: vec![
                Reading::of(Quantity::Accuracy, 62),
                Reading::of(Quantity::TerminalCharge, 870),
                Reading::of(Quantity::Odometer, 5024),
            ],
            attachment: None,
        }
    );
    for (text, field) in [
        (r#"{"location":{"timestamp":"2026-11-23T08:00:00Z"}}"#, "`device_id`"),
        (r#"{"device_id":"1"}"#, "`location`"),
        (r#"{"device_id":"1","location":{"timestamp":"now"}}"#, "`location.timestamp`"),
    ] {
        assert!(json(text.as_bytes()).unwrap_err().to_string().contains(field));
    }
}

#[test]
fn hostile_queries_and_json_never_make_an_impossible_position() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for posted in [
            parameters(&text, NOW),
            parameters(&format!("id=1&lat={text}&lon=1"), NOW),
            json(bytes),
        ]
        .into_iter()
        .flatten()
        {
            assert!(!posted.identity.is_empty());
            if let Some(position) = posted.report.position {
                position.check().unwrap();
            }
        }
    });
}
