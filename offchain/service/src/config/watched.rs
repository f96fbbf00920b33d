//! A configuration that is followed while the process runs.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwap;
use serde::{de::DeserializeOwned, Serialize};
use tokio::{
    signal::unix::{signal, SignalKind},
    sync::watch,
    time::{interval, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use super::{
    leaves::{cut, dotted, Path},
    sources::{defaults, extract},
    ConfigError, Loaded, Reloadable, Sources, Validate,
};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// What came of reading a configuration again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// Nothing is different.
    Unchanged,
    /// It was read, and is sound.
    Applied {
        /// Keys whose new values hold now.
        changed: Vec<String>,
        /// Keys whose new values hold after a restart. The old ones still hold.
        restart: Vec<String>,
    },
    /// It cannot be, and the old one still holds. The sentences that say why.
    RolledBack(String),
}

/// A configuration that can be read again while the process runs. Clones share it.
///
/// It is read as a whole: either all of it is sound, and then all keys that may change have their new values
/// at once, or nothing changes.
pub struct Watched<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

struct Shared<T> {
    sources: Sources,
    reloadable: Vec<Path>,
    loaded: ArcSwap<Loaded<T>>,
    values: watch::Sender<Arc<T>>,
    reloads: watch::Sender<Reload>,
    /// How the files looked when they were read last; held while they are read.
    seen: Mutex<Vec<Option<(SystemTime, u64)>>>,
}

impl<T> Watched<T>
where
    T: Default + Serialize + DeserializeOwned + Validate + Reloadable + Send + Sync + 'static,
{
    /// Reads it for the first time.
    pub fn load(sources: Sources) -> Result<Self, ConfigError> {
        let known = defaults::<T>()?;
        let reloadable: Vec<Path> = T::reloadable().iter().map(|key| cut(key)).collect();
        let missing = |path: &&Path| !known.knows(path);
        if let Some(path) = reloadable.iter().find(missing) {
            return Err(ConfigError::Reloadable(dotted(path)));
        }
        // Looked at before it is read: what changes meanwhile is read again.
        let config_alone = sources.stamp(&[]);
        let loaded = sources.load::<T>()?;
        let secrets = loaded.secret_files();
        let mut seen = sources.stamp(&secrets);
        seen.splice(..config_alone.len(), config_alone);
        let (values, _) = watch::channel(Arc::clone(loaded.value()));
        let (reloads, _) = watch::channel(Reload::Unchanged);
        let loaded = ArcSwap::from_pointee(loaded);
        let seen = Mutex::new(seen);
        Ok(Self { shared: Arc::new(Shared { sources, reloadable, loaded, values, reloads, seen }) })
    }

    /// What holds now.
    pub fn current(&self) -> Arc<T> {
        Arc::clone(self.shared.loaded.load().value())
    }

    /// What holds now, with where each value came from.
    pub fn loaded(&self) -> Arc<Loaded<T>> {
        self.shared.loaded.load_full()
    }

    /// What holds now, and every change.
    pub fn subscribe(&self) -> watch::Receiver<Arc<T>> {
        self.shared.values.subscribe()
    }

    /// What came of the last reading, and of every further one.
    pub fn reloads(&self) -> watch::Receiver<Reload> {
        self.shared.reloads.subscribe()
    }

    /// Reads it again.
    pub fn reload(&self) -> Reload {
        let mut seen = self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = self.look();
        let outcome =
            self.read_again().unwrap_or_else(|error| Reload::RolledBack(error.to_string()));
        match &outcome {
            Reload::Unchanged => {}
            Reload::Applied { changed, restart } => {
                if !changed.is_empty() {
                    tracing::info!(keys = changed.join(" "), "the configuration changed");
                }
                if !restart.is_empty() {
                    tracing::warn!(
                        keys = restart.join(" "),
                        "the configuration changed where that needs a restart: the old values hold until then"
                    );
                }
            }
            Reload::RolledBack(why) => {
                tracing::warn!(why, "the configuration cannot be, the old one still holds");
            }
        }
        self.shared.reloads.send_replace(outcome.clone());
        outcome
    }

    fn read_again(&self) -> Result<Reload, ConfigError> {
        let shared = &self.shared;
        let old = shared.loaded.load_full();
        // Sound as a whole, with what needs a restart: or else the restart fails.
        let fresh = shared.sources.load::<T>()?;
        let different = old.leaves().differences(fresh.leaves());
        let may_change = |path: &Path| shared.reloadable.iter().any(|key| path.starts_with(key));
        let (changed, restart): (Vec<Path>, Vec<Path>) =
            different.into_iter().partition(may_change);

        let mut leaves = fresh.leaves().clone();
        for path in &restart {
            leaves.remove(path);
        }
        for path in &restart {
            if let Some(leaf) = old.leaves().get(path) {
                leaves.put(path.clone(), leaf.clone());
            }
        }
        // The old values beside the new ones may make no sense together: then nothing changes.
        let mixed = if restart.is_empty() { fresh } else { extract::<T>(leaves)? };
        let keys = |paths: Vec<Path>| paths.iter().map(|path| dotted(path)).collect::<Vec<_>>();
        let (changed, restart) = (keys(changed), keys(restart));
        let value = Arc::clone(mixed.value());
        if changed.is_empty() {
            if restart.is_empty() {
                return Ok(Reload::Unchanged);
            }
        } else {
            shared.loaded.store(Arc::new(mixed));
            shared.values.send_replace(value);
        }
        Ok(Reload::Applied { changed, restart })
    }

    fn look(&self) -> Vec<Option<(SystemTime, u64)>> {
        let secrets: Vec<PathBuf> = self.shared.loaded.load().secret_files();
        self.shared.sources.stamp(&secrets)
    }

    /// Reads it again on SIGHUP and whenever its files change (they are looked at every second), until `stop`.
    pub async fn follow(self, stop: CancellationToken) -> std::io::Result<()> {
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let asked = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                Some(()) = hang_up.recv() => true,
                _ = ticks.tick() => false,
            };
            let changed = || {
                let seen = self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
                *seen != self.look()
            };
            if asked || changed() {
                self.reload();
            }
        }
    }
}

impl<T> std::fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watched").field("sources", &self.shared.sources).finish_non_exhaustive()
    }
}
