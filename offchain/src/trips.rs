//! Reads taxi trips from a CSV file, exactly: a decimal never becomes a float.
//!
//! The columns are found by their names: `pickup`, `dropoff`, `passengers`, `distance` (miles),
//! `fare`, `tip`, `tolls`, `total` (dollars), `color`, `payment`; others may follow. Two adaptations
//! make them rides of the chain, both one to one so that sums can be compared with the file's own:
//!
//! * the clock times of New York are taken as UTC, because the file does not say on which side of a
//!   change of summer time a trip lies; the tariff's `utc_offset_minutes` is 0, so its windows are in
//!   local time all the same;
//! * a dollar is taken as one unit of the settlement currency, a cent as a fen.

use std::{io, path::Path};

use csv::StringRecord;
use smartlink_primitives::{ride::RideKind, CompanyId, Money};

use crate::{day::Trip, Error};

/// A mile in millimetres: 1609.344 m.
const MILE_MM: u128 = 1_609_344;
/// The longest trip that is believed.
const MAX_DURATION_S: u64 = 24 * 3600;
/// The farthest trip that is believed.
const MAX_DISTANCE_M: u32 = 500_000;

/// What is wrong with a file of trips.
#[derive(Debug, thiserror::Error)]
pub enum TripsError {
    /// It cannot be read at all.
    #[error("it cannot be read: {0}")]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("line 1: there is no column '{0}': the first line must name the columns")]
    Column(&'static str),
    /// There is no trip in it.
    #[error("there are no trips in it")]
    Empty,
    /// A value is wrong.
    #[error("line {line}, column '{column}': '{value}' {problem}")]
    Value {
        /// The line, from 1.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What is wrong with it, and what belongs there.
        problem: &'static str,
    },
}

/// Where the columns are.
struct Columns {
    pickup: usize,
    dropoff: usize,
    distance: usize,
    fare: usize,
    tolls: usize,
    color: usize,
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, TripsError> {
        let place = |name: &'static str| {
            header.iter().position(|cell| cell.trim() == name).ok_or(TripsError::Column(name))
        };
        // Not used, but a file without them is another file.
        for name in ["passengers", "tip", "total", "payment"] {
            place(name)?;
        }
        Ok(Self {
            pickup: place("pickup")?,
            dropoff: place("dropoff")?,
            distance: place("distance")?,
            fare: place("fare")?,
            tolls: place("tolls")?,
            color: place("color")?,
        })
    }
}

/// One line of the file.
struct Row<'a> {
    record: &'a StringRecord,
    line: u64,
}

impl<'a> Row<'a> {
    fn cell(&self, place: usize) -> &'a str {
        self.record.get(place).unwrap_or_default().trim()
    }

    fn wrong(&self, column: &'static str, place: usize, problem: &'static str) -> TripsError {
        TripsError::Value { line: self.line, column, value: self.cell(place).to_owned(), problem }
    }

    fn time(&self, column: &'static str, place: usize) -> Result<u64, TripsError> {
        unix_time(self.cell(place)).ok_or_else(|| {
            self.wrong(column, place, "is no time from 1970 on: write it as YYYY-MM-DD HH:MM:SS")
        })
    }

    fn millionths(&self, column: &'static str, place: usize) -> Result<u64, TripsError> {
        millionths(self.cell(place)).ok_or_else(|| {
            self.wrong(
                column,
                place,
                "is no amount: write digits, and at most six after a point, without a sign",
            )
        })
    }
}

/// Reads the trips of a file, in the order of the file.
///
/// # Errors
/// Names the file, the line and the column of the first value that is wrong, and what belongs there.
pub fn read(file: &Path) -> Result<Vec<Trip>, Error> {
    let failed = |source| Error::Trips { file: file.to_owned(), source };
    let opened = std::fs::File::open(file).map_err(|e| failed(TripsError::Csv(e.into())))?;
    parse(opened).map_err(failed)
}

