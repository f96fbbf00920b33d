//! Everything that is known of one vehicle, and the way of a record through it.

use smartlink_records::{Flags, Quantity, Record};

use super::{
    alert::{Alert, AlertError, AlertKind, AlertStep},
    alerts::{Alerts, Measure, Scene},
    class::VehicleFacts,
    detect::{
        battery::Battery, cargo::Cargo, fatigue::Fatigue, fuel::Fuel, harsh::Harsh,
        speeding::Speeding, terminal::Terminal, tow::Tow, Watch,
    },
    durable::durable,
    fence::{FenceWatch, Fences},
    geometry::Place,
    last::LastState,
    meters::Meters,
    motion::{Fix, Motion},
    outcome::{Outcome, Verdict},
    queue::{Queue, Sample},
    rules::Rules,
    track::{look, Judged, Spot, Track},
    trips::{Context, Trips},
};

/// A parked vehicle's fix that is farther than this from where it is parked is said to drift, in metres.
const DRIFT_M: f64 = 15.0;

/// What is the same for all vehicles of a class.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub rules: &'a Rules,
    pub fences: &'a Fences,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Vehicle {
    id: u32,
    pub facts: VehicleFacts,
    pub last: LastState,
    /// Which positions the last state believes.
    live: Track,
    /// The server's clock, as far as this vehicle knows.
    clock_ms: u64,
    queue: Queue,
    /// When the last fix that was analysed was received.
    fix_heard_ms: u64,
    /// Whether silence was told since then.
    silent: bool,
    /// Whether being offline was told since something was heard.
    offline: bool,
    /// The terminal that knows the ignition, 0 for none, and what it said.
    ignition_from: u64,
    ignition_on: bool,
    track: Track,
    motion: Motion,
    meters: Meters,
    trips: Trips,
    alerts: Alerts,
    fences: FenceWatch,
    speeding: Speeding,
    harsh: Harsh,
    fatigue: Fatigue,
    tow: Tow,
    cargo: Cargo,
    battery: Battery,
    terminal: Terminal,
    fuel: Fuel,
}

durable!(Vehicle {
    id,
    facts,
    last,
    live,
    clock_ms,
    queue,
    fix_heard_ms,
    silent,
    offline,
    ignition_from,
    ignition_on,
    track,
    motion,
    meters,
    trips,
    alerts,
    fences,
    speeding,
    harsh,
    fatigue,
    tow,
    cargo,
    battery,
    terminal,
    fuel,
});

impl Vehicle {
    pub(crate) fn new(id: u32, facts: VehicleFacts) -> Self {
        let last = LastState { vehicle: id, driver: facts.driver, ..LastState::default() };
        Self { id, facts, last, ..Self::default() }
    }

    /// The next record of the log.
    pub(crate) fn observe(&mut self, around: Surroundings<'_>, record: &Record, out: &mut Outcome) {
        self.advance(around, record.received_ms, out);
        self.hear(around, record.received_ms, out);
        let clean = &around.rules.clean;
        let verdict = self.queue.put(record, clean.ahead_ms);
        if verdict != Some(Verdict::Duplicate) {
            self.alarms(around, record, verdict, out);
        }
        match verdict {
            Some(verdict) => out.verdict(record.sequence, verdict),
            None => self.last.observe(clean, &mut self.live, record),
        }
        self.release(around, out);
    }

