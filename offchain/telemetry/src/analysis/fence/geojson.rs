//! Geofences as GeoJSON (RFC 7946), both ways.
//!
//! | Geometry | Fence |
//! | --- | --- |
//! | `Polygon`, `MultiPolygon` | area with holes |
//! | `Point` with the property `radius_m` | circle |
//! | `LineString` with the property `width_m` | corridor, that wide from side to side |
//!
//! Properties that are known, all of them optional: `id` (or the feature's own `id`; otherwise numbered from the one given),
//! `name`, `speed_limit_kmh`, `dwell_s`, `alert` (list of `enter`, `exit`), `classes` (list of classes), `datum`
//! (`wgs84` or `gcj02`, what the coordinates are in). Others are ignored: maps carry all kinds. Coordinates are longitude, latitude.

use serde_json::{json, Map, Value};

use super::{Fence, Fences, Shape, MOST_FENCES, MOST_VERTICES};
use crate::analysis::{class::Class, gcj02, geometry::Place};

/// The longest text that is read, in bytes.
pub const MOST_BYTES: usize = 64 << 20;

/// The longest name, in bytes.
const MOST_NAME: usize = 256;

/// Why something is no fence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FenceError {
    /// Too long.
    #[error("a text of {0} bytes is too long: give at most {MOST_BYTES}, in several parts")]
    Long(usize),
    /// No JSON.
    #[error("this is no JSON: {0}")]
    Json(String),
    /// Too many fences.
    #[error("{0} geofences are too many: a company has at most {MOST_FENCES}")]
    TooMany(usize),
    /// Two are the same, or it is 0.
    #[error("the id {0} is 0 or there twice: give each geofence one of its own, from 1")]
    Id(u32),
    /// Something in a feature.
    #[error("{place}: {sentence}")]
    Feature {
        /// Where, as `features[3].geometry`.
        place: String,
        /// What is wrong, and what to give.
        sentence: String,
    },
}

type Parsed<T> = Result<T, FenceError>;

fn wrong<T>(place: &str, sentence: impl Into<String>) -> Parsed<T> {
    Err(FenceError::Feature { place: place.to_owned(), sentence: sentence.into() })
}

impl Fence {
    /// Reads fences from a FeatureCollection or a single Feature. Those without an id are numbered from `first_id`.
    ///
    /// # Errors
    /// Names the feature, what is wrong in it, and what to give.
    pub fn from_geojson(text: &[u8], first_id: u32) -> Parsed<Vec<Self>> {
        if text.len() > MOST_BYTES {
            return Err(FenceError::Long(text.len()));
        }
        let value: Value =
            serde_json::from_slice(text).map_err(|error| FenceError::Json(error.to_string()))?;
        let root = object(&value, "the document")?;
        let features = match root.get("type").and_then(Value::as_str) {
            Some("FeatureCollection") => list(root.get("features"), "features")?.as_slice(),
            Some("Feature") => std::slice::from_ref(&value),
            _ => return wrong("the document", "its type is neither FeatureCollection nor Feature"),
        };
        if features.len() > MOST_FENCES {
            return Err(FenceError::TooMany(features.len()));
        }
        let mut id = first_id;
        let mut fences = Vec::with_capacity(features.len());
        for (number, feature) in features.iter().enumerate() {
            let fence = Self::from_feature(feature, id, &format!("features[{number}]"))?;
            id = id.max(fence.id).saturating_add(1);
            fences.push(fence);
        }
        Ok(fences)
    }

