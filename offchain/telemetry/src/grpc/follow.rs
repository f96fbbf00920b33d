//! The last states of vehicles, and what changes of them, told as it happens.
//!
//! A follower is told at its own speed. It keeps what it was subscribed to and the group of changes that it is being told;
//! further ones wait where they wait for all followers, and whoever is too far behind is let go.

use super::{
    answer,
    ask::{frame, wrong, Frame},
    status, Answers,
};
use crate::{
    analysis::{alert::AlertChange, LastState},
    live::{Changes, Live, LiveChanges},
    queries::MOST_VEHICLES,
    Telemetry,
};
use futures::StreamExt;
use rustc_hash::FxHashSet;
use smartlink_proto::telemetry::{self as proto, change::What};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::Status;

/// What a follower wants to be told.
pub(super) struct Wanted {
    /// Empty: all.
    vehicles: FxHashSet<u32>,
    frame: Option<Frame>,
    alerts_only: bool,
    /// Vehicles that were last told within the frame.
    inside: FxHashSet<u32>,
}

impl Wanted {
    pub(super) fn of(request: proto::FollowRequest) -> Result<Self, Status> {
        if request.vehicles.len() > MOST_VEHICLES {
            let many = request.vehicles.len();
            return Err(wrong(format!(
                "{many} vehicles are named: name at most {MOST_VEHICLES}, or none for all"
            )));
        }
        Ok(Self {
            vehicles: request.vehicles.into_iter().collect(),
            frame: request.r#box.map(frame).transpose()?,
            alerts_only: request.alerts_only,
            inside: FxHashSet::default(),
        })
    }

    fn names(&self, vehicle: u32) -> bool {
        self.vehicles.is_empty() || self.vehicles.contains(&vehicle)
    }

    fn is_within(&self, state: &LastState) -> bool {
        self.frame.is_none_or(|frame| frame.holds(state.place))
    }

    /// Subscribes, with those states that are there.
    fn subscribe(&mut self, live: &Live) -> (Vec<Arc<LastState>>, LiveChanges) {
        if self.alerts_only {
            return live.subscribe_to(&FxHashSet::default());
        }
        let (mut now, changes) = match self.vehicles.is_empty() {
            true => live.subscribe(|state| self.is_within(state)),
            false => live.subscribe_to(&self.vehicles),
        };
        now.retain(|state| self.is_within(state));
        if self.frame.is_some() {
            self.inside = now.iter().map(|state| state.vehicle).collect();
        }
        (now, changes)
    }

    /// Whether a state is told: within the frame, or the first one outside.
    fn takes(&mut self, state: &LastState) -> bool {
        if self.alerts_only || !self.names(state.vehicle) {
            return false;
        }
        if self.frame.is_none() {
            return true;
        }
        if self.is_within(state) {
            self.inside.insert(state.vehicle);
            return true;
        }
        self.inside.remove(&state.vehicle)
    }
}

struct Follower {
    wanted: Wanted,
    /// States of the beginning that are still to be told.
    now: std::vec::IntoIter<Arc<LastState>>,
    caught_up: bool,
    changes: LiveChanges,
    /// The group that is being told, and how much of it was looked at.
    group: Arc<Changes>,
    states: usize,
    alerts: usize,
    running: watch::Receiver<Option<Telemetry>>,
}

/// Follows until the follower goes, is too slow, or telemetry stops.
pub(super) fn follow(
    live: &Live,
    mut wanted: Wanted,
    running: watch::Receiver<Option<Telemetry>>,
) -> Answers<proto::Change> {
    let (now, changes) = wanted.subscribe(live);
    let follower = Follower {
        wanted,
        now: now.into_iter(),
        caught_up: false,
        changes,
        group: Arc::default(),
        states: 0,
        alerts: 0,
        running,
    };
    futures::stream::unfold(Some(follower), |follower| async {
        let mut follower = follower?;
        match follower.next().await {
            Ok(what) => Some((Ok(proto::Change { what: Some(what) }), Some(follower))),
            Err(status) => Some((Err(status), None)),
        }
    })
    .boxed()
}

/// Ends when telemetry stops.
async fn stopped(running: &mut watch::Receiver<Option<Telemetry>>) {
    let _ = running.wait_for(Option::is_none).await;
}

impl Follower {
    async fn next(&mut self) -> Result<What, Status> {
        if let Some(state) = self.now.next() {
            return Ok(What::Vehicle(answer::vehicle(&state)));
        }
        if !std::mem::replace(&mut self.caught_up, true) {
            return Ok(What::CaughtUp(proto::Done {}));
        }
        loop {
            if let Some(what) = self.of_group() {
                return Ok(what);
            }
            let Self { changes, running, .. } = self;
            let next = tokio::select! {
                next = changes.next() => next,
                () = stopped(running) => Ok(None),
            };
            match next {
                Ok(Some(group)) => (self.group, self.states, self.alerts) = (group, 0, 0),
                Ok(None) => return Err(status::stopped()),
                Err(_) => return Err(status::behind()),
            }
        }
    }

    /// The next that is wanted of the group: states, then alerts.
    fn of_group(&mut self) -> Option<What> {
        while let Some(state) = self.group.states.get(self.states) {
            self.states += 1;
            if self.wanted.takes(state) {
                return Some(What::Vehicle(answer::vehicle(state)));
            }
        }
        while let Some(change) = self.group.alerts.get(self.alerts) {
            self.alerts += 1;
            if self.wanted.names(change.alert.vehicle) {
                let change: AlertChange = change.clone();
                return Some(What::Alert(answer::alert_change(change)));
            }
        }
        None
    }
}
