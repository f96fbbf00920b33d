//! Where trips begin and end.
//!
//! A trip begins with the ignition, or with motion when the terminal does not know the ignition. It is told when it is
//! long enough to be one. It ends with the ignition, by standing, or by silence; then it ended when the ignition was
//! turned off, when the vehicle stopped, or with the last fix.

use super::{
    class::VehicleFacts,
    durable::durable,
    geometry::Place,
    meters::{Meters, Reading},
    motion::{Fix, Step},
    outcome::Outcome,
    rules::Rules,
    score::{is_night, local_day, DayTotals, Driving},
    trip::{Stop, StopKind, Trip, TripChange, TripEnd, TripStep},
};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    trip: Trip,
    distance_dm: u64,
    meters: Reading,
    /// Long enough to be a trip, and told as one.
    told: bool,
    told_ms: u64,
    off_since: Option<u64>,
    still: Option<(u64, Place)>,
    /// Told as ended by silence, which may turn out to be none.
    silent: bool,
}

durable!(Open { trip, distance_dm, meters, told, told_ms, off_since, still, silent });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parked {
    since_ms: u64,
    place: Place,
    trip: u64,
    driver: Option<u32>,
}

durable!(Parked { since_ms, place, trip, driver });

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trips {
    open: Option<Box<Open>>,
    parked: Option<Parked>,
    /// A trip ended by standing with the ignition on: the next begins with motion.
    wants_motion: bool,
    day: Option<Box<DayTotals>>,
}

durable!(Trips { open, parked, wants_motion, day });

/// What trips need to know about their vehicle.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub vehicle: u32,
    pub rules: &'a Rules,
    pub facts: &'a VehicleFacts,
    pub meters: &'a Meters,
}

impl Trips {
    /// The trip that lasts, if it is long enough to be one.
    pub(crate) fn current(&self) -> Option<u64> {
        let open = self.open.as_ref().filter(|open| open.told && !open.silent);
        open.map(|open| open.trip.id)
    }

    /// How the trip that lasts is driven: for whoever counts.
    pub(crate) fn driving(&mut self) -> Option<&mut Driving> {
        self.open.as_mut().filter(|open| !open.silent).map(|open| &mut open.trip.driving)
    }

    /// The ignition as a record without a position says it.
    pub(crate) fn ignition(&mut self, time_ms: u64, on: Option<bool>) {
        if on == Some(false) {
            self.wants_motion = false;
        }
        if let Some(open) = &mut self.open {
            match on {
                Some(false) => drop(open.off_since.get_or_insert(time_ms)),
                _ => open.off_since = None,
            }
        }
    }

    /// The next fix.
    pub(crate) fn step(&mut self, context: Context<'_>, step: &Step, out: &mut Outcome) {
        if self.open.is_some() && step.gap_ms >= context.rules.trips.gap_ms {
            self.finish(context, TripEnd::Gap, out);
        }
        let fix = &step.fix;
        if fix.ignition == Some(false) || step.moving {
            self.wants_motion = false;
        }
        match &mut self.open {
            None => self.begin(context, step),
            Some(open) => {
                if std::mem::take(&mut open.silent) && open.told {
                    // It had not ended: what was told of the day is taken back.
                    open.trip.end = None;
                    self.parked = None;
                    let driving = open.trip.driving;
                    if let Some(day) = &mut self.day {
                        day.trips = day.trips.saturating_sub(1);
                        day.driving = day.driving.minus(&driving);
                    }
                }
            }
        }
        self.go_on(context, step, out);
    }

    /// Nothing was heard for as long as ends a trip.
    pub(crate) fn silence(&mut self, context: Context<'_>, out: &mut Outcome) {
        let Some(open) = &self.open else { return };
        if open.silent {
            return;
        }
        if open.off_since.is_some() {
            self.finish(context, TripEnd::Ignition, out);
            return;
        }
        self.close(context, TripEnd::Gap, out);
        if let Some(open) = &mut self.open {
            open.silent = true;
        }
    }

    /// Another driver.
    pub(crate) fn change_driver(&mut self, context: Context<'_>, out: &mut Outcome) {
        self.finish(context, TripEnd::Driver, out);
    }

