//! A driver of the simulated day: where she is, and what she is up to.

use crate::{
    class::VehicleClass, engine::Position, geo::Point, market::DriverNews, travel::GreatCircle,
};

/// What a driver is up to, for which rider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    Fetching(usize),
    Riding(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Driver {
    /// Where she stands, or where her drive began.
    at: Point,
    drive: Option<Drive>,
    /// Whom she fetches next.
    pub(super) next: Option<usize>,
    idle_since_ms: u64,
    offers: u32,
    pub(super) accepted: u32,
    /// What the last offer said.
    eta_s: u32,
    drives: u64,
}

#[derive(Clone, Copy, Debug)]
struct Drive {
    errand: Errand,
    number: u64,
    to: Point,
    from_ms: u64,
    to_ms: u64,
    road_m: u32,
}

impl Drive {
    fn permille(&self, now_ms: u64) -> u32 {
        let (done, whole) = (now_ms.saturating_sub(self.from_ms), self.to_ms - self.from_ms);
        // At most 1000.
        (done.min(whole) * 1000).checked_div(whole).unwrap_or(1000) as u32
    }
}

impl Driver {
    pub(super) fn new(at: Point, now_ms: u64) -> Self {
        Self {
            at,
            drive: None,
            next: None,
            idle_since_ms: now_ms,
            offers: 0,
            accepted: 0,
            eta_s: 0,
            drives: 0,
        }
    }

    pub(super) const fn is_free(&self) -> bool {
        self.drive.is_none()
    }

    pub(super) fn note_offer(&mut self, eta_s: u32) {
        self.offers += 1;
        self.eta_s = eta_s;
    }

    pub(super) const fn offered_eta_s(&self) -> u32 {
        self.eta_s
    }

    /// Begins a drive. Gives its number and when it ends.
    pub(super) fn drive(
        &mut self,
        errand: Errand,
        to: Point,
        roads: &GreatCircle,
        from_ms: u64,
    ) -> (u64, u64) {
        let leg = roads.leg(&self.at, &to);
        self.drives += 1;
        let to_ms = from_ms + u64::from(leg.duration_s) * 1000;
        let number = self.drives;
        self.drive = Some(Drive { errand, number, to, from_ms, to_ms, road_m: leg.distance_m });
        (number, to_ms)
    }

    /// Ends a drive, unless it was broken off: what it was for, and its metres.
    pub(super) fn reach(&mut self, number: u64) -> Option<(Errand, u32)> {
        let drive = self.drive.take_if(|drive| drive.number == number)?;
        self.at = drive.to;
        Some((drive.errand, drive.road_m))
    }

    /// Breaks a drive off where she is. Gives the metres that she drove.
    pub(super) fn turn_back(&mut self, now_ms: u64) -> u32 {
        let Some(drive) = self.drive.take() else { return 0 };
        let permille = drive.permille(now_ms);
        self.at = self.at.towards(&drive.to, permille);
        self.idle_since_ms = now_ms;
        // A part of a u32.
        (u64::from(drive.road_m) * u64::from(permille) / 1000) as u32
    }

    /// Nothing to do, or the next order.
    pub(super) fn rest(&mut self, now_ms: u64) -> Option<usize> {
        self.idle_since_ms = now_ms;
        self.next.take()
    }

    pub(super) fn position(&self, driver: u32, now_ms: u64) -> Position {
        let at = match &self.drive {
            Some(drive) => self.at.towards(&drive.to, drive.permille(now_ms)),
            None => self.at,
        };
        Position { driver, at, at_ms: now_ms, heading: None, speed_dm_s: 0 }
    }

    pub(super) fn news(&self, driver: u32) -> DriverNews {
        let order = self.drive.map(|drive| match drive.errand {
            Errand::Fetching(rider) | Errand::Riding(rider) => rider as u64 + 1,
        });
        DriverNews {
            driver,
            on_duty: true,
            class: VehicleClass::Economy,
            order,
            next_order: self.next.map(|rider| rider as u64 + 1),
            offered: None,
            idle_since_ms: self.idle_since_ms,
            rating_permille: None,
            offers: self.offers,
            accepted: self.accepted,
            abandoned: 0,
        }
    }
}
