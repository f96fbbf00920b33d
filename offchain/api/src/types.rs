//! What goes over the wire, in words that cannot be wrong once they are parsed.

mod devices;
mod driver;
mod file;
mod inbox;
mod order;
mod place;
mod scalar;
mod staff;
mod telemetry;

pub use devices::{
    Command, CommandState, Commands, Connection, Details, Enrolled, Instruction, Media, Medium,
    Protocol, Stranger, Strangers, Terminal, TerminalState, Terminals,
};
pub use driver::{Driver, Earnings, Report, Reported, State as DutyState};
pub use file::Link;
pub(crate) use file::Wanted;
pub use inbox::{
    Channels, Confirmable, DeadLetter, DeadLetters, Inbox, InboxChange, Message, PendingChannel,
    WebhookShape,
};
pub use order::{
    Cancellation, Change, Offer, Order, OrderState, Orders, Party, Price, Quote, Settlement, Track,
    VehicleClass,
};
pub use place::{Latitude, Longitude, Place, Position};
pub use scalar::{Id, Key, Money, Text, Whole};
pub use staff::{
    AuditEntry, AuditPage, Batch, Batches, Candidate, Configuration, CostPart, Decision, Drivers,
    Event, Explanation, Figures, History, Nearby, Outcome, Setting, StateCount,
};
pub use telemetry::{
    Alert, AlertState, AlertStep, Alerts, Area, CargoRange, Coordinates, Cursor, Datum, Day, Deed,
    Driving, DrivingDay, DrivingDays, Export, FileFormat, FileOf, Fix, Fixes, Geofence, Geofences,
    Json, JsonObject, LastFix, RuleBook, Severity, Stop, StopKind, Stops, TelemetryChange, Trip,
    TripEnd, Trips, VehicleState, VehicleStates, Vehicles, Visit, Visits,
};