    /// Lets the server's clock pass. Whether the last state changed.
    ///
    /// Everything here depends on whether a time has passed, never on how often it was asked: what happens at the
    /// next record happens at a tick before it in the same way.
    pub(crate) fn advance(
        &mut self,
        around: Surroundings<'_>,
        now_ms: u64,
        out: &mut Outcome,
    ) -> bool {
        self.clock_ms = self.clock_ms.max(now_ms);
        self.release(around, out);
        if self.last.heard_ms == 0 {
            return false;
        }
        let quiet_ms = self.clock_ms - self.last.heard_ms.min(self.clock_ms);
        if quiet_ms >= around.rules.offline.forget_ms {
            *self = Self::new(self.id, self.facts);
            return true;
        }
        let goes_offline = self.last.online && quiet_ms >= around.rules.offline.after_ms;
        if goes_offline {
            self.last.online = false;
        }
        // In the order in which they were due, however late it is.
        let gap_ms = around.rules.trips.gap_ms;
        let (offline_ms, silent_ms) = (
            self.last.heard_ms.saturating_add(self.offline_after(around)),
            self.fix_heard_ms.saturating_add(gap_ms),
        );
        if offline_ms < silent_ms {
            self.watch_offline(around, quiet_ms, out);
            self.watch_silence(around, out);
        } else {
            self.watch_silence(around, out);
            self.watch_offline(around, quiet_ms, out);
        }
        goes_offline
    }

    /// Whether nothing is known any more: it was never heard from, or forgotten.
    pub(crate) fn is_empty(&self) -> bool {
        self.last.heard_ms == 0
    }

    pub(crate) fn change_facts(
        &mut self,
        around: Surroundings<'_>,
        facts: VehicleFacts,
        out: &mut Outcome,
    ) {
        if facts.driver != self.facts.driver {
            let (trips, context) = self.trips(around.rules);
            trips.change_driver(context, out);
            let time_ms = self.motion.last().map_or(self.last.time_ms, |fix| fix.time_ms);
            let scene = self.scene(time_ms);
            let mut watch = Watch {
                rules: around.rules,
                facts: &self.facts,
                alerts: &mut self.alerts,
                out,
                scene,
            };
            self.fatigue.change_driver(&mut watch);
        }
        self.last.driver = facts.driver;
        self.facts = facts;
    }

    pub(crate) fn by_hand(
        &mut self,
        id: u64,
        step: AlertStep,
        deed: impl FnOnce(&mut Alert) -> Result<bool, AlertError>,
        out: &mut Outcome,
    ) -> Result<Alert, AlertError> {
        self.alerts.by_hand(id, step, deed, out)
    }

