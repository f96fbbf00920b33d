//! Tracks as files: CSV, GeoJSON, GPX and Parquet, as long as they are, a piece at a time.
//!
//! CSV and Parquet are made by ClickHouse itself; GeoJSON and GPX by the writers here. None of them holds more than one
//! piece in memory, and none has a bound on rows.

mod csv;
mod geojson;
mod gpx;
mod instant;

pub use instant::iso8601;

use crate::{
    analysis::{gcj02, Place},
    error::QueryError,
};
use bytes::Bytes;
use futures::{stream::BoxStream, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use smartlink_records::{Alarms, Flags};

/// The bytes of a file as they come.
pub type Pieces = BoxStream<'static, Result<Bytes, QueryError>>;

/// A piece is handed on when it has so many bytes.
const PIECE: usize = 64 * 1024;

/// What a track is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma separated values with a line of names (RFC 4180).
    Csv,
    /// A FeatureCollection with a point for each fix (RFC 7946).
    Geojson,
    /// A track for each vehicle (GPX 1.1).
    Gpx,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The media type of such a file.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Geojson => "application/geo+json",
            Self::Gpx => "application/gpx+xml",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// How the name of such a file ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Geojson => "geojson",
            Self::Gpx => "gpx",
            Self::Parquet => "parquet",
        }
    }
}

/// Which of the two systems coordinates are given in. Inside everything is WGS 84.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// What satellites say.
    #[default]
    Wgs84,
    /// What maps of Chinese providers want.
    Gcj02,
}

impl Datum {
    /// A place in this system, of one in WGS 84: latitude, longitude in 10⁻⁶ degrees.
    pub fn place(self, latitude: i32, longitude: i32) -> (i32, i32) {
        match self {
            Self::Wgs84 => (latitude, longitude),
            Self::Gcj02 => {
                let place = gcj02::from_wgs84(Place { latitude, longitude });
                (place.latitude, place.longitude)
            }
        }
    }
}

/// A fix of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clickhouse::Row, Serialize, Deserialize)]
pub struct Fix {
    /// Its place in the log.
    pub sequence: u64,
    /// The vehicle.
    pub vehicle: u32,
    /// The terminal.
    pub terminal: u64,
    /// When it was there, milliseconds.
    pub time_ms: i64,
    /// 10⁻⁶ degrees.
    pub latitude: i32,
    /// 10⁻⁶ degrees.
    pub longitude: i32,
    /// Metres.
    pub altitude: i16,
    /// 0.1 km/h.
    pub speed: u16,
    /// Degrees clockwise from north.
    pub heading: u16,
    /// [`Flags`].
    pub flags: u32,
    /// [`Alarms`].
    pub alarms: u32,
}

impl Fix {
    fn flags(&self) -> impl Iterator<Item = &'static str> {
        Flags(self.flags).names()
    }

    fn alarms(&self) -> impl Iterator<Item = &'static str> {
        Alarms(self.alarms).names()
    }
}

/// A format that is written fix by fix.
trait Writer: Send + 'static {
    fn begin(&mut self, out: &mut String);
    fn fix(&mut self, fix: &Fix, out: &mut String);
    fn end(&mut self, out: &mut String);
}

/// A file of fixes, which come in the order of vehicle and time. Not for Parquet, which ClickHouse alone makes.
pub(crate) fn written(
    fixes: impl Stream<Item = Result<Fix, QueryError>> + Send + 'static,
    format: Format,
    datum: Datum,
) -> Result<Pieces, QueryError> {
    match format {
        Format::Csv => Ok(pieces(fixes, csv::Csv, datum)),
        Format::Geojson => Ok(pieces(fixes, geojson::Geojson::default(), datum)),
        Format::Gpx => Ok(pieces(fixes, gpx::Gpx::default(), datum)),
        Format::Parquet => Err(QueryError::Asked(
            "Parquet is given in WGS 84 alone: ask for datum wgs84, or for CSV, GeoJSON or GPX"
                .into(),
        )),
    }
}

enum State {
    Begin,
    Fixes,
    Done,
}

fn pieces(
    fixes: impl Stream<Item = Result<Fix, QueryError>> + Send + 'static,
    writer: impl Writer,
    datum: Datum,
) -> Pieces {
    let begin = (Box::pin(fixes), writer, State::Begin);
    futures::stream::unfold(begin, move |(mut fixes, mut writer, mut state)| async move {
        let mut out = String::with_capacity(PIECE + 1_024);
        match state {
            State::Begin => writer.begin(&mut out),
            State::Fixes => {}
            State::Done => return None,
        }
        state = State::Fixes;
        while out.len() < PIECE {
            match fixes.next().await {
                Some(Ok(mut fix)) => {
                    (fix.latitude, fix.longitude) = datum.place(fix.latitude, fix.longitude);
                    writer.fix(&fix, &mut out);
                }
                // Whoever reads has to see that the file is not whole.
                Some(Err(error)) => return Some((Err(error), (fixes, writer, State::Done))),
                None => {
                    writer.end(&mut out);
                    state = State::Done;
                    break;
                }
            }
        }
        Some((Ok(Bytes::from(out)), (fixes, writer, state)))
    })
    .boxed()
}

/// A coordinate in degrees with six decimals, exactly.
fn degrees(micro: i32) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    let all = micro.unsigned_abs();
    format!("{sign}{}.{:06}", all / 1_000_000, all % 1_000_000)
}

#[cfg(test)]
mod tests;
