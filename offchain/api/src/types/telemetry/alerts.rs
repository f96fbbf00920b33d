//! What somebody should know.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_proto::telemetry as proto;

use super::{Coordinates, Cursor, Datum};
use crate::types::{order::named, Id};

named! {
    /// Where an alert is in its life.
    AlertState = proto::AlertState {
        /// Nobody has looked.
        Open,
        /// A person knows.
        Acknowledged,
        /// Done.
        Closed,
    }
}

named! {
    /// How urgent an alert is.
    Severity = proto::Severity {
        /// For reports.
        Info,
        /// Somebody should look.
        Warning,
        /// Somebody has to act.
        Critical,
    }
}

named! {
    /// What happened to an alert.
    AlertStep = proto::AlertStep {
        /// It is new.
        Opened,
        /// It got worse, or goes on.
        Updated,
        /// Its condition ended. The alert is closed by that, unless its kind waits for a person.
        Ended,
        /// Its condition is there again.
        Reopened,
        /// A person knows.
        Acknowledged,
        /// A person closed it.
        Closed,
    }
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Deed {
    /// The account of the person, or a name that another service gave.
    pub by: String,
    /// When, in milliseconds of the Unix epoch.
    pub at_ms: u64,
}

impl From<proto::Deed> for Deed {
    fn from(deed: proto::Deed) -> Self {
        Self { by: deed.by, at_ms: deed.at_ms }
    }
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Alert {
    /// Its id.
    pub id: Id,
    /// Rises with every change: the highest is the truth.
    pub version: u32,
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<u32>,
    /// What it is about. docs/telemetry.md lists the kinds.
    pub kind: String,
    /// Which of several: the geofence, the sensor, the terminal's bit. 0 where there is one.
    pub key: u32,
    /// How urgent it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Where it is in its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AlertState>,
    /// When its condition began, in milliseconds of the Unix epoch.
    pub opened_ms: u64,
    /// When its condition was last seen.
    pub last_ms: u64,
    /// When its condition ended. Missing: it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_ms: Option<u64>,
    /// When it was closed. Missing: it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_ms: Option<u64>,
    /// Where it began. Missing: no position was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Coordinates>,
    /// The worst value, in the unit of its kind.
    pub value: i64,
    /// The mean value, where its kind has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<i64>,
    /// What the value was compared with.
    pub threshold: i64,
    /// How often its condition began.
    pub count: u32,
    /// The trip during which it began. Missing: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trip: Option<Id>,
    /// Who acknowledged it. Missing: nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Deed>,
    /// Who closed it. Missing: it is open, or the end of its condition closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Deed>,
}

impl Alert {
    pub(crate) fn read(alert: proto::Alert, datum: Datum) -> Self {
        Self {
            id: Id(alert.id),
            version: alert.version,
            vehicle: alert.vehicle,
            driver: alert.driver,
            kind: alert.kind,
            key: alert.key,
            severity: Severity::read(alert.severity),
            state: AlertState::read(alert.state),
            opened_ms: alert.opened_ms,
            last_ms: alert.last_ms,
            ended_ms: alert.ended_ms,
            closed_ms: alert.closed_ms,
            place: alert.place.map(|place| Coordinates::read(place, datum)),
            value: alert.value,
            mean: alert.mean,
            threshold: alert.threshold,
            count: alert.count,
            trip: alert.trip.and_then(Id::known),
            acknowledged: alert.acknowledged.map(Deed::from),
            closed: alert.closed.map(Deed::from),
        }
    }
}

/// A page of alerts, those that were opened last first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Alerts {
    /// The alerts.
    pub alerts: Vec<Alert>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor<2>>,
}

impl Alerts {
    pub(crate) fn read(page: proto::AlertPage, datum: Datum) -> Self {
        let alerts = page.alerts.into_iter().map(|alert| Alert::read(alert, datum)).collect();
        Self { alerts, next: page.next.map(Cursor::from) }
    }
}
