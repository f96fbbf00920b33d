//! What real vehicles drove: recorded fixes, read from a CSV file, for terminals that report them once more.
//!
//! The columns are found by their names: a vehicle (`VehicleNum`, `name_id` or `vehicle`), a time (`Time`, `timestamp`; with
//! or without a date), `Lng` or `longitude`, `Lat` or `latitude`, and `Speed` in km/h where there is one. Only the time
//! between fixes counts: a vehicle's last one is reported as of now.

use std::{collections::BTreeMap, path::Path};

use crate::Error;

/// Fixes of a file, at most.
const MOST_FIXES: usize = 1_000_000;
/// Metres in 10⁻⁶ degrees of a meridian.
const METRES_PER_E6: f64 = 0.111_195;

/// A recorded fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Milliseconds before the vehicle's last fix.
    pub ago_ms: u64,
    /// 10⁻⁶ degrees.
    pub latitude: i32,
    /// 10⁻⁶ degrees.
    pub longitude: i32,
    /// 0.1 km/h: as recorded, or the mean since the fix before.
    pub speed: u16,
}

/// What one vehicle drove, in the order of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What the file calls it.
    pub vehicle: String,
    /// Its fixes, one a second at most.
    pub fixes: Vec<Fix>,
}

/// The places of the columns.
struct Columns {
    vehicle: usize,
    time: usize,
    longitude: usize,
    latitude: usize,
    speed: Option<usize>,
}

/// A row as it was read: seconds, latitude, longitude, speed.
type Row = (u64, i32, i32, Option<u16>);

/// Reads what vehicles drove, those with the most fixes first.
///
/// # Errors
/// The file cannot be read, a column is missing, or a row makes no sense: named with its line.
pub fn read(file: &Path) -> Result<Vec<Trace>, Error> {
    let said = |what: String| Error::Asked(format!("{}: {what}", file.display()));
    let mut reader = csv::Reader::from_path(file).map_err(|error| said(error.to_string()))?;
    let names = reader.headers().map_err(|error| said(error.to_string()))?.clone();
    let columns = Columns::find(&names).map_err(said)?;
    let mut vehicles: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (number, record) in reader.into_records().enumerate() {
        if number >= MOST_FIXES {
            return Err(said(format!("more than {MOST_FIXES} fixes: give fewer")));
        }
        let record = record.map_err(|error| said(error.to_string()))?;
        let (vehicle, row) = columns.read(&record).ok_or_else(|| {
            said(format!(
                "line {} is no fix: give vehicle, time, longitude and latitude",
                number + 2
            ))
        })?;
        vehicles.entry(vehicle).or_default().push(row);
    }
    let mut traces: Vec<_> =
        vehicles.into_iter().map(|(vehicle, rows)| Trace { vehicle, fixes: fixes(rows) }).collect();
    traces.sort_by_key(|trace| std::cmp::Reverse(trace.fixes.len()));
    Ok(traces)
}

impl Columns {
    fn find(names: &csv::StringRecord) -> Result<Self, String> {
        let place = |wanted: &[&str]| {
            names
                .iter()
                .position(|name| wanted.iter().any(|one| name.trim().eq_ignore_ascii_case(one)))
        };
        let needed = |wanted: &[&str]| {
            place(wanted).ok_or_else(|| format!("no column {}: name one so", wanted.join(" or ")))
        };
        Ok(Self {
            vehicle: needed(&["VehicleNum", "name_id", "vehicle"])?,
            time: needed(&["Time", "timestamp"])?,
            longitude: needed(&["Lng", "longitude"])?,
            latitude: needed(&["Lat", "latitude"])?,
            speed: place(&["Speed"]),
        })
    }

    fn read(&self, record: &csv::StringRecord) -> Option<(String, Row)> {
        let vehicle = record.get(self.vehicle).filter(|name| !name.is_empty())?;
        let longitude = degrees(record.get(self.longitude)?, 180)?;
        let latitude = degrees(record.get(self.latitude)?, 90)?;
        let speed = match self.speed {
            Some(place) => Some(tenths(record.get(place)?)?),
            None => None,
        };
        Some((vehicle.to_owned(), (seconds(record.get(self.time)?)?, latitude, longitude, speed)))
    }
}