    fn from_feature(feature: &Value, next_id: u32, place: &str) -> Parsed<Self> {
        let feature = object(feature, place)?;
        if feature.get("type").and_then(Value::as_str) != Some("Feature") {
            return wrong(place, "its type is not Feature");
        }
        let nothing = Map::new();
        let properties = match feature.get("properties") {
            None | Some(Value::Null) => &nothing,
            Some(properties) => object(properties, &format!("{place}.properties"))?,
        };
        let at = format!("{place}.properties");
        let own_id = properties.get("id").or(feature.get("id"));
        let id = match own_id {
            None | Some(Value::Null) => next_id,
            Some(own) => whole(own, &format!("{at}.id"), 1, u32::MAX.into())? as u32,
        };
        let name = match properties.get("name") {
            None | Some(Value::Null) => format!("fence {id}"),
            Some(Value::String(name)) if (1..=MOST_NAME).contains(&name.len()) => name.clone(),
            Some(_) => return wrong(&at, format!("name is no text of 1 to {MOST_NAME} bytes")),
        };
        let number = |key: &str, least: u64, most: u64| {
            let value = properties.get(key).filter(|value| !value.is_null());
            value.map(|value| whole(value, &format!("{at}.{key}"), least, most)).transpose()
        };
        let datum = datum(properties, &at)?;
        let measures = (number("radius_m", 1, 1_000_000)?, number("width_m", 2, 100_000)?);
        let shape = shape(feature.get("geometry"), &format!("{place}.geometry"), datum, measures)?;
        let alerts = names(properties, "alert", &at)?;
        for alert in &alerts {
            if !["enter", "exit"].contains(alert) {
                return wrong(&at, format!("alert has {alert:?}: give enter, exit, or both"));
            }
        }
        let class = |name: &str| Class::ALL.into_iter().find(|class| class.name() == name);
        let mut classes = Vec::new();
        for name in names(properties, "classes", &at)? {
            let Some(class) = class(name) else {
                let known = Class::ALL.map(Class::name).join(", ");
                return wrong(&at, format!("classes has {name:?}: give some of {known}"));
            };
            classes.push(class);
        }
        Ok(Self {
            id,
            name,
            shape,
            // Bounded by the call.
            speed_limit_kmh: number("speed_limit_kmh", 5, 400)?.map(|kmh| kmh as u16),
            dwell_ms: number("dwell_s", 1, 100_000_000)?.map(|seconds| seconds * 1_000),
            alert_enter: alerts.contains(&"enter"),
            alert_exit: alerts.contains(&"exit"),
            classes,
        })
    }

    /// The fence as a Feature, which [`from_geojson`](Self::from_geojson) reads again.
    pub fn to_feature(&self) -> Value {
        let mut properties = json!({ "name": self.name });
        if let Some(kmh) = self.speed_limit_kmh {
            properties["speed_limit_kmh"] = kmh.into();
        }
        if let Some(ms) = self.dwell_ms {
            properties["dwell_s"] = (ms / 1_000).into();
        }
        let alerts = [(self.alert_enter, "enter"), (self.alert_exit, "exit")];
        let alerts: Vec<_> =
            alerts.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
        if !alerts.is_empty() {
            properties["alert"] = json!(alerts);
        }
        if !self.classes.is_empty() {
            properties["classes"] =
                json!(self.classes.iter().map(|class| class.name()).collect::<Vec<_>>());
        }
        let geometry = match &self.shape {
            Shape::Polygons { polygons, .. } => {
                let closed = |ring: &Vec<Place>| -> Vec<_> {
                    ring.iter().chain(ring.first()).map(coordinates).collect()
                };
                let polygons: Vec<Vec<_>> =
                    polygons.iter().map(|polygon| polygon.iter().map(closed).collect()).collect();
                json!({ "type": "MultiPolygon", "coordinates": polygons })
            }
            Shape::Circle { centre, radius_m } => {
                properties["radius_m"] = (*radius_m).into();
                json!({ "type": "Point", "coordinates": coordinates(centre) })
            }
            Shape::Corridor { line, reach_m } => {
                properties["width_m"] = (u64::from(*reach_m) * 2).into();
                let line: Vec<_> = line.iter().map(coordinates).collect();
                json!({ "type": "LineString", "coordinates": line })
            }
        };
        json!({ "type": "Feature", "id": self.id, "properties": properties, "geometry": geometry })
    }
}

impl Fences {
    /// All fences as a FeatureCollection.
    pub fn to_geojson(&self) -> Value {
        let features: Vec<_> = self.all().iter().map(Fence::to_feature).collect();
        json!({ "type": "FeatureCollection", "features": features })
    }
}

fn coordinates(place: &Place) -> [f64; 2] {
    // A number of at most nine digits, divided: its shortest decimal form is the six decimals again.
    [f64::from(place.longitude) / 1e6, f64::from(place.latitude) / 1e6]
}

#[derive(Clone, Copy)]
enum Datum {
    Wgs84,
    Gcj02,
}

fn datum(properties: &Map<String, Value>, at: &str) -> Parsed<Datum> {
    match properties.get("datum") {
        None | Some(Value::Null) => Ok(Datum::Wgs84),
        Some(Value::String(name)) if name == "wgs84" => Ok(Datum::Wgs84),
        Some(Value::String(name)) if name == "gcj02" => Ok(Datum::Gcj02),
        Some(other) => wrong(at, format!("datum is {other}: give \"wgs84\" or \"gcj02\"")),
    }
}

