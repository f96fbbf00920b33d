//! Room for one more: on the disk, and among those that are there.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::http::StatusCode;

use super::{
    discard,
    folder::{free, unusable},
    item::{Failure, Item, State},
    refusal::Refusal,
    Exports,
};

/// How long nobody has used one that makes room for others, at least: whoever asked for it has the time to fetch it.
const SETTLED: Duration = Duration::from_secs(60);

impl Exports {
    /// Whether the disk has room for more than is not theirs.
    pub(super) fn has_disk(&self) -> Result<(), Refusal> {
        let (folder, reserve) = (&self.0.folder, self.0.config.reserve_bytes);
        match free(folder) {
            Ok(free) if free < reserve => Err(Refusal::Disk { free, reserve }),
            Ok(_) => Ok(()),
            Err(error) => Err(Refusal::Failed(Failure {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                why: unusable(folder, &error).to_string(),
            })),
        }
    }

    /// Whether one more may be begun. What has failed makes room, and then what nobody has used for the longest time.
    pub(super) fn has_room(&self, items: &mut HashMap<String, Arc<Item>>) -> Result<(), Refusal> {
        let config = &self.0.config;
        let begun = items.values().filter(|item| !item.is(State::has_ended)).count();
        if begun >= config.at_a_time + config.waiting {
            return Err(Refusal::Waiting(begun));
        }
        if items.len() >= config.most {
            items.retain(|_, item| !item.is(State::has_failed));
        }
        while items.len() >= config.most {
            if !evict(items) {
                return Err(Refusal::Most(items.len()));
            }
        }
        self.has_bytes(items, config.most_bytes)
    }

    /// Whether all of them have fewer bytes than `below`. What nobody has used for the longest time makes room.
    pub(super) fn has_bytes(
        &self,
        items: &mut HashMap<String, Arc<Item>>,
        below: u64,
    ) -> Result<(), Refusal> {
        loop {
            let held = held(items);
            if held < below {
                return Ok(());
            }
            if !evict(items) {
                return Err(Refusal::Full { held, most: self.0.config.most_bytes });
            }
        }
    }
}

/// Takes away what nobody has used for the longest time. Whether there is such.
fn evict(items: &mut HashMap<String, Arc<Item>>) -> bool {
    let item = least_used(items.values(), SETTLED).and_then(|id| items.remove(&id));
    if let Some(item) = &item {
        tracing::info!(id = item.id, "an export makes room for others");
        discard(item);
    }
    item.is_some()
}

/// The id of what nobody has used for the longest time, of those that may be fetched and have not been for so long.
fn least_used<'a>(items: impl Iterator<Item = &'a Arc<Item>>, settled: Duration) -> Option<String> {
    let ready = items.filter(|item| item.is(|state| matches!(state, State::Ready(_))));
    let free = ready.filter_map(|item| Some((item.free_since()?, item)));
    let (_, item) =
        free.filter(|(since, _)| since.elapsed() >= settled).min_by_key(|(since, _)| *since)?;
    Some(item.id.clone())
}

/// Bytes of all of them.
pub(super) fn held(items: &HashMap<String, Arc<Item>>) -> u64 {
    items.values().map(|item| item.bytes()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{
        serving::item::{tests::any_manifest, Download},
        Progress,
    };
    use std::path::PathBuf;
    use tokio::sync::Semaphore;
    use tokio_util::sync::CancellationToken;

    #[test]
    fn what_nobody_uses_makes_room_first() {
        let item = |id: &str, state: State| {
            let dropped = CancellationToken::new();
            let item = Item::new(id.to_owned(), any_manifest(), PathBuf::new(), dropped);
            item.set(state);
            Arc::new(item)
        };
        let ready = || State::Ready(Box::new(any_manifest()));
        let making = State::Making(Progress { rows: None, all: 0, bytes: 0 });
        let mut items = vec![item("making", making), item("old", ready()), item("new", ready())];
        let chosen = |items: &[Arc<Item>]| least_used(items.iter(), Duration::ZERO);
        assert_eq!(chosen(&items).as_deref(), Some("old"));
        items[1].used_now();
        assert_eq!(chosen(&items).as_deref(), Some("new"));
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let download = Download::begin(items[2].clone(), place);
        assert_eq!(chosen(&items).as_deref(), Some("old"));
        assert_eq!(least_used(items.iter(), SETTLED), None, "all were used just now");
        items.remove(1);
        assert_eq!(chosen(&items), None, "one is made, the other fetched");
        drop(download);
    }
}
