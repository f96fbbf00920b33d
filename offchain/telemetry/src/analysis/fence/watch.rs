//! Which fences a vehicle is in.
//!
//! A vehicle has entered when a fix is inside by more than the margin, or when several in a row are inside. It has left
//! when several fixes in a row are outside by more than the margin, or one by five times as much. Between the two it is
//! where it was: a vehicle that is parked on the border crosses nothing.

use super::{Crossing, CrossingKind, Fence, Fences};
use crate::analysis::{
    alert::AlertKind,
    alerts::{Measure, Scene},
    detect::Watch,
    durable::durable,
    geometry::Place,
    motion::Fix,
};

/// The most fences that a vehicle is followed in at a time. Those of higher ids are not followed, and counted.
const MOST_INSIDE: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inside {
    fence: u32,
    since_ms: u64,
    place: Place,
    dwelt: bool,
    /// Fixes outside in a row, and the first of them.
    outside: u8,
    outside_ms: u64,
    outside_place: Place,
}

durable!(Inside { fence, since_ms, place, dwelt, outside, outside_ms, outside_place });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entering {
    fence: u32,
    since_ms: u64,
    place: Place,
    fixes: u8,
}

durable!(Entering { fence, since_ms, place, fixes });

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FenceWatch {
    inside: Vec<Inside>,
    entering: Vec<Entering>,
}

durable!(FenceWatch { inside, entering });

impl FenceWatch {
    /// The lowest limit of the fences that the vehicle is in, in 0.1 km/h.
    pub(crate) fn limit(&self, fences: &Fences) -> Option<u16> {
        let limits =
            self.inside.iter().filter_map(|inside| fences.get(inside.fence)?.speed_limit_kmh);
        limits.min().map(|kmh| kmh.saturating_mul(10))
    }

    /// The fences that the vehicle is in.
    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.inside.iter().map(|inside| inside.fence)
    }

    /// The next fix.
    pub(crate) fn step(&mut self, watch: &mut Watch<'_>, fences: &Fences, fix: &Fix) {
        if !watch.rules.fences.enabled || (fences.all().is_empty() && self.inside.is_empty()) {
            return;
        }
        // Until this fix the vehicle was where it was.
        self.dwell(watch, fences, fix.time_ms);
        let margin = f64::from(watch.rules.fences.margin_m);
        let mut entered = Vec::new();
        let mut around = Vec::new();
        fences.index.visit(fix.place, |number, whole| {
            let fence = &fences.fences[number as usize];
            if !fence.is_for(watch.facts.class) || !(whole || fence.shape.contains(fix.place)) {
                return;
            }
            around.push(fence.id);
            if !self.inside.iter().any(|inside| inside.fence == fence.id) {
                let deep = whole || !fence.shape.is_near_border(fix.place, margin);
                entered.push((fence.id, deep));
            }
        });
        self.entering.retain(|entering| around.contains(&entering.fence));
        entered.sort_unstable();
        for (fence, deep) in entered {
            self.enter(watch, fences, fix, fence, deep);
        }
        self.leave(watch, fences, fix, &around);
    }

    fn enter(&mut self, watch: &mut Watch<'_>, fences: &Fences, fix: &Fix, id: u32, deep: bool) {
        let place = self.entering.iter().position(|entering| entering.fence == id);
        let first = Entering { fence: id, since_ms: fix.time_ms, place: fix.place, fixes: 0 };
        let mut entering = place.map_or(first, |place| self.entering.swap_remove(place));
        entering.fixes = entering.fixes.saturating_add(1);
        if !deep && entering.fixes < watch.rules.fences.confirm_fixes {
            if self.entering.len() < MOST_INSIDE {
                self.entering.push(entering);
            }
            return;
        }
        let Some(fence) = fences.get(id) else { return };
        if self.inside.len() >= MOST_INSIDE {
            watch.out.counts.fences_refused += 1;
            return;
        }
        let Entering { since_ms, place, .. } = entering;
        self.inside.push(Inside {
            fence: id,
            since_ms,
            place,
            dwelt: false,
            outside: 0,
            outside_ms: 0,
            outside_place: place,
        });
        crossed(watch, fence, CrossingKind::Enter, (since_ms, place), 0);
    }

    fn leave(&mut self, watch: &mut Watch<'_>, fences: &Fences, fix: &Fix, around: &[u32]) {
        let rules = &watch.rules.fences;
        let margin = f64::from(rules.margin_m);
        let mut left = Vec::new();
        self.inside.retain_mut(|inside| {
            // A fence that is no more was not left by the vehicle.
            let Some(fence) = fences.get(inside.fence) else { return false };
            if around.contains(&inside.fence) {
                inside.outside = 0;
                return true;
            }
            if fence.shape.is_near_border(fix.place, margin) {
                return true;
            }
            if inside.outside == 0 {
                (inside.outside_ms, inside.outside_place) = (fix.time_ms, fix.place);
            }
            inside.outside = inside.outside.saturating_add(1);
            let far = !fence.shape.is_near_border(fix.place, margin * 5.0);
            let stays = !far && inside.outside < rules.confirm_fixes;
            if !stays {
                left.push(*inside);
            }
            stays
        });
        for Inside { fence, since_ms, outside_ms, outside_place, .. } in left {
            let Some(fence) = fences.get(fence) else { continue };
            let inside_ms = outside_ms.saturating_sub(since_ms);
            crossed(watch, fence, CrossingKind::Exit, (outside_ms, outside_place), inside_ms);
            let stayed = dwelling(fence, inside_ms);
            watch.end_at(AlertKind::FenceDwell, fence.id, outside_ms, Some(stayed));
        }
    }

    /// Tells who stays too long by now.
    pub(crate) fn dwell(&mut self, watch: &mut Watch<'_>, fences: &Fences, now_ms: u64) {
        for inside in self.inside.iter_mut().filter(|inside| !inside.dwelt && inside.outside == 0) {
            let Some(fence) = fences.get(inside.fence) else { continue };
            let Some(most_ms) = fence.dwell_ms else { continue };
            if now_ms.saturating_sub(inside.since_ms) < most_ms {
                continue;
            }
            inside.dwelt = true;
            let at = (inside.since_ms.saturating_add(most_ms), inside.place);
            crossed(watch, fence, CrossingKind::Dwell, at, most_ms);
        }
    }
}

/// How long a vehicle stayed, against what the fence allows. Years at most.
fn dwelling(fence: &Fence, inside_ms: u64) -> Measure {
    Measure::of(inside_ms.cast_signed(), fence.dwell_ms.unwrap_or(0).cast_signed())
}

fn crossed(
    watch: &mut Watch<'_>,
    fence: &Fence,
    kind: CrossingKind,
    (time_ms, place): (u64, Place),
    inside_ms: u64,
) {
    let Scene { vehicle, driver, .. } = watch.scene;
    let crossing = Crossing { vehicle, driver, fence: fence.id, kind, time_ms, place, inside_ms };
    watch.out.crossings.push(crossing);
    let scene = Scene { time_ms, place: Some(place), ..watch.scene };
    let mut watch = watch.at(scene);
    let stayed = dwelling(fence, inside_ms);
    match kind {
        CrossingKind::Enter if fence.alert_enter => {
            watch.event(AlertKind::FenceEnter, fence.id, stayed);
        }
        CrossingKind::Exit if fence.alert_exit => {
            watch.event(AlertKind::FenceExit, fence.id, stayed);
        }
        CrossingKind::Dwell => watch.raise(AlertKind::FenceDwell, fence.id, stayed),
        CrossingKind::Enter | CrossingKind::Exit => {}
    }
}