/// Reads trips from CSV.
///
/// # Errors
/// Names line and column of the first value that is wrong, and what belongs there.
pub fn parse(from: impl io::Read) -> Result<Vec<Trip>, TripsError> {
    let mut reader = csv::Reader::from_reader(from);
    let columns = Columns::find(reader.headers()?)?;
    let mut trips = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        trips.push(trip(&columns, &Row { record: &record, line })?);
    }
    if trips.is_empty() {
        return Err(TripsError::Empty);
    }
    Ok(trips)
}

fn trip(columns: &Columns, row: &Row<'_>) -> Result<Trip, TripsError> {
    let pickup = row.time("pickup", columns.pickup)?;
    let dropoff = row.time("dropoff", columns.dropoff)?;
    let wrong_dropoff = |problem| row.wrong("dropoff", columns.dropoff, problem);
    let duration = dropoff.checked_sub(pickup).ok_or_else(|| {
        wrong_dropoff(
            "is before the pick-up: a ride cannot end before it begins; correct or remove the line",
        )
    })?;
    if duration > MAX_DURATION_S {
        return Err(wrong_dropoff(
            "is more than 24 hours after the pick-up: correct or remove the line",
        ));
    }
    let distance_m = metres(row.millionths("distance", columns.distance)?)
        .filter(|metres| *metres <= MAX_DISTANCE_M)
        .ok_or_else(|| {
            row.wrong("distance", columns.distance, "is more than 500 km: write miles")
        })?;
    let tolls = row.millionths("tolls", columns.tolls)?;
    let tolls_fen = cents(tolls).ok_or_else(|| {
        row.wrong("tolls", columns.tolls, "is not a whole number of cents, or too much")
    })?;
    Ok(Trip {
        company: company(columns, row)?,
        pickup,
        distance_m,
        // At most a day.
        duration_s: duration as u32,
        waiting_s: 0,
        tolls_fen,
        surge_permille: 1000,
        kind: RideKind::Trip,
        charged: Some(Money(row.millionths("fare", columns.fare)?.into())),
    })
}

/// Yellow cabs ride for company 1, green ones for company 2.
fn company(columns: &Columns, row: &Row<'_>) -> Result<CompanyId, TripsError> {
    match row.cell(columns.color) {
        "yellow" => Ok(CompanyId(1)),
        "green" => Ok(CompanyId(2)),
        _ => Err(row.wrong("color", columns.color, "is no company: write yellow or green")),
    }
}

fn metres(millionths_of_a_mile: u64) -> Option<u32> {
    u32::try_from(u128::from(millionths_of_a_mile) * MILE_MM / 1_000_000_000).ok()
}

fn cents(millionths: u64) -> Option<u32> {
    millionths.is_multiple_of(10_000).then(|| u32::try_from(millionths / 10_000).ok()).flatten()
}

/// `12.95` as 12,950,000. No sign, no exponent, at most six digits after the point.
fn millionths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || !digits(whole)
        || !digits(fraction)
        || fraction.len() > 6
        || text.ends_with('.')
    {
        return None;
    }
    let scale = 10u64.pow(6 - fraction.len() as u32);
    let fraction: u64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(fraction * scale)
}

/// `2019-03-23 20:21:09` as seconds of the Unix epoch, the clock taken as UTC.
fn unix_time(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if bytes.len() != 19 || separators.iter().any(|(place, sign)| bytes[*place] != *sign) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = text.get(range)?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse::<u64>().ok())
            .flatten()
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let in_range =
        year >= 1970 && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !in_range || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let before = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum::<u64>();
    let days = before + (1..month).map(|m| days_in(year, m)).sum::<u64>() + day - 1;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

