//! The alerts of one vehicle that last, or have just ended.

use super::{
    alert::{Alert, AlertChange, AlertError, AlertKind, AlertState, AlertStep},
    durable::durable,
    geometry::Place,
    outcome::Outcome,
    rules::AlertRules,
};

/// The most alerts that are followed of one vehicle. Beyond, those that ended are forgotten, the oldest first: they stay
/// where they are stored. When all of them last, the next is not made, and counted.
pub(crate) const MOST: usize = 64;

/// When, where and whose, for alerts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub vehicle: u32,
    pub driver: Option<u32>,
    pub trip: Option<u64>,
    pub time_ms: u64,
    pub place: Option<Place>,
}

/// What an alert measures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub value: i64,
    pub mean: Option<i64>,
    pub threshold: i64,
}

impl Measure {
    pub(crate) const fn of(value: i64, threshold: i64) -> Self {
        Self { value, mean: None, threshold }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Followed {
    alert: Alert,
    /// Until when it was last told.
    told_ms: u64,
}

durable!(Followed { alert, told_ms });

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alerts {
    /// By kind and key.
    followed: Vec<Followed>,
}

durable!(Alerts { followed });

impl Alerts {
    /// The condition is there: a new alert, one that is re-opened, or one that goes on.
    pub(crate) fn raise(
        &mut self,
        rules: &AlertRules,
        (kind, key): (AlertKind, u32),
        scene: Scene,
        measure: Measure,
        out: &mut Outcome,
    ) {
        if let Some(place) = self.find(kind, key) {
            let again = &mut self.followed[place];
            match again.alert.ended_ms {
                None => return again.go_on(rules, scene.time_ms, measure, out),
                Some(ended_ms)
                    if again.alert.closed.is_none()
                        && scene.time_ms.saturating_sub(ended_ms) <= rules.reopen_ms =>
                {
                    return again.reopen(scene.time_ms, measure, out)
                }
                Some(_) => {
                    self.followed.remove(place);
                }
            }
        }
        self.open(rules, (kind, key), scene, measure, out);
    }

    /// Something that has no duration.
    pub(crate) fn event(
        &mut self,
        rules: &AlertRules,
        what: (AlertKind, u32),
        scene: Scene,
        measure: Measure,
        out: &mut Outcome,
    ) {
        self.raise(rules, what, scene, measure, out);
        self.end(rules, what, scene.time_ms, None, out);
    }

    /// The condition is over. Nothing happens when there was none.
    pub(crate) fn end(
        &mut self,
        rules: &AlertRules,
        (kind, key): (AlertKind, u32),
        time_ms: u64,
        measure: Option<Measure>,
        out: &mut Outcome,
    ) {
        let Some(place) = self.find(kind, key) else { return };
        let Followed { alert, told_ms } = &mut self.followed[place];
        if alert.ended_ms.is_some() {
            return;
        }
        alert.ended_ms = Some(time_ms);
        if let Some(measure) = measure {
            alert.worsen(measure);
        }
        if alert.state == AlertState::Closed {
            // A person was faster: she has said what there is to say.
            return;
        }
        alert.version += 1;
        if !rules.held.contains(&kind) {
            alert.state = AlertState::Closed;
            alert.closed_ms = Some(time_ms);
        }
        *told_ms = time_ms;
        out.alerts.push(AlertChange { step: AlertStep::Ended, alert: alert.clone() });
    }

    /// The next of a kind is another one, however soon it comes.
    pub(crate) fn forget_ended(&mut self, kind: AlertKind) {
        let ended = |alert: &Alert| alert.kind == kind && alert.ended_ms.is_some();
        self.followed.retain(|one| !ended(&one.alert));
    }

    /// Whether the condition of an alert lasts.
    pub(crate) fn lasts(&self, kind: AlertKind, key: u32) -> bool {
        self.find(kind, key).is_some_and(|place| self.followed[place].alert.ended_ms.is_none())
    }

    /// Every alert that is followed.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Alert> {
        self.followed.iter().map(|followed| &followed.alert)
    }

    /// Lets a person do something with an alert.
    pub(crate) fn by_hand(
        &mut self,
        id: u64,
        step: AlertStep,
        deed: impl FnOnce(&mut Alert) -> Result<bool, AlertError>,
        out: &mut Outcome,
    ) -> Result<Alert, AlertError> {
        let of = self.followed.iter_mut().find(|followed| followed.alert.id == id);
        let Followed { alert, .. } = of.ok_or(AlertError::NotFollowed(id))?;
        if deed(alert)? {
            out.alerts.push(AlertChange { step, alert: alert.clone() });
        }
        Ok(alert.clone())
    }

    fn find(&self, kind: AlertKind, key: u32) -> Option<usize> {
        self.place(kind, key).ok()
    }

    fn place(&self, kind: AlertKind, key: u32) -> Result<usize, usize> {
        self.followed.binary_search_by_key(&(kind, key), |one| (one.alert.kind, one.alert.key))
    }

    fn open(
        &mut self,
        rules: &AlertRules,
        (kind, key): (AlertKind, u32),
        scene: Scene,
        measure: Measure,
        out: &mut Outcome,
    ) {
        self.forget(rules, scene.time_ms);
        if self.followed.len() >= MOST {
            let ended = self.followed.iter().enumerate();
            let ended = ended.filter_map(|(place, one)| Some((one.alert.ended_ms?, place)));
            let Some((_, place)) = ended.min() else {
                out.counts.alerts_refused += 1;
                return;
            };
            self.followed.remove(place);
        }
        let Scene { vehicle, driver, trip, time_ms, place } = scene;
        let alert = Alert {
            id: Alert::id_of(vehicle, kind, key, time_ms),
            version: 1,
            vehicle,
            driver,
            kind,
            key,
            state: AlertState::Open,
            opened_ms: time_ms,
            last_ms: time_ms,
            ended_ms: None,
            closed_ms: None,
            place,
            value: measure.value,
            mean: measure.mean,
            threshold: measure.threshold,
            count: 1,
            trip,
            acknowledged: None,
            closed: None,
        };
        out.alerts.push(AlertChange { step: AlertStep::Opened, alert: alert.clone() });
        let place = self.place(kind, key).unwrap_or_else(|place| place);
        self.followed.insert(place, Followed { alert, told_ms: time_ms });
    }

    /// Ended alerts that cannot be re-opened any more are followed no longer, except those that wait for a person.
    fn forget(&mut self, rules: &AlertRules, now_ms: u64) {
        self.followed.retain(|Followed { alert, .. }| {
            alert.ended_ms.is_none_or(|ended_ms| {
                alert.state != AlertState::Closed
                    || now_ms.saturating_sub(ended_ms) <= rules.reopen_ms
            })
        });
    }
}

impl Followed {
    fn go_on(&mut self, rules: &AlertRules, time_ms: u64, measure: Measure, out: &mut Outcome) {
        self.alert.last_ms = self.alert.last_ms.max(time_ms);
        let worse = self.alert.worsen(measure);
        let due = time_ms.saturating_sub(self.told_ms) >= rules.update_ms;
        if self.alert.state != AlertState::Closed && worse && due {
            self.tell(AlertStep::Updated, time_ms, out);
        }
    }

