//! Reads OSRM's JSON.

use serde::Deserialize;

use super::{Leg, OsrmError};

/// The members of both services that are used; what is missing in a refusal defaults.
#[derive(Deserialize)]
struct Answer {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    durations: Vec<Vec<Option<f64>>>,
    #[serde(default)]
    distances: Vec<Vec<Option<f64>>>,
    #[serde(default)]
    routes: Vec<Route>,
}

#[derive(Deserialize)]
struct Route {
    duration: f64,
    distance: f64,
}

/// The first route. `None` when there is no way.
pub(super) fn route(body: &[u8]) -> Result<Option<Leg>, OsrmError> {
    let answer = match read(body) {
        Err(OsrmError::Refused { code, .. }) if code == "NoRoute" || code == "NoSegment" => {
            return Ok(None);
        }
        other => other?,
    };
    let route = answer.routes.first();
    let route = route.ok_or_else(|| OsrmError::Answer("code Ok without a route".to_owned()))?;
    leg(route.distance, route.duration).map(Some)
}

/// A table with a row for each source and a column for each destination. A cell is `None` when there is no way.
pub(super) fn table(
    body: &[u8],
    sources: usize,
    destinations: usize,
) -> Result<Vec<Vec<Option<Leg>>>, OsrmError> {
    let answer = read(body)?;
    let shaped = |rows: &[Vec<Option<f64>>]| {
        rows.len() == sources && rows.iter().all(|row| row.len() == destinations)
    };
    if !shaped(&answer.durations) || !shaped(&answer.distances) {
        return Err(OsrmError::Answer(format!(
            "durations and distances must be tables of {sources} x {destinations}"
        )));
    }
    let rows = answer.durations.iter().zip(&answer.distances);
    rows.map(|(durations, distances)| {
        let cells = durations.iter().zip(distances);
        cells
            .map(|(duration, distance)| match (duration, distance) {
                (Some(duration), Some(distance)) => leg(*distance, *duration).map(Some),
                _ => Ok(None),
            })
            .collect()
    })
    .collect()
}

fn read(body: &[u8]) -> Result<Answer, OsrmError> {
    let answer: Answer =
        serde_json::from_slice(body).map_err(|error| OsrmError::Answer(error.to_string()))?;
    if answer.code == "Ok" {
        return Ok(answer);
    }
    Err(OsrmError::Refused { code: answer.code, message: answer.message })
}

fn leg(distance: f64, duration: f64) -> Result<Leg, OsrmError> {
    let whole = |number: f64| {
        let rounded = number.round();
        if (0.0..=f64::from(u32::MAX)).contains(&rounded) {
            // A whole number within u32.
            Ok(rounded as u32)
        } else {
            Err(OsrmError::Answer(format!("{number} is neither metres nor seconds")))
        }
    };
    Ok(Leg { distance_m: whole(distance)?, duration_s: whole(duration)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_metres_and_seconds_and_holes() {
        let body =
            br#"{"code":"Ok","durations":[[1.4,null]],"distances":[[9.6,null]],"sources":[]}"#;
        let cells = table(body, 1, 2).unwrap();
        assert_eq!(cells, [[Some(Leg { distance_m: 10, duration_s: 1 }), None]]);
        assert!(table(body, 2, 2).is_err(), "a table of another shape is none");
    }

    #[test]
    fn no_route_is_an_answer_and_everything_else_is_an_error() {
        let no_route = br#"{"code":"NoRoute","message":"Impossible route between points"}"#;
        assert_eq!(route(no_route).unwrap(), None);
        assert!(route(br#"{"code":"Ok","routes":[]}"#).is_err());
        assert!(route(br#"{"code":"Ok","routes":[{"duration":-1,"distance":0}]}"#).is_err());
        assert!(matches!(route(br#"{"code":"TooBig"}"#), Err(OsrmError::Refused { .. })));
    }

    #[test]
    fn whatever_a_server_sends_is_read_or_refused() {
        bolero::check!().with_type::<Vec<u8>>().for_each(|body| {
            let _ = route(body);
            if let Ok(cells) = table(body, 2, 3) {
                assert!(cells.len() == 2 && cells.iter().all(|row| row.len() == 3));
            }
        });
    }
}
