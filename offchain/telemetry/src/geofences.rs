//! The company's geofences: durable, versioned, and given to the analysis when they change.
//!
//! A change is written together with a snapshot of the analysis, and takes effect from that place of the log on. It comes to
//! its end also when whoever asked for it goes away: what is on disk is what is shown. GeoJSON goes in and comes out, as
//! `analysis::fence` reads and writes it.

use crate::{
    analysis::fence::{Fence, FenceError, Fences},
    analyst::{Analyst, CommandError, Definition},
    clock::now_ms,
    journal::{json, parse, Journal, JournalError, Put, FENCES},
};
use parking_lot::RwLock;
use rocksdb::IteratorMode;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Geofences of a page, at most.
pub const LONGEST_PAGE: usize = 1_000;

/// A geofence as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geofence {
    /// Its number.
    pub id: u32,
    /// 1 when it was made, and one more with every change.
    pub version: u32,
    /// When it was made or changed, milliseconds.
    pub changed_ms: u64,
    /// Who did that.
    pub changed_by: String,
    /// It, as a Feature of GeoJSON.
    pub feature: Value,
}

/// Why geofences are not changed.
#[derive(Debug, thiserror::Error)]
pub enum GeofenceError {
    /// They make no sense.
    #[error(transparent)]
    Fence(#[from] FenceError),
    /// There are too many.
    #[error(
        "there would be {0} geofences, {1} are allowed: remove some, or raise telemetry.geofences"
    )]
    TooMany(usize, usize),
    /// Somebody else changed it.
    #[error("geofence {id} has version {found}, not {expected}: look at it as it is now, and change that")]
    Version {
        /// Which.
        id: u32,
        /// What the caller thought.
        expected: u32,
        /// What it has; 0 when there is none.
        found: u32,
    },
    /// The analysis did not take them.
    #[error(transparent)]
    Command(#[from] CommandError),
}

/// All geofences, and their index.
#[derive(Clone, Default)]
pub(crate) struct Set {
    fences: BTreeMap<u32, Arc<Geofence>>,
    index: Arc<Fences>,
}

/// What becomes of the geofences, ready to be written and to be used.
pub(crate) struct FenceChange {
    pub(crate) puts: Vec<Put>,
    pub(crate) index: Arc<Fences>,
}

impl Set {
    /// Reads them from the journal.
    pub(crate) fn load(journal: &Journal) -> Result<Self, JournalError> {
        let mut fences = BTreeMap::new();
        for entry in journal.db().iterator_cf(journal.family(FENCES), IteratorMode::Start) {
            let (_, value) = entry.map_err(journal.failed("geofences were read"))?;
            let fence: Geofence = parse(&value, "a geofence")?;
            fences.insert(fence.id, Arc::new(fence));
        }
        let index = index(&fences).map_err(|error| JournalError::Fence(error.to_string()))?;
        Ok(Self { fences, index })
    }

    pub(crate) fn index(&self) -> Arc<Fences> {
        self.index.clone()
    }
}

fn index(fences: &BTreeMap<u32, Arc<Geofence>>) -> Result<Arc<Fences>, FenceError> {
    let mut all = Vec::with_capacity(fences.len());
    for fence in fences.values() {
        all.extend(Fence::from_geojson(&json(&fence.feature), fence.id)?);
    }
    Ok(Arc::new(Fences::new(all)?))
}

/// The company's geofences. Clones are the same ones.
#[derive(Clone)]
pub struct Geofences {
    inner: Arc<Inner>,
}

struct Inner {
    analyst: Analyst,
    most: usize,
    set: RwLock<Set>,
    /// One change after the other.
    changing: tokio::sync::Mutex<()>,
}

/// A change that makes sense, and what it makes.
struct Prepared {
    set: Set,
    puts: Vec<Put>,
    put: Vec<Arc<Geofence>>,
}

impl Geofences {
    pub(crate) fn new(set: Set, analyst: Analyst, most: usize) -> Self {
        let inner = Inner { analyst, most, set: RwLock::new(set), changing: Default::default() };
        Self { inner: Arc::new(inner) }
    }

    /// Makes or replaces geofences, given as a FeatureCollection or a Feature. Those without an id get a new one. All
    /// of them or none; when this returns they are on disk and in use. The same again makes a new version of the
    /// same.
    ///
    /// # Errors
    /// One of them makes no sense, or they would be too many.
    pub async fn put(&self, geojson: &[u8], by: &str) -> Result<Vec<Arc<Geofence>>, GeofenceError> {
        let (geojson, by) = (geojson.to_vec(), by.to_owned());
        self.change(move |inner| inner.with(&geojson, &by).map(Some)).await
    }

    /// Removes a geofence. One that is not there is removed already.
    ///
    /// # Errors
    /// It has another version than the one expected, when one is.
    pub async fn remove(&self, id: u32, expected: Option<u32>) -> Result<(), GeofenceError> {
        self.change(move |inner| inner.without(id, expected)).await?;
        Ok(())
    }