fn shape(
    geometry: Option<&Value>,
    place: &str,
    datum: Datum,
    (radius_m, width_m): (Option<u64>, Option<u64>),
) -> Parsed<Shape> {
    let Some(geometry) = geometry.filter(|geometry| !geometry.is_null()) else {
        return wrong(place, "there is none: give a Polygon, MultiPolygon, Point or LineString");
    };
    let geometry = object(geometry, place)?;
    let coordinates = geometry.get("coordinates");
    let at = format!("{place}.coordinates");
    let mut left = MOST_VERTICES;
    let shape = match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => Shape::polygons(vec![polygon(coordinates, &at, datum, &mut left)?]),
        Some("MultiPolygon") => {
            let mut polygons = Vec::new();
            for (number, part) in list(coordinates, &at)?.iter().enumerate() {
                let at = format!("{at}[{number}]");
                polygons.push(polygon(Some(part), &at, datum, &mut left)?);
            }
            if polygons.is_empty() {
                return wrong(&at, "there is no polygon in it");
            }
            Shape::polygons(polygons)
        }
        Some("Point") => {
            let Some(radius_m) = radius_m else {
                return wrong(place, "a Point has no extent: give the property radius_m");
            };
            let centre = coordinate(coordinates.unwrap_or(&Value::Null), &at, datum)?;
            // Bounded where it was read.
            Shape::Circle { centre, radius_m: radius_m as u32 }
        }
        Some("LineString") => {
            let Some(width_m) = width_m else {
                return wrong(place, "a LineString has no extent: give the property width_m");
            };
            let line = places(coordinates, &at, datum, &mut left)?;
            if line.len() < 2 {
                return wrong(&at, "a line has two places at least");
            }
            Shape::Corridor { line, reach_m: (width_m / 2) as u32 }
        }
        _ => return wrong(place, "its type is none of Polygon, MultiPolygon, Point, LineString"),
    };
    let bounds = shape.bounds();
    if i64::from(bounds.east) - i64::from(bounds.west) > 180_000_000 {
        return wrong(place, "it is wider than half of the Earth: cut it at the date line");
    }
    Ok(shape)
}

fn polygon(
    value: Option<&Value>,
    at: &str,
    datum: Datum,
    left: &mut usize,
) -> Parsed<Vec<Vec<Place>>> {
    let mut rings = Vec::new();
    for (number, ring) in list(value, at)?.iter().enumerate() {
        let at = format!("{at}[{number}]");
        let mut places = places(Some(ring), &at, datum, left)?;
        if places.first() != places.last() || places.len() < 4 {
            return wrong(&at, "a ring has four places at least, and its last is its first");
        }
        places.pop();
        rings.push(places);
    }
    if rings.is_empty() {
        return wrong(at, "there is no ring in it");
    }
    Ok(rings)
}

fn places(value: Option<&Value>, at: &str, datum: Datum, left: &mut usize) -> Parsed<Vec<Place>> {
    let values = list(value, at)?;
    let Some(rest) = left.checked_sub(values.len()) else {
        return wrong(at, format!("there are more than {MOST_VERTICES} vertices: simplify it"));
    };
    *left = rest;
    let numbered = values.iter().enumerate();
    numbered.map(|(number, value)| coordinate(value, &format!("{at}[{number}]"), datum)).collect()
}

fn coordinate(value: &Value, at: &str, datum: Datum) -> Parsed<Place> {
    let numbers = value.as_array().filter(|numbers| (2..=3).contains(&numbers.len()));
    let degrees = |place: usize, most: f64| {
        let number = numbers?.get(place)?.as_f64()?;
        // Within bounds, so within i32.
        (number.abs() <= most).then(|| (number * 1e6).round() as i32)
    };
    let (Some(longitude), Some(latitude)) = (degrees(0, 180.0), degrees(1, 90.0)) else {
        return wrong(at, format!("{value} is no place: give [longitude, latitude] in degrees"));
    };
    let place = Place { latitude, longitude };
    Ok(match datum {
        Datum::Wgs84 => place,
        Datum::Gcj02 => gcj02::to_wgs84(place),
    })
}

fn object<'a>(value: &'a Value, place: &str) -> Parsed<&'a Map<String, Value>> {
    value.as_object().map_or_else(|| wrong(place, "it is no object"), Ok)
}

fn list<'a>(value: Option<&'a Value>, place: &str) -> Parsed<&'a Vec<Value>> {
    value.and_then(Value::as_array).map_or_else(|| wrong(place, "it is no list"), Ok)
}

fn whole(value: &Value, at: &str, least: u64, most: u64) -> Parsed<u64> {
    // Programs that know only one kind of numbers write 5.0.
    let float = value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0);
    let number = value.as_u64().or(float.map(|number| number as u64));
    match number.filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(number),
        None => wrong(at, format!("{value} is no whole number from {least} to {most}")),
    }
}