    fn begin(&mut self, context: Context<'_>, step: &Step) {
        let fix = &step.fix;
        let by_ignition = fix.ignition == Some(true) && !self.wants_motion;
        let by_motion = step.moving && fix.ignition != Some(false);
        if !by_ignition && !by_motion {
            return;
        }
        // What moves now has stood at the fix before.
        let from = step
            .before
            .filter(|_| step.moving && step.gap_ms < context.rules.trips.gap_ms)
            .unwrap_or(*fix);
        self.open = Some(Box::new(Open {
            trip: Trip {
                id: Trip::id_of(context.vehicle, from.time_ms),
                version: 0,
                vehicle: context.vehicle,
                driver: context.facts.driver,
                started_ms: from.time_ms,
                ended_ms: from.time_ms,
                end: None,
                from: from.place,
                to: from.place,
                odometer_m: None,
                fastest: 0,
                stops: 0,
                fixes: 0,
                driving: Driving::default(),
                safety: None,
                economy: None,
            },
            distance_dm: 0,
            meters: context.meters.read(),
            told: false,
            told_ms: from.time_ms,
            off_since: None,
            still: None,
            silent: false,
        }));
    }

    fn go_on(&mut self, context: Context<'_>, step: &Step, out: &mut Outcome) {
        let Some(open) = &mut self.open else { return };
        let (rules, fix) = (&context.rules.trips, &step.fix);
        open.add(context.rules, step);
        if let Some(stop) = open.stand(context, step) {
            out.stops.push(stop);
        }
        match fix.ignition {
            Some(false) => drop(open.off_since.get_or_insert(fix.time_ms)),
            _ => open.off_since = None,
        }
        let since = |at: u64| fix.time_ms.saturating_sub(at);
        let stands_most = if fix.ignition.is_some() { rules.idle_ms } else { rules.stand_ms };
        if open.off_since.is_some_and(|at| since(at) >= rules.off_ms) {
            self.finish(context, TripEnd::Ignition, out);
        } else if open.still.is_some_and(|(at, _)| since(at) >= stands_most) {
            self.wants_motion = true;
            self.finish(context, TripEnd::Stood, out);
        } else {
            self.tell(context, fix, out);
        }
    }

    fn tell(&mut self, context: Context<'_>, fix: &Fix, out: &mut Outcome) {
        let Some(open) = &mut self.open else { return };
        let rules = &context.rules.trips;
        let step = if open.told {
            if fix.time_ms.saturating_sub(open.told_ms) < rules.update_ms {
                return;
            }
            TripStep::Updated
        } else {
            if !open.is_long_enough(context.rules) {
                return;
            }
            open.told = true;
            if let Some(parked) = self.parked.take() {
                out.stops.extend(parked.until(context, open.trip.started_ms));
            }
            TripStep::Opened
        };
        open.told_ms = fix.time_ms;
        open.measure(context);
        open.trip.version += 1;
        out.trips.push(TripChange { step, trip: open.trip.clone() });
    }

    /// Ends the trip for good.
    fn finish(&mut self, context: Context<'_>, end: TripEnd, out: &mut Outcome) {
        self.close(context, end, out);
        self.open = None;
    }

    /// Tells the end of a trip, when it was one and its end was not told yet.
    fn close(&mut self, context: Context<'_>, end: TripEnd, out: &mut Outcome) {
        let Some(open) = &mut self.open else { return };
        let to_be_told = open.told || open.is_long_enough(context.rules);
        if open.silent || !to_be_told {
            return;
        }
        if !open.told {
            open.told = true;
            if let Some(parked) = self.parked.take() {
                out.stops.extend(parked.until(context, open.trip.started_ms));
            }
        }
        let standing_ms = open.end(end);
        open.measure(context);
        let trip = &mut open.trip;
        trip.driving.idle_ms = trip.driving.idle_ms.saturating_sub(standing_ms);
        trip.end = Some(end);
        trip.safety = Some(trip.driving.safety(&context.rules.score));
        trip.economy = trip.driving.economy(&context.rules.energy);
        trip.version += 1;
        let trip = trip.clone();
        let (since_ms, place) = (trip.ended_ms, trip.to);
        self.parked = Some(Parked { since_ms, place, trip: trip.id, driver: trip.driver });
        self.count(context, &trip, out);
        out.trips.push(TripChange { step: TripStep::Closed, trip });
    }

    /// Adds a trip to the driver's day.
    fn count(&mut self, context: Context<'_>, trip: &Trip, out: &mut Outcome) {
        let (day, _) = local_day(&context.rules.local, trip.started_ms);
        let same = |one: &DayTotals| (one.driver, one.day) == (trip.driver, day);
        if !self.day.as_deref().is_some_and(same) {
            let (vehicle, driver) = (context.vehicle, trip.driver);
            self.day = Some(Box::new(DayTotals { vehicle, driver, day, ..DayTotals::default() }));
        }
        let Some(totals) = &mut self.day else { return };
        totals.version += 1;
        totals.trips += 1;
        totals.driving = totals.driving.plus(&trip.driving);
        totals.safety = totals.driving.safety(&context.rules.score);
        totals.economy = totals.driving.economy(&context.rules.energy);
        out.days.push(totals.as_ref().clone());
    }
}

