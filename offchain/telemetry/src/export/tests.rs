use super::*;
use smartlink_records::Flags;

fn fix(vehicle: u32, time_ms: i64) -> Fix {
    Fix {
        sequence: 7,
        vehicle,
        terminal: 3,
        time_ms,
        latitude: 22_543_096,
        longitude: -114_057_865,
        altitude: -4,
        speed: 605,
        heading: 271,
        flags: (Flags::IGNITION | Flags::FIXED).0,
        alarms: 1,
    }
}

async fn file(fixes: Vec<Fix>, format: Format) -> String {
    let fixes = futures::stream::iter(fixes.into_iter().map(Ok));
    let mut pieces = written(fixes, format, Datum::Wgs84).unwrap();
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    String::from_utf8(all).unwrap()
}

#[tokio::test]
async fn geojson_is_read_by_a_json_parser_however_long_it_is() {
    let many: Vec<_> = (0..5_000).map(|at| fix(1, at * 1_000)).collect();
    let all: serde_json::Value = serde_json::from_str(&file(many, Format::Geojson).await).unwrap();
    let features = all["features"].as_array().unwrap();
    assert_eq!(features.len(), 5_000);
    let first = &features[0];
    assert_eq!(first["geometry"]["coordinates"], serde_json::json!([-114.057865, 22.543096, -4]));
    assert_eq!(first["properties"]["flags"], serde_json::json!(["ignition", "fixed"]));
    assert_eq!(first["properties"]["speed_kmh"], 60.5);
    let none: serde_json::Value =
        serde_json::from_str(&file(vec![], Format::Geojson).await).unwrap();
    assert_eq!(none["features"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn gpx_has_a_track_for_each_vehicle_and_a_segment_after_each_silence() {
    let fixes = vec![fix(1, 0), fix(1, 1_000), fix(1, 3_600_000), fix(2, 0)];
    let gpx = file(fixes, Format::Gpx).await;
    assert_eq!(gpx.matches("<trk>").count(), 2);
    assert_eq!(gpx.matches("</trk>").count(), 2);
    assert_eq!(gpx.matches("<trkseg>").count(), 3);
    assert_eq!(gpx.matches("</trkseg>").count(), 3);
    assert_eq!(gpx.matches("<trkpt").count(), 4);
    assert!(gpx.contains("lat=\"22.543096\" lon=\"-114.057865\""));
    assert!(gpx.contains("<tpx:speed>16.805</tpx:speed>"));
    assert!(gpx.ends_with("</gpx>\n"));
}

#[tokio::test]
async fn csv_has_a_line_for_each_fix() {
    let text = file(vec![fix(1, 1_500)], Format::Csv).await;
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), super::csv::NAMES.split(',').count());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(&row[3], "1970-01-01T00:00:01.500Z");
    assert_eq!(&row[5], "-114.057865");
    assert_eq!(&row[9], "ignition fixed");
}

#[tokio::test]
async fn a_broken_source_breaks_the_file_and_does_not_end_it() {
    let fixes = futures::stream::iter([Ok(fix(1, 0)), Err(QueryError::Stopped)]);
    let pieces: Vec<_> = written(fixes, Format::Gpx, Datum::Wgs84).unwrap().collect().await;
    assert!(pieces.last().unwrap().is_err());
}

#[test]
fn times_are_those_of_the_calendar() {
    let cases = [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_795_420_799_999, "2026-11-23T07:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (i64::MAX, "9999-12-31T23:59:59.999Z"),
        (i64::MIN, "0000-01-01T00:00:00.000Z"),
    ];
    for (time_ms, text) in cases {
        assert_eq!(iso8601(time_ms), text);
    }
}