    /// Prepares a change beside the runtime, for an index of many fences takes its time, and makes it.
    async fn change(
        &self,
        prepare: impl FnOnce(&Inner) -> Result<Option<Prepared>, GeofenceError> + Send + 'static,
    ) -> Result<Vec<Arc<Geofence>>, GeofenceError> {
        let inner = self.inner.clone();
        let changing = tokio::spawn(async move {
            let _one_at_a_time = inner.changing.lock().await;
            let preparing = {
                let inner = inner.clone();
                tokio::task::spawn_blocking(move || prepare(&inner)).await
            };
            let Some(prepared) = preparing.map_err(broke_off)?? else { return Ok(Vec::new()) };
            let Prepared { set, puts, put } = prepared;
            let change = FenceChange { puts, index: set.index() };
            inner.analyst.define(Definition::Fences(change)).await?;
            *inner.set.write() = set;
            Ok(put)
        });
        changing.await.map_err(broke_off)?
    }

    /// A geofence.
    pub fn get(&self, id: u32) -> Option<Arc<Geofence>> {
        self.inner.set.read().fences.get(&id).cloned()
    }

    /// Geofences with ids above `after`, by id, at most [`LONGEST_PAGE`].
    pub fn list(&self, after: u32, limit: usize) -> Vec<Arc<Geofence>> {
        let set = self.inner.set.read();
        let from = after.saturating_add(1);
        set.fences
            .range(from..)
            .take(limit.min(LONGEST_PAGE))
            .map(|(_, fence)| fence.clone())
            .collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.inner.set.read().fences.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them as a FeatureCollection.
    pub fn geojson(&self) -> Value {
        let set = self.inner.set.read();
        let features: Vec<_> = set.fences.values().map(|fence| fence.feature.clone()).collect();
        serde_json::json!({ "type": "FeatureCollection", "features": features })
    }

    /// The index, to ask which of them a place is in.
    pub fn index(&self) -> Arc<Fences> {
        self.inner.set.read().index()
    }
}

impl Inner {
    /// With geofences made or replaced.
    fn with(&self, geojson: &[u8], by: &str) -> Result<Prepared, GeofenceError> {
        let mut fences = self.set.read().fences.clone();
        let next = fences.last_key_value().map_or(1, |(id, _)| id.saturating_add(1));
        let new = Fence::from_geojson(geojson, next)?;
        let mut put = Vec::with_capacity(new.len());
        for fence in &new {
            let version = fences.get(&fence.id).map_or(0, |old| old.version) + 1;
            let (id, changed_ms, feature) = (fence.id, now_ms(), fence.to_feature());
            let fence = Geofence { id, version, changed_ms, changed_by: by.to_owned(), feature };
            let fence = Arc::new(fence);
            fences.insert(id, fence.clone());
            put.push(fence);
        }
        if fences.len() > self.most {
            return Err(GeofenceError::TooMany(fences.len(), self.most));
        }
        let puts = put.iter().map(|fence| written(fence.id, Some(fence))).collect();
        Ok(Prepared { set: self.indexed(fences, new, None)?, puts, put })
    }

    /// Without a geofence. None when it is not there.
    fn without(&self, id: u32, expected: Option<u32>) -> Result<Option<Prepared>, GeofenceError> {
        let mut fences = self.set.read().fences.clone();
        let Some(old) = fences.remove(&id) else { return Ok(None) };
        if let Some(expected) = expected.filter(|expected| *expected != old.version) {
            return Err(GeofenceError::Version { id, expected, found: old.version });
        }
        let set = self.indexed(fences, Vec::new(), Some(id))?;
        Ok(Some(Prepared { set, puts: vec![written(id, None)], put: Vec::new() }))
    }

    fn indexed(
        &self,
        fences: BTreeMap<u32, Arc<Geofence>>,
        mut new: Vec<Fence>,
        gone: Option<u32>,
    ) -> Result<Set, GeofenceError> {
        let changed: FxHashSet<u32> = new.iter().map(|fence| fence.id).chain(gone).collect();
        let before = self.set.read().index();
        new.extend(before.all().iter().filter(|old| !changed.contains(&old.id)).cloned());
        Ok(Set { fences, index: Arc::new(Fences::new(new)?) })
    }
}

fn broke_off(error: tokio::task::JoinError) -> GeofenceError {
    tracing::error!(%error, "a change of geofences broke off");
    GeofenceError::Command(CommandError::Stopped)
}

fn written(id: u32, fence: Option<&Arc<Geofence>>) -> Put {
    let key = u64::from(id).to_be_bytes().to_vec();
    Put { family: FENCES, key, value: fence.map(|fence| json(&**fence)) }
}