    fn reopen(&mut self, time_ms: u64, measure: Measure, out: &mut Outcome) {
        self.alert.ended_ms = None;
        self.alert.closed_ms = None;
        self.alert.acknowledged = None;
        self.alert.state = AlertState::Open;
        self.alert.last_ms = self.alert.last_ms.max(time_ms);
        self.alert.count = self.alert.count.saturating_add(1);
        self.alert.worsen(measure);
        self.tell(AlertStep::Reopened, time_ms, out);
    }

    fn tell(&mut self, step: AlertStep, time_ms: u64, out: &mut Outcome) {
        self.alert.version += 1;
        self.told_ms = time_ms;
        out.alerts.push(AlertChange { step, alert: self.alert.clone() });
    }
}

impl Alert {
    /// Keeps the value that is farther beyond the threshold. Whether anything changed.
    fn worsen(&mut self, measure: Measure) -> bool {
        let beyond = |value: i64| value.abs_diff(measure.threshold);
        let worse = beyond(measure.value) > beyond(self.value);
        if worse {
            self.value = measure.value;
            self.threshold = measure.threshold;
        }
        let mean = measure.mean.is_some() && measure.mean != self.mean;
        if mean {
            self.mean = measure.mean;
        }
        worse || mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: (AlertKind, u32) = (AlertKind::Speeding, 0);

    fn at(time_ms: u64) -> Scene {
        Scene { vehicle: 7, driver: Some(3), trip: None, time_ms, place: None }
    }

    fn rules() -> AlertRules {
        AlertRules { update_ms: 30_000, ..AlertRules::default() }
    }

    fn steps(out: &mut Outcome) -> Vec<(AlertStep, u32)> {
        out.alerts.drain(..).map(|change| (change.step, change.alert.version)).collect()
    }

    #[test]
    fn a_condition_that_lasts_is_one_alert_and_is_told_when_it_gets_worse() {
        let (mut alerts, mut out) = (Alerts::default(), Outcome::default());
        alerts.raise(&rules(), WHAT, at(0), Measure::of(1_300, 1_200), &mut out);
        alerts.raise(&rules(), WHAT, at(5_000), Measure::of(1_400, 1_200), &mut out);
        alerts.raise(&rules(), WHAT, at(40_000), Measure::of(1_500, 1_200), &mut out);
        alerts.end(&rules(), WHAT, 50_000, None, &mut out);
        alerts.end(&rules(), WHAT, 51_000, None, &mut out);
        let last = out.alerts.last().unwrap().alert.clone();
        assert_eq!((last.state, last.value, last.count), (AlertState::Closed, 1_500, 1));
        assert_eq!(
            steps(&mut out),
            [(AlertStep::Opened, 1), (AlertStep::Updated, 2), (AlertStep::Ended, 3)]
        );
    }

    #[test]
    fn what_comes_again_soon_is_the_same_alert_and_later_it_is_another() {
        let (mut alerts, mut out) = (Alerts::default(), Outcome::default());
        alerts.event(&rules(), WHAT, at(0), Measure::of(1_300, 1_200), &mut out);
        alerts.event(&rules(), WHAT, at(60_000), Measure::of(1_310, 1_200), &mut out);
        alerts.event(&rules(), WHAT, at(120_001), Measure::of(1_320, 1_200), &mut out);
        let ids: Vec<_> = out.alerts.iter().map(|change| change.alert.id).collect();
        assert_eq!(ids[0], ids[3]);
        assert_ne!(ids[0], ids[4]);
        assert_eq!(out.alerts[3].alert.count, 2);
    }

    #[test]
    fn a_person_acknowledges_and_closes_and_each_may_be_said_twice() {
        let (mut alerts, mut out) = (Alerts::default(), Outcome::default());
        alerts.raise(&rules(), WHAT, at(0), Measure::of(1_300, 1_200), &mut out);
        let id = out.alerts[0].alert.id;
        for _ in 0..2 {
            alerts
                .by_hand(id, AlertStep::Acknowledged, |alert| alert.acknowledge("li", 5), &mut out)
                .unwrap();
        }
        for _ in 0..2 {
            alerts.by_hand(id, AlertStep::Closed, |alert| alert.close("li", 9), &mut out).unwrap();
        }
        let other = alerts.by_hand(id, AlertStep::Closed, |alert| alert.close("wang", 9), &mut out);
        assert_eq!(other, Err(AlertError::Closed(id)));
        assert_eq!(
            steps(&mut out),
            [(AlertStep::Opened, 1), (AlertStep::Acknowledged, 2), (AlertStep::Closed, 3)]
        );
        // The condition goes on, ends, and comes again at once: it was closed by a person, so this is another.
        alerts.raise(&rules(), WHAT, at(40_000), Measure::of(1_900, 1_200), &mut out);
        alerts.end(&rules(), WHAT, 41_000, None, &mut out);
        assert!(out.alerts.is_empty());
        alerts.raise(&rules(), WHAT, at(42_000), Measure::of(1_300, 1_200), &mut out);
        assert_ne!(out.alerts[0].alert.id, id);
    }

    #[test]
    fn an_emergency_waits_for_a_person() {
        let (mut alerts, mut out) = (Alerts::default(), Outcome::default());
        let what = (AlertKind::Emergency, 0);
        alerts.event(&rules(), what, at(0), Measure::of(1, 1), &mut out);
        let alert = out.alerts.last().unwrap().alert.clone();
        assert_eq!((alert.state, alert.ended_ms), (AlertState::Open, Some(0)));
        // Hours later it is still followed, so that a person can close it here.
        alerts.event(&rules(), WHAT, at(10_000_000), Measure::of(1, 1), &mut out);
        assert!(alerts.all().any(|one| one.id == alert.id));
    }

    #[test]
    fn alerts_of_one_vehicle_are_bounded() {
        let (mut alerts, mut out) = (Alerts::default(), Outcome::default());
        for key in 0..100 {
            alerts.raise(&rules(), (AlertKind::Terminal, key), at(1), Measure::of(1, 1), &mut out);
        }
        assert_eq!(alerts.all().count(), MOST);
        assert_eq!(out.counts.alerts_refused, 100 - MOST as u64);
    }
}