const fn leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in(year: u64, month: u64) -> u64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "pickup,dropoff,passengers,distance,fare,tip,tolls,total,color,payment\n";

    fn parse_line(line: &str) -> Result<Vec<Trip>, TripsError> {
        parse(format!("{HEADER}{line}\n").as_bytes())
    }

    #[test]
    fn a_trip_is_read_to_the_last_digit() {
        let trips =
            parse_line("2019-03-23 20:21:09,2019-03-23 20:27:24,1,1.6,7.0,2.15,5.76,12.95,yellow,")
                .unwrap();
        let trip = &trips[0];
        assert_eq!((trip.pickup, trip.duration_s, trip.distance_m), (1_553_372_469, 375, 2_574));
        assert_eq!(
            (trip.tolls_fen, trip.charged, trip.company),
            (576, Some(Money::yuan(7)), CompanyId(1))
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_line_column_and_remedy() {
        let says = |line: &str, parts: &[&str]| {
            let error = parse_line(line).unwrap_err().to_string();
            assert!(
                error.starts_with("line 2, column") && parts.iter().all(|p| error.contains(p)),
                "{error}"
            );
        };
        says(
            "2019-03-23 20:21:09,2019-03-23 20:20:00,1,1.6,7.0,0,0,7,yellow,",
            &["'dropoff'", "before the pick-up"],
        );
        says(
            "2019-02-29 20:21:09,2019-03-23 20:20:00,1,1.6,7.0,0,0,7,yellow,",
            &["'pickup'", "YYYY-MM-DD"],
        );
        says(
            "2019-03-23 20:21:09,2019-03-23 20:27:24,1,-1,7.0,0,0,7,yellow,",
            &["'distance'", "without a sign"],
        );
        says("2019-03-23 20:21:09,2019-03-23 20:27:24,1,1e3,7.0,0,0,7,yellow,", &["'distance'"]);
        says(
            "2019-03-23 20:21:09,2019-03-23 20:27:24,1,1,7.0,0,0.005,7,green,",
            &["'tolls'", "cents"],
        );
        says(
            "2019-03-23 20:21:09,2019-03-23 20:27:24,1,1,7.0,0,0,7,blue,",
            &["'color'", "yellow or green"],
        );
        says(
            "2019-03-23 20:21:09,2019-03-25 20:27:24,1,1,7.0,0,0,7,green,",
            &["'dropoff'", "24 hours"],
        );
    }

    #[test]
    fn a_file_that_is_another_says_what_is_missing() {
        let error = parse("pickup,dropoff\n".as_bytes()).expect_err("no file of trips");
        assert!(error.to_string().contains("there is no column 'passengers'"), "{error}");
        assert!(matches!(parse(HEADER.as_bytes()), Err(TripsError::Empty)));
        assert!(matches!(parse_line("2019-03-23 20:21:09,too short"), Err(TripsError::Csv(_))));
    }

    #[test]
    fn any_bytes_are_trips_or_an_error() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let _ = parse(bytes);
            let _ = parse([HEADER.as_bytes(), bytes].concat().as_slice());
        });
    }

    proptest! {
        #[test]
        fn decimals_come_back_as_they_were_written(whole in 0u64..1_000_000_000, fraction in 0u64..1_000_000) {
            prop_assert_eq!(millionths(&format!("{whole}.{fraction:06}")), Some(whole * 1_000_000 + fraction));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = (millionths(&text), unix_time(&text), parse(text.as_bytes()));
        }

        #[test]
        fn times_grow_with_the_clock(days in 0u64..20_000, second in 0u64..86_399) {
            let (mut year, mut rest) = (1970, days);
            while rest >= if leap(year) { 366 } else { 365 } {
                rest -= if leap(year) { 366 } else { 365 };
                year += 1;
            }
            let mut month = 1;
            while rest >= days_in(year, month) {
                rest -= days_in(year, month);
                month += 1;
            }
            let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            let text = format!("{year}-{month:02}-{:02} {clock}", rest + 1);
            prop_assert_eq!(unix_time(&text), Some(days * 86_400 + second));
        }
    }
}
