//! Who was in an area.

use super::{page, Queries, Span, TIME};
use crate::error::QueryError;
use serde::{Deserialize, Serialize};

/// A rectangle of parallels and meridians, and a time. 10⁻⁶ degrees of WGS 84. It may not reach across 180° of longitude:
/// ask for both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The southern border.
    pub south: i32,
    /// The northern border.
    pub north: i32,
    /// The western border.
    pub west: i32,
    /// The eastern border.
    pub east: i32,
    /// By the terminals' clocks.
    #[serde(flatten)]
    pub span: Span,
}

/// A vehicle that was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clickhouse::Row, Serialize, Deserialize)]
pub struct Visit {
    /// The vehicle.
    pub vehicle: u32,
    /// The first fix in the area.
    pub first_ms: i64,
    /// The last fix in the area.
    pub last_ms: i64,
    /// Fixes in the area.
    pub fixes: u64,
}

impl Queries {
    /// Vehicles that were in an area, those that were there last first.
    ///
    /// # Errors
    /// The area cannot be, or ClickHouse does not answer.
    pub async fn visits(&self, area: &Area, limit: u32) -> Result<Vec<Visit>, QueryError> {
        let (from, until) = area.span.bounds()?;
        let limit = page(limit)?;
        if area.south > area.north || area.west > area.east {
            return Err(QueryError::Asked(
                "the area is empty: give south below north and west below east".into(),
            ));
        }
        let sql = format!(
            "SELECT vehicle, toInt64(toUnixTimestamp64Milli(min(time))) AS first_ms, \
             toInt64(toUnixTimestamp64Milli(max(time))) AS last_ms, count() AS fixes FROM positions_by_area \
             WHERE latitude >= ? AND latitude <= ? AND longitude >= ? AND longitude <= ? AND vehicle != 0 \
             AND time >= {TIME} AND time < {TIME} GROUP BY vehicle ORDER BY last_ms DESC, vehicle LIMIT ?"
        );
        let query = self.store.query(&sql).bind(area.south).bind(area.north).bind(area.west);
        let query = query.bind(area.east).bind(from).bind(until).bind(limit);
        self.all("visits", query).await
    }
}
