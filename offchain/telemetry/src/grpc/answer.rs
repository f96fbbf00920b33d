//! What telemetry has, as messages.

use crate::{
    analysis::{
        alert::{Alert, AlertChange, AlertState, AlertStep, Deed, Severity},
        class::Class,
        rules::RuleBook,
        DayTotals, Driving, LastState, Place, Stop, StopKind, Trip, TripEnd,
    },
    export::Fix,
    geofences::Geofence,
    queries::{AlertPage, DayPage, FixPage, StopPage, TripPage, Visit},
};
use serde::Serialize;
use smartlink_proto::telemetry as proto;
use tonic::Status;

pub(super) fn json(value: &impl Serialize) -> Result<String, Status> {
    serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "an answer is no JSON");
        Status::internal("the answer cannot be shown: the service's log says why")
    })
}

fn place(place: Place) -> proto::Place {
    proto::Place { latitude_e6: place.latitude, longitude_e6: place.longitude }
}

pub(super) fn vehicle(state: &LastState) -> proto::Vehicle {
    proto::Vehicle {
        vehicle: state.vehicle,
        terminal: state.terminal,
        driver: state.driver,
        sequence: state.sequence,
        heard_ms: state.heard_ms,
        online: state.online,
        time_ms: state.time_ms,
        fixed_ms: (state.fixed_ms != 0).then_some(state.fixed_ms),
        place: state.place.map(place),
        altitude_m: state.altitude.into(),
        speed_dkmh: state.speed.into(),
        heading: state.heading.into(),
        flags: state.flags,
        alarms: state.alarms,
        odometer_m: state.odometer_m,
        fuel_ml: state.fuel_ml,
        fuel_permille: state.fuel_permille,
        charge_permille: state.charge_permille,
        temperature_dc: state.temperature,
    }
}

pub(super) fn fix(fix: &Fix) -> proto::Fix {
    proto::Fix {
        sequence: fix.sequence,
        vehicle: fix.vehicle,
        terminal: fix.terminal,
        time_ms: fix.time_ms,
        place: Some(place(Place { latitude: fix.latitude, longitude: fix.longitude })),
        altitude_m: fix.altitude.into(),
        speed_dkmh: fix.speed.into(),
        heading: fix.heading.into(),
        flags: fix.flags,
        alarms: fix.alarms,
    }
}

pub(super) fn fix_page(page: FixPage) -> proto::FixPage {
    let next = page.next.map(|next| proto::FixCursor {
        vehicle: next.vehicle,
        terminal: next.terminal,
        time_ms: next.time_ms,
        sequence: next.sequence,
    });
    proto::FixPage { fixes: page.fixes.iter().map(fix).collect(), next }
}

pub(super) fn visit(visit: Visit) -> proto::Visit {
    let Visit { vehicle, first_ms, last_ms, fixes } = visit;
    proto::Visit { vehicle, first_ms, last_ms, fixes }
}

fn driving(driving: Driving) -> proto::Driving {
    proto::Driving {
        distance_m: driving.distance_m,
        moving_ms: driving.moving_ms,
        idle_ms: driving.idle_ms,
        night_ms: driving.night_ms,
        speeding_ms: driving.speeding_ms,
        speedings: driving.speedings,
        accelerations: driving.accelerations,
        brakings: driving.brakings,
        cornerings: driving.cornerings,
        fuel_ml: driving.fuel_ml,
        energy_wh: driving.energy_wh,
    }
}

fn trip(trip: Trip) -> proto::Trip {
    let end = match trip.end {
        None => proto::TripEnd::Unspecified,
        Some(TripEnd::Ignition) => proto::TripEnd::Ignition,
        Some(TripEnd::Stood) => proto::TripEnd::Stood,
        Some(TripEnd::Gap) => proto::TripEnd::Gap,
        Some(TripEnd::Driver) => proto::TripEnd::Driver,
    };
    proto::Trip {
        id: trip.id,
        version: trip.version,
        vehicle: trip.vehicle,
        driver: trip.driver,
        started_ms: trip.started_ms,
        ended_ms: trip.ended_ms,
        end: end.into(),
        from: Some(place(trip.from)),
        to: Some(place(trip.to)),
        odometer_m: trip.odometer_m,
        fastest_dkmh: trip.fastest.into(),
        stops: trip.stops,
        fixes: trip.fixes,
        driving: Some(driving(trip.driving)),
        safety: trip.safety.map(u32::from),
        economy: trip.economy.map(u32::from),
    }
}