/// 10⁻⁶ degrees of a decimal number.
fn degrees(text: &str, most: i32) -> Option<i32> {
    let degrees: f64 = text.trim().parse().ok()?;
    // At most 180,000,000.
    (degrees.abs() <= f64::from(most)).then(|| (degrees * 1e6).round() as i32)
}

/// 0.1 km/h of km/h.
fn tenths(text: &str) -> Option<u16> {
    let speed: f64 = text.trim().parse().ok()?;
    // At most 5,000.
    (0.0..=500.0).contains(&speed).then(|| (speed * 10.0).round() as u16)
}

/// Seconds of `HH:MM:SS`, after a date `YYYY-MM-DD` where there is one.
fn seconds(text: &str) -> Option<u64> {
    let (date, clock) = match text.trim().split_once([' ', 'T']) {
        Some((date, clock)) => (Some(date), clock),
        None => (None, text.trim()),
    };
    let [hours, minutes, seconds] = numbers(clock, ':')?;
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let days = match date {
        Some(date) => days(numbers(date, '-')?)?,
        None => 0,
    };
    Some(days * 86_400 + hours * 3_600 + minutes * 60 + seconds)
}

fn numbers(text: &str, between: char) -> Option<[u64; 3]> {
    let numbers: Vec<u64> =
        text.split(between).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// Days since 0000-03-01 in the Gregorian calendar.
fn days([year, month, day]: [u64; 3]) -> Option<u64> {
    if year > 9_999 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin with March have their leap day at the end.
    let (year, month) =
        if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1)
}

fn fixes(mut rows: Vec<Row>) -> Vec<Fix> {
    rows.sort_by_key(|row| row.0);
    rows.dedup_by_key(|row| row.0);
    let end = rows.last().map_or(0, |row| row.0);
    let mut before: Option<Row> = None;
    let fix = |row: Row| {
        let speed = row.3.unwrap_or_else(|| before.map_or(0, |before| mean_speed(before, row)));
        before = Some(row);
        Fix { ago_ms: (end - row.0) * 1_000, latitude: row.1, longitude: row.2, speed }
    };
    rows.into_iter().map(fix).collect()
}

/// 0.1 km/h between two fixes of different times.
fn mean_speed(from: Row, to: Row) -> u16 {
    let north = f64::from(to.1) - f64::from(from.1);
    let east = (f64::from(to.2) - f64::from(from.2)) * (f64::from(to.1) / 1e6).to_radians().cos();
    let metres = north.hypot(east) * METRES_PER_E6;
    // Clamped to what the field of a position holds.
    (metres / (to.0 - from.0) as f64 * 36.0).min(5_000.0) as u16
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn of(text: &str) -> Result<Vec<Trace>, Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path())
    }

    #[test]
    fn recorded_fixes_of_both_shapes_are_read_in_the_order_of_times() {
        let day = "VehicleNum,Time,Lng,Lat,OpenStatus,Speed\n\
                   7,00:01:14,117.0917,40.135777,0,36\n7,00:00:14,117.0917,40.135785,0,0\n";
        let traces = of(day).unwrap();
        let fix = |ago_ms, latitude, speed| Fix { ago_ms, latitude, longitude: 117_091_700, speed };
        assert_eq!(traces[0].fixes, [fix(60_000, 40_135_785, 0), fix(0, 40_135_777, 360)]);

        let dated = "longitude,latitude,timestamp,name_id\n\
                     119.0,31.0,2020-02-28 23:59:50,b\n119.0,31.001,2020-02-29 00:00:00,b\n1,2,2020-02-29 00:00:00,a\n";
        let traces = of(dated).unwrap();
        assert_eq!((traces[0].vehicle.as_str(), traces[1].fixes.len()), ("b", 1));
        // 111 m in ten seconds.
        assert_eq!((traces[0].fixes[0].ago_ms, traces[0].fixes[1].speed), (10_000, 400));
    }

    #[test]
    fn what_is_no_fix_is_named() {
        let missing = of("name_id,timestamp,longitude\n").unwrap_err().to_string();
        assert!(missing.contains("Lat or latitude"), "{missing}");
        for wrong in
            ["a,25:00:00,1,1", "a,00:00:00,181,1", "a,2020-13-01 00:00:00,1,1", ",00:00:00,1,1"]
        {
            let text = format!("vehicle,time,lng,lat\na,00:00:00,1,1\n{wrong}\n");
            let error = of(&text).unwrap_err().to_string();
            assert!(error.contains("line 3"), "{wrong}: {error}");
        }
    }
}
