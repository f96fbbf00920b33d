//! What a company's vehicles did, as its fleet manager sees it through the API.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{json, Value};
use smartlink_simulator::Person;

use crate::{table::grouped, Error};

/// Items of a page.
const PAGE: u32 = 500;
/// Pages that are read of a list, at most.
const MOST_PAGES: usize = 200;
/// A recorded day, and what was driven since, in milliseconds.
const SPAN_MS: u64 = 2 * 86_400_000;

/// Where vehicles are, their trips and alerts, and a file of all tracks; in sentences.
///
/// # Errors
/// The API refuses, or the file cannot be written.
pub async fn told(person: &mut Person, tracks: &Path) -> Result<String, Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let until_ms = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    let from_ms = until_ms.saturating_sub(SPAN_MS);
    let span = json!({ "from_ms": from_ms, "until_ms": until_ms });
    let vehicles = all(person, "telemetry_vehicles", "vehicles", "after", json!({})).await?;
    let online = vehicles.iter().filter(|vehicle| vehicle["online"] == true).count();
    let trips = all(person, "telemetry_trips", "trips", "before", span).await?;
    let metres = |trip: &Value| trip["driving"]["distance_m"].as_u64().unwrap_or(0);
    let kilometres = trips.iter().map(metres).sum::<u64>() / 1_000;
    let alerts = all(person, "telemetry_alerts", "alerts", "before", json!({})).await?;
    let path = format!("/export?what=track&format=gpx&from_ms={from_ms}&until_ms={until_ms}");
    let bytes = person.download(&path, tracks).await?;
    Ok(format!(
        "Through the API its fleet manager sees {} vehicles, {online} of them online, {} trips of {} km and {}; \
         their tracks are a file of {} kB (GPX).",
        grouped(vehicles.len() as u64),
        grouped(trips.len() as u64),
        grouped(kilometres),
        of_kinds(&alerts),
        grouped(bytes / 1_000),
    ))
}

/// All of a list, a page at a time.
async fn all(
    person: &mut Person,
    method: &'static str,
    list: &str,
    cursor: &str,
    mut params: Value,
) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    params["limit"] = PAGE.into();
    for _ in 0..MOST_PAGES {
        let mut page = person.ask(method, params.clone()).await?;
        if let Some(more) = page[list].as_array_mut() {
            items.append(more);
        }
        match page["next"].take() {
            Value::Null => return Ok(items),
            next => params[cursor] = next,
        }
    }
    Ok(items)
}

/// How many alerts there are of which kind.
fn of_kinds(alerts: &[Value]) -> String {
    let mut kinds = BTreeMap::<&str, u64>::new();
    for alert in alerts {
        *kinds.entry(alert["kind"].as_str().unwrap_or("unknown")).or_default() += 1;
    }
    if kinds.is_empty() {
        return "no alerts".to_owned();
    }
    let kinds = kinds.iter().map(|(kind, number)| format!("{number} {}", kind.replace('_', " ")));
    let alert = if alerts.len() == 1 { "alert" } else { "alerts" };
    let number = grouped(alerts.len() as u64);
    format!("{number} {alert} ({})", kinds.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_counted_by_kind() {
        assert_eq!(of_kinds(&[]), "no alerts");
        let alert = |kind: &str| json!({ "kind": kind });
        let alerts = [alert("tow"), alert("harsh_braking"), alert("tow")];
        assert_eq!(of_kinds(&alerts), "3 alerts (1 harsh braking, 2 tow)");
        assert_eq!(of_kinds(&alerts[..1]), "1 alert (1 tow)");
    }
}