impl Open {
    fn is_long_enough(&self, rules: &Rules) -> bool {
        let lasted_ms = self.trip.ended_ms.saturating_sub(self.trip.started_ms);
        self.distance_dm >= u64::from(rules.trips.least_m) * 10 && lasted_ms >= rules.trips.least_ms
    }

    /// Distance and times up to a fix.
    fn add(&mut self, rules: &Rules, step: &Step) {
        let (trip, fix) = (&mut self.trip, &step.fix);
        // The first fix of a trip is no time after its beginning.
        let passed_ms = fix.time_ms.saturating_sub(trip.ended_ms);
        self.distance_dm += step.added_dm;
        trip.driving.distance_m = (self.distance_dm + 5) / 10;
        if step.moving || step.was_moving {
            trip.driving.moving_ms += passed_ms;
            if is_night(&rules.local, fix.time_ms) {
                trip.driving.night_ms += passed_ms;
            }
        } else if fix.ignition != Some(false) {
            trip.driving.idle_ms += passed_ms;
        }
        if step.moving {
            trip.fastest = trip.fastest.max(fix.speed);
        }
        trip.fixes = trip.fixes.saturating_add(1);
        trip.ended_ms = trip.ended_ms.max(fix.time_ms);
        trip.to = fix.place;
    }

    /// Follows how long a vehicle stands. A stop that is over is returned when it was one.
    fn stand(&mut self, context: Context<'_>, step: &Step) -> Option<Stop> {
        let fix = &step.fix;
        if !step.moving {
            self.still.get_or_insert((fix.time_ms, fix.place));
            return None;
        }
        let (from_ms, place) = self.still.take()?;
        let until_ms = step.before.map_or(fix.time_ms, |before| before.time_ms);
        if until_ms.saturating_sub(from_ms) < context.rules.trips.stop_ms {
            return None;
        }
        self.trip.stops += 1;
        let idling = step.before.is_some_and(|before| before.ignition == Some(true));
        let kind = if idling { StopKind::Idling } else { StopKind::Standing };
        let (trip, driver) = (self.trip.id, self.trip.driver);
        Some(Stop::new(context, (trip, driver), kind, (from_ms, until_ms), place))
    }

    /// When the trip ended, and how much of standing was counted beyond that.
    fn end(&mut self, end: TripEnd) -> u64 {
        let at = match end {
            TripEnd::Ignition => self.off_since,
            TripEnd::Stood => self.still.map(|(since_ms, _)| since_ms),
            TripEnd::Gap | TripEnd::Driver => None,
        };
        let last_ms = self.trip.ended_ms;
        let at =
            at.unwrap_or(last_ms).clamp(self.trip.started_ms, last_ms.max(self.trip.started_ms));
        self.trip.ended_ms = at;
        if end == TripEnd::Stood {
            last_ms.saturating_sub(at)
        } else {
            0
        }
    }

    /// What the vehicle's own counters say.
    fn measure(&mut self, context: Context<'_>) {
        let far = self.trip.driving.distance_m >= 30_000;
        let used = context.meters.since(&self.meters, context.facts, far);
        self.trip.odometer_m = used.odometer_m;
        self.trip.driving.fuel_ml = used.fuel_ml;
        self.trip.driving.energy_wh = used.energy_wh;
    }
}

impl Parked {
    fn until(self, context: Context<'_>, until_ms: u64) -> Option<Stop> {
        let Self { since_ms, place, trip, driver } = self;
        let long = until_ms.saturating_sub(since_ms) >= context.rules.trips.stop_ms;
        long.then(|| {
            Stop::new(context, (trip, driver), StopKind::Parked, (since_ms, until_ms), place)
        })
    }
}

impl Stop {
    fn new(
        context: Context<'_>,
        (trip, driver): (u64, Option<u32>),
        kind: StopKind,
        (from_ms, until_ms): (u64, u64),
        place: Place,
    ) -> Self {
        const HOUR_MS: u64 = 3_600_000;
        let (_, passed_ms) = local_day(&context.rules.local, from_ms);
        let to_two_ms = (26 * HOUR_MS - passed_ms) % (24 * HOUR_MS);
        let lasted_ms = until_ms.saturating_sub(from_ms);
        let overnight = lasted_ms >= 4 * HOUR_MS && lasted_ms >= to_two_ms;
        Self { vehicle: context.vehicle, driver, trip, kind, from_ms, until_ms, place, overnight }
    }
}
