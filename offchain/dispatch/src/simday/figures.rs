//! What a day came to.

/// What a day came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayFigures {
    /// Orders of the day.
    pub orders: u32,
    /// Riders who were fetched.
    pub served: u32,
    /// Riders who gave up before a driver accepted.
    pub gave_up_searching: u32,
    /// Riders who gave up while a driver was on her way.
    pub gave_up_waiting: u32,
    /// Offers made.
    pub offers: u32,
    /// Offers accepted.
    pub accepted: u32,
    /// From the order to the pick-up, of those who were fetched: half of them waited no longer. Seconds.
    pub waiting_median_s: u32,
    /// From the order to the pick-up: 95 of 100 waited no longer. Seconds.
    pub waiting_p95_s: u32,
    /// Metres of all approaches, those in vain too.
    pub empty_m: u64,
    /// Metres of approaches for each rider who was fetched.
    pub empty_m_per_trip: u32,
}

impl DayFigures {
    /// Of a thousand orders, those that were served.
    pub fn served_permille(&self) -> u32 {
        permille(self.served, self.orders)
    }

    /// Of a thousand offers, those that were accepted.
    pub fn accepted_permille(&self) -> u32 {
        permille(self.accepted, self.offers)
    }

    /// Works out waiting times and averages.
    pub(super) fn finish(mut self, mut waits_s: Vec<u32>) -> Self {
        waits_s.sort_unstable();
        let at = |percent: usize| {
            let place = (waits_s.len() * percent).div_ceil(100).saturating_sub(1);
            waits_s.get(place).copied().unwrap_or(0)
        };
        self.waiting_median_s = at(50);
        self.waiting_p95_s = at(95);
        let mean = self.empty_m.checked_div(u64::from(self.served)).unwrap_or(0);
        // A mean of approaches within a city.
        self.empty_m_per_trip = u32::try_from(mean).unwrap_or(u32::MAX);
        self
    }
}

fn permille(part: u32, whole: u32) -> u32 {
    // At most 1000 for a part of the whole.
    (u64::from(part) * 1000).checked_div(u64::from(whole)).unwrap_or(0) as u32
}