pub(super) fn trip_page(page: TripPage) -> proto::TripPage {
    let next = page.next.map(|next| proto::TimeCursor { time_ms: next.started_ms, id: next.id });
    proto::TripPage { trips: page.trips.into_iter().map(trip).collect(), next }
}

fn stop(stop: Stop) -> proto::Stop {
    let kind = match stop.kind {
        StopKind::Idling => proto::StopKind::Idling,
        StopKind::Standing => proto::StopKind::Standing,
        StopKind::Parked => proto::StopKind::Parked,
    };
    proto::Stop {
        vehicle: stop.vehicle,
        driver: stop.driver,
        trip: stop.trip,
        kind: kind.into(),
        from_ms: stop.from_ms,
        until_ms: stop.until_ms,
        place: Some(place(stop.place)),
        overnight: stop.overnight,
    }
}

pub(super) fn stop_page(page: StopPage) -> proto::StopPage {
    let next =
        page.next.map(|next| proto::StopCursor { vehicle: next.vehicle, from_ms: next.from_ms });
    proto::StopPage { stops: page.stops.into_iter().map(stop).collect(), next }
}

fn day(day: DayTotals) -> proto::Day {
    proto::Day {
        vehicle: day.vehicle,
        driver: day.driver,
        day: day.day,
        version: day.version,
        trips: day.trips,
        driving: Some(driving(day.driving)),
        safety: day.safety.into(),
        economy: day.economy.map(u32::from),
    }
}

pub(super) fn day_page(page: DayPage) -> proto::DayPage {
    let next = page.next.map(|next| proto::DayCursor {
        day: next.day,
        vehicle: next.vehicle,
        driver: next.driver,
    });
    proto::DayPage { days: page.days.into_iter().map(day).collect(), next }
}

fn deed(deed: Deed) -> proto::Deed {
    proto::Deed { by: deed.by, at_ms: deed.at_ms }
}

pub(super) fn alert(alert: Alert) -> proto::Alert {
    let severity = match alert.kind.severity() {
        Severity::Info => proto::Severity::Info,
        Severity::Warning => proto::Severity::Warning,
        Severity::Critical => proto::Severity::Critical,
    };
    let state = match alert.state {
        AlertState::Open => proto::AlertState::Open,
        AlertState::Acknowledged => proto::AlertState::Acknowledged,
        AlertState::Closed => proto::AlertState::Closed,
    };
    proto::Alert {
        id: alert.id,
        version: alert.version,
        vehicle: alert.vehicle,
        driver: alert.driver,
        kind: alert.kind.name().to_owned(),
        key: alert.key,
        severity: severity.into(),
        state: state.into(),
        opened_ms: alert.opened_ms,
        last_ms: alert.last_ms,
        ended_ms: alert.ended_ms,
        closed_ms: alert.closed_ms,
        place: alert.place.map(place),
        value: alert.value,
        mean: alert.mean,
        threshold: alert.threshold,
        count: alert.count,
        trip: alert.trip,
        acknowledged: alert.acknowledged.map(deed),
        closed: alert.closed.map(deed),
    }
}

pub(super) fn alert_change(change: AlertChange) -> proto::AlertChange {
    let step = match change.step {
        AlertStep::Opened => proto::AlertStep::Opened,
        AlertStep::Updated => proto::AlertStep::Updated,
        AlertStep::Ended => proto::AlertStep::Ended,
        AlertStep::Reopened => proto::AlertStep::Reopened,
        AlertStep::Acknowledged => proto::AlertStep::Acknowledged,
        AlertStep::Closed => proto::AlertStep::Closed,
    };
    proto::AlertChange { step: step.into(), alert: Some(alert(change.alert)) }
}

pub(super) fn alert_page(page: AlertPage) -> proto::AlertPage {
    let next = page.next.map(|next| proto::TimeCursor { time_ms: next.opened_ms, id: next.id });
    proto::AlertPage { alerts: page.alerts.into_iter().map(alert).collect(), next }
}

pub(super) fn geofence(fence: &Geofence) -> proto::Geofence {
    proto::Geofence {
        id: fence.id,
        version: fence.version,
        changed_ms: fence.changed_ms,
        changed_by: fence.changed_by.clone(),
        feature_json: fence.feature.to_string(),
    }
}

/// A book that was taken, with what follows from it.
pub(super) fn rules(book: &RuleBook) -> Result<proto::RuleBook, Status> {
    let set = book.compile().map_err(|error| super::status::of_command(error.into()))?;
    let classes = Class::ALL.map(|class| (class.name(), set.of(class)));
    let effective: std::collections::BTreeMap<_, _> = classes.into_iter().collect();
    Ok(proto::RuleBook { book_json: json(book)?, effective_json: json(&effective)? })
}