    pub(crate) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.all()
    }

    pub(crate) fn fences(&self) -> impl Iterator<Item = u32> + '_ {
        self.fences.ids()
    }

    fn scene(&self, time_ms: u64) -> Scene {
        let place = self.motion.last().map(|fix| fix.place);
        let (driver, trip) = (self.facts.driver, self.trips.current());
        Scene { vehicle: self.id, driver, trip, time_ms, place }
    }

    fn trips<'a>(&'a mut self, rules: &'a Rules) -> (&'a mut Trips, Context<'a>) {
        let (vehicle, facts, meters) = (self.id, &self.facts, &self.meters);
        (&mut self.trips, Context { vehicle, rules, facts, meters })
    }

    /// Something was received, whatever it is.
    fn hear(&mut self, around: Surroundings<'_>, received_ms: u64, out: &mut Outcome) {
        self.last.heard_ms = self.last.heard_ms.max(received_ms);
        self.last.online = true;
        if std::mem::take(&mut self.offline) {
            let rules = &around.rules.alerts;
            self.alerts.end(rules, (AlertKind::Offline, 0), received_ms, None, out);
        }
    }

    /// The silence after which an alert is made.
    fn offline_after(&self, around: Surroundings<'_>) -> u64 {
        let parked =
            if self.ignition_from == 0 { !self.motion.is_moving() } else { !self.ignition_on };
        let rules = &around.rules.offline;
        if parked {
            rules.parked_ms
        } else {
            rules.after_ms
        }
    }

    fn watch_offline(&mut self, around: Surroundings<'_>, quiet_ms: u64, out: &mut Outcome) {
        let most_ms = self.offline_after(around);
        if self.offline || !around.rules.offline.enabled || quiet_ms < most_ms {
            return;
        }
        self.offline = true;
        let scene = self.scene(self.last.heard_ms.saturating_add(most_ms));
        // Days at most.
        let most = most_ms.cast_signed();
        let what = (AlertKind::Offline, 0);
        self.alerts.raise(&around.rules.alerts, what, scene, Measure::of(most, most), out);
    }

    /// What happens by time alone, when no record waits that could say otherwise.
    fn watch_silence(&mut self, around: Surroundings<'_>, out: &mut Outcome) {
        let Some(fix) = self.motion.last() else { return };
        if !self.queue.is_empty() {
            return;
        }
        let (last_ms, gap_ms) = (fix.time_ms, around.rules.trips.gap_ms);
        let quiet_ms = self.clock_ms.saturating_sub(self.fix_heard_ms);
        // Who stayed too long before silence ended the trip did so in the trip.
        self.dwell(around, last_ms, quiet_ms.min(gap_ms), out);
        if quiet_ms < gap_ms {
            return;
        }
        if !std::mem::replace(&mut self.silent, true) {
            let scene = self.scene(last_ms);
            let (rules, facts, alerts) = (around.rules, &self.facts, &mut self.alerts);
            let mut watch = Watch { rules, facts, alerts, out, scene };
            self.speeding.silence(&mut watch);
            self.harsh.silence(&mut watch);
            let (trips, context) = self.trips(around.rules);
            trips.silence(context, out);
        }
        self.dwell(around, last_ms, quiet_ms, out);
    }

    /// Who stays too long in a fence, so long after the last fix.
    fn dwell(&mut self, around: Surroundings<'_>, last_ms: u64, quiet_ms: u64, out: &mut Outcome) {
        let scene = self.scene(last_ms);
        let (rules, facts, alerts) = (around.rules, &self.facts, &mut self.alerts);
        let mut watch = Watch { rules, facts, alerts, out, scene };
        self.fences.dwell(&mut watch, around.fences, last_ms.saturating_add(quiet_ms));
    }

    fn alarms(
        &mut self,
        around: Surroundings<'_>,
        record: &Record,
        verdict: Option<Verdict>,
        out: &mut Outcome,
    ) {
        // A clock that is ahead does not make an emergency one of tomorrow.
        let scene = self.scene(record.report.time_ms.min(record.received_ms));
        let (rules, facts, alerts) = (around.rules, &self.facts, &mut self.alerts);
        let mut watch = Watch { rules, facts, alerts, out, scene };
        if verdict == Some(Verdict::Late) {
            self.terminal.hear_late(&mut watch, record.report.alarms);
        } else {
            self.terminal.hear(&mut watch, record.report.alarms);
        }
    }

    fn release(&mut self, around: Surroundings<'_>, out: &mut Outcome) {
        let window_ms = around.rules.clean.reorder_ms;
        while let Some(sample) = self.queue.next(window_ms, self.clock_ms) {
            self.analyse(around, &sample, out);
        }
    }

    /// A record in the order of times.
    fn analyse(&mut self, around: Surroundings<'_>, sample: &Sample, out: &mut Outcome) {
        let ignition = self.ignition(sample);
        for reading in sample.readings.iter().filter(|reading| reading.instance == 0) {
            self.meters.observe(reading.quantity, reading.value);
        }
        let (fix, verdict, recovered) = self.locate(around, sample, ignition, out);
        out.verdict(sample.sequence, verdict);
        if let Some(fix) = fix {
            self.fix_heard_ms = sample.received_ms;
            self.silent = false;
            self.travel(around, fix, recovered, out);
        } else {
            self.trips.ignition(sample.time_ms, ignition);
        }
        if !sample.readings.is_empty() {
            self.sense(around, sample, out);
        }
    }

    /// What the terminal that knows it says of the ignition.
    fn ignition(&mut self, sample: &Sample) -> Option<bool> {
        let on = sample.flags().has(Flags::IGNITION);
        if on {
            self.ignition_from = sample.terminal;
        }
        if sample.terminal == self.ignition_from {
            self.ignition_on = on;
        }
        (self.ignition_from != 0).then_some(self.ignition_on)
    }

    /// The position of a record, as far as it is believed.
    fn locate(
        &mut self,
        around: Surroundings<'_>,
        sample: &Sample,
        ignition: Option<bool>,
        out: &mut Outcome,
    ) -> (Option<Fix>, Verdict, bool) {
        let Some(position) = &sample.position else { return (None, Verdict::Clean, false) };
        if sample.flags_fix && !sample.flags().has(Flags::FIXED) {
            return (None, Verdict::NoFix, false);
        }
        let clean = &around.rules.clean;
        let looks = look(clean, position, sample.reading(Quantity::Accuracy));
        if looks != Verdict::Clean {
            return (None, looks, false);
        }
        let place = Place::from(position);
        let spot = Spot { time_ms: sample.time_ms, place, speed: position.speed };
        let judged = self.track.judge(clean, spot);
        if judged == Judged::Jump {
            return (None, Verdict::Jump, false);
        }
        let mut fix = Fix {
            time_ms: sample.time_ms,
            place,
            speed: position.speed,
            heading: position.heading,
            terminal: sample.terminal,
            ignition,
        };
        let scene = Scene { place: Some(place), ..self.scene(sample.time_ms) };
        let (rules, facts, alerts) = (around.rules, &self.facts, &mut self.alerts);
        self.tow.step(&mut Watch { rules, facts, alerts, out, scene }, &fix);
        let mut verdict = Verdict::Clean;
        if let Some(parked) = self.tow.parked().filter(|_| fix.ignition == Some(false)) {
            let away = parked.metres_to(place);
            if away <= f64::from(clean.drift_m) {
                (fix.place, fix.speed) = (parked, 0);
                if away > DRIFT_M {
                    verdict = Verdict::Drift;
                }
            }
        }
        (Some(fix), verdict, judged == Judged::Recovered)
    }

    /// A fix that is believed.
    fn travel(&mut self, around: Surroundings<'_>, fix: Fix, recovered: bool, out: &mut Outcome) {
        let step = self.motion.step(around.rules, fix, recovered);
        let (trips, context) = self.trips(around.rules);
        trips.step(context, &step, out);
        let scene = self.scene(fix.time_ms);
        let (rules, facts, alerts) = (around.rules, &self.facts, &mut self.alerts);
        let mut watch = Watch { rules, facts, alerts, out, scene };
        self.fences.step(&mut watch, around.fences, &fix);
        self.fatigue.step(&mut watch, &step);
        let limit = self.fences.limit(around.fences);
        self.speeding.step(&mut watch, &step, limit, self.trips.driving());
        self.harsh.settle(&mut watch);
        self.harsh.step(&mut watch, &step, self.trips.driving());
    }

    /// What was measured.
    fn sense(&mut self, around: Surroundings<'_>, sample: &Sample, out: &mut Outcome) {
        let scene = self.scene(sample.time_ms);
        let (rules, facts, alerts) = (around.rules, &self.facts, &mut self.alerts);
        let mut watch = Watch { rules, facts, alerts, out, scene };
        self.cargo.sense(&mut watch, sample);
        self.battery.sense(&mut watch, sample);
        self.harsh.sense(&mut watch, sample, self.trips.driving());
        let moving = self.motion.is_moving();
        self.fuel.sense(&mut watch, sample, moving, &mut self.meters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What 100,000 vehicles cost: less than 200 MB, with what waits, lasts and is open beside it.
    #[test]
    fn a_vehicle_is_small() {
        let bytes = std::mem::size_of::<Vehicle>();
        assert!(bytes <= 1_536, "{bytes} bytes");
        let waiting = std::mem::size_of::<Sample>();
        assert!(waiting <= 96, "{waiting} bytes for a record that waits");
    }
}
