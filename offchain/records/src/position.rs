//! Where a vehicle is.

use thiserror::Error;

/// The fastest speed that is believed, in 0.1 km/h.
pub const MAX_SPEED: u16 = 4_000;

/// A fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// North is positive, 10⁻⁶ degrees of WGS 84, -90 000 000 to 90 000 000.
    pub latitude: i32,
    /// East is positive, 10⁻⁶ degrees of WGS 84, -180 000 000 to 180 000 000.
    pub longitude: i32,
    /// Metres above sea level.
    pub altitude: i16,
    /// 0.1 km/h.
    pub speed: u16,
    /// Degrees clockwise from north, 0 to 359.
    pub heading: u16,
}

/// What no fix can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PositionError {
    /// Beyond a pole.
    #[error("the latitude {0} is beyond 90 degrees: give 10^-6 degrees of WGS 84")]
    Latitude(i32),
    /// More than half around the world.
    #[error("the longitude {0} is beyond 180 degrees: give 10^-6 degrees of WGS 84")]
    Longitude(i32),
    /// No vehicle is so fast.
    #[error("the speed of {0} tenths of km/h is above {MAX_SPEED}: no vehicle is so fast")]
    Speed(u16),
    /// A circle has 360 degrees.
    #[error("the heading of {0} degrees is not below 360")]
    Heading(u16),
}

impl Position {
    /// Refuses what no vehicle can report. Every protocol's edge asks this before a position gets further.
    pub fn check(&self) -> Result<(), PositionError> {
        if self.latitude.unsigned_abs() > 90_000_000 {
            return Err(PositionError::Latitude(self.latitude));
        }
        if self.longitude.unsigned_abs() > 180_000_000 {
            return Err(PositionError::Longitude(self.longitude));
        }
        if self.speed > MAX_SPEED {
            return Err(PositionError::Speed(self.speed));
        }
        if self.heading >= 360 {
            return Err(PositionError::Heading(self.heading));
        }
        Ok(())
    }
}