fn names<'a>(properties: &'a Map<String, Value>, key: &str, at: &str) -> Parsed<Vec<&'a str>> {
    let values = match properties.get(key) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        some => list(some, &format!("{at}.{key}"))?,
    };
    let texts: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
    texts.map_or_else(|| wrong(at, format!("{key} is no list of names")), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YARD: &str = r#"{"type": "Feature", "id": 7, "properties": {"name": "yard", "dwell_s": 600,
        "alert": ["enter"], "classes": ["van"], "speed_limit_kmh": 20}, "geometry": {"type": "Polygon",
        "coordinates": [[[114, 22], [114.01, 22], [114.01, 22.01], [114, 22.01], [114, 22]]]}}"#;

    #[test]
    fn a_yard_is_read_and_written() {
        let fences = Fence::from_geojson(YARD.as_bytes(), 1).unwrap();
        let fence = &fences[0];
        assert_eq!((fence.id, fence.name.as_str(), fence.dwell_ms), (7, "yard", Some(600_000)));
        assert!(fence.alert_enter && !fence.alert_exit && fence.is_for(Class::Van));
        assert!(!fence.is_for(Class::Car));
        assert!(fence.shape.contains(Place { latitude: 22_005_000, longitude: 114_005_000 }));
        let again = fence.to_feature().to_string();
        assert_eq!(Fence::from_geojson(again.as_bytes(), 1).unwrap(), fences);
    }

    #[test]
    fn circles_and_corridors_are_points_and_lines_with_an_extent() {
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"radius_m": 150},
             "geometry": {"type": "Point", "coordinates": [114.05, 22.54]}},
            {"type": "Feature", "properties": {"width_m": 60, "datum": "gcj02"},
             "geometry": {"type": "LineString", "coordinates": [[114, 22], [114.1, 22]]}}]}"#;
        let fences = Fence::from_geojson(text.as_bytes(), 40).unwrap();
        assert_eq!([fences[0].id, fences[1].id], [40, 41]);
        let Shape::Corridor { line, reach_m: 30 } = &fences[1].shape else { panic!() };
        assert_eq!(
            gcj02::from_wgs84(line[0]),
            Place { latitude: 22_000_000, longitude: 114_000_000 }
        );
        let text = Fences::new(fences.clone()).unwrap().to_geojson().to_string();
        assert_eq!(Fence::from_geojson(text.as_bytes(), 1).unwrap(), fences);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let error = |text: &str| Fence::from_geojson(text.as_bytes(), 1).unwrap_err().to_string();
        assert!(error("{").starts_with("this is no JSON"));
        let of = |geometry: &str, properties: &str| {
            error(&format!(
                r#"{{"type": "Feature", "properties": {properties}, "geometry": {geometry}}}"#
            ))
        };
        let open = r#"{"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2]]]}"#;
        assert_eq!(
            of(open, "null"),
            "features[0].geometry.coordinates[0]: a ring has four places at least, and its last is its first"
        );
        let far = r#"{"type": "Point", "coordinates": [22.5, 114]}"#;
        assert_eq!(
            of(far, r#"{"radius_m": 10}"#),
            "features[0].geometry.coordinates: [22.5,114] is no place: give [longitude, latitude] in degrees"
        );
        let point = r#"{"type": "Point", "coordinates": [114, 22]}"#;
        assert!(of(point, "{}").contains("give the property radius_m"));
        assert!(of(point, r#"{"radius_m": 1.5}"#).contains("no whole number from 1 to 1000000"));
        assert!(of(point, r#"{"radius_m": 9, "alert": ["leave"]}"#).contains("enter, exit"));
    }

    #[test]
    fn ids_are_unique() {
        let fence = Fence::from_geojson(YARD.as_bytes(), 1).unwrap().remove(0);
        let twice = vec![fence.clone(), fence];
        assert_eq!(Fences::new(twice).unwrap_err(), FenceError::Id(7));
    }

    #[test]
    fn no_text_is_more_than_refused() {
        bolero::check!().with_iterations(4_000).for_each(|bytes: &[u8]| {
            let [how, bytes @ ..] = bytes else { return };
            // Bytes alone hardly ever are JSON: they change a text that is.
            let mut text = YARD.as_bytes().to_vec();
            for change in bytes.chunks_exact(2) {
                let at = usize::from(change[0]) * text.len() / 256;
                text[at] = change[1];
            }
            let bytes = if how.is_multiple_of(2) { text.as_slice() } else { bytes };
            if let Ok(fences) = Fence::from_geojson(bytes, 1) {
                let text = fences.iter().map(Fence::to_feature).collect::<Vec<_>>();
                let text = json!({ "type": "FeatureCollection", "features": text }).to_string();
                assert_eq!(Fence::from_geojson(text.as_bytes(), 1).unwrap(), fences);
            }
        });
    }
}
