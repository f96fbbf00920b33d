//! Photos, sound and video that terminals upload: files, and a list of them.

use crate::{
    config::MediaConfig,
    store::{number_at, pair, Store, StoreError, MEDIA},
};
use parking_lot::Mutex;
use rocksdb::{Direction, WriteBatch};
use serde::{Deserialize, Serialize};
use smartlink_records::TerminalId;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The most items of one page.
pub const MAX_PAGE: usize = 1_000;

/// Among so many uploads of a terminal one that comes again is looked for.
const SAME_AMONG: usize = 16;

/// Why an upload was not kept, or not found.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// It is too large.
    #[error("an upload of {bytes} bytes is larger than the {max} that one may have: raise media.item_bytes, or let the terminal take smaller ones")]
    Large {
        /// Its size.
        bytes: u64,
        /// The bound.
        max: u64,
    },
    /// There is none.
    #[error("there is no such upload: it may be so old that it was deleted (media.total_bytes)")]
    NoSuchItem,
    /// The file system.
    #[error("the upload in {path} cannot be kept or read: {source}")]
    File {
        /// Where.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
    /// The list.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number here. Later ones are larger.
    pub id: u64,
    /// Who sent it.
    pub terminal: TerminalId,
    /// The vehicle to which the terminal was bound, 0 for none.
    pub vehicle: u32,
    /// The terminal's number for it.
    pub number: u32,
    /// 0 a picture, 1 sound, 2 video.
    pub kind: u8,
    /// 0 JPEG, 1 TIF, 2 MP3, 3 WAV, 4 WMV.
    pub format: u8,
    /// Why it was taken: 0 by the platform, 1 regular, 2 robbery, 3 collision, 4 and above by the standard's table.
    pub event: u8,
    /// The camera or microphone.
    pub channel: u8,
    /// When it was taken, by the terminal's clock.
    pub time_ms: u64,
    /// When it came.
    pub received_ms: u64,
    /// Its size.
    pub bytes: u64,
}

impl Item {
    /// Whether the terminal sent this one once more.
    fn is_same(&self, other: &Self) -> bool {
        let key = |item: &Self| {
            (item.terminal, item.number, item.kind, item.channel, item.time_ms, item.bytes)
        };
        key(self) == key(other)
    }
}

/// The uploads of one company's terminals. Clones share them.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<Store>,
    folder: PathBuf,
    config: MediaConfig,
    /// Held by whoever adds one.
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    bytes: u64,
}

impl Media {
    pub(crate) fn open(
        store: Arc<Store>,
        folder: PathBuf,
        config: MediaConfig,
    ) -> Result<Self, MediaError> {
        fs::create_dir_all(&folder)
            .map_err(|source| MediaError::File { path: folder.clone(), source })?;
        let mut kept = Kept::default();
        store.scan(MEDIA, &[], Direction::Forward, |key, value| {
            // Items under the terminal 0 are the list by number.
            if number_at(key, 0) == 0 {
                let item: Item = store.json("an upload", value)?;
                kept.last = kept.last.max(item.id);
                kept.bytes += item.bytes;
                return Ok(true);
            }
            Ok(false)
        })?;
        Ok(Self { inner: Arc::new(Inner { store, folder, config, kept: Mutex::new(kept) }) })
    }

    /// Keeps an upload. It is on disk when this returns; `id`, `bytes` of the item are given here. The oldest leave when
    /// there are too many bytes. One that was kept already, because its acknowledgement was lost, is not kept twice.
    ///
    /// # Errors
    /// It is too large, or the disk refuses.
    pub fn keep(&self, mut item: Item, content: &[u8]) -> Result<Item, MediaError> {
        item.bytes = content.len() as u64;
        let max = self.inner.config.item_bytes;
        if item.bytes > max {
            return Err(MediaError::Large { bytes: item.bytes, max });
        }
        let mut kept = self.inner.kept.lock();
        let last = self.list(item.terminal, u64::MAX, SAME_AMONG)?;
        if let Some(same) = last.into_iter().find(|kept| kept.is_same(&item)) {
            return Ok(same);
        }
        item.id = kept.last + 1;
        let path = self.path(item.id);
        write_durably(&path, content).map_err(|source| MediaError::File { path, source })?;
        let mut batch = WriteBatch::default();
        self.make_room(&mut kept, item.bytes, &mut batch)?;
        let value = serde_json::to_vec(&item).expect("an upload is plain data with string keys");
        batch.put_cf(self.inner.store.family(MEDIA), pair(0, item.id), &value);
        batch.put_cf(self.inner.store.family(MEDIA), pair(item.terminal.0, item.id), []);
        self.inner.store.write(batch, true)?;
        kept.last = item.id;
        kept.bytes += item.bytes;
        Ok(item)
    }

    fn make_room(
        &self,
        kept: &mut Kept,
        bytes: u64,
        batch: &mut WriteBatch,
    ) -> Result<(), MediaError> {
        let mut leaving = Vec::new();
        let mut left = kept.bytes;
        let max = self.inner.config.total_bytes;
        self.inner.store.scan(MEDIA, &pair(0, 0), Direction::Forward, |key, value| {
            if left + bytes <= max || number_at(key, 0) != 0 {
                return Ok(false);
            }
            let item: Item = self.inner.store.json("an upload", value)?;
            left = left.saturating_sub(item.bytes);
            leaving.push(item);
            Ok(true)
        })?;
        for item in leaving {
            batch.delete_cf(self.inner.store.family(MEDIA), pair(0, item.id));
            batch.delete_cf(self.inner.store.family(MEDIA), pair(item.terminal.0, item.id));
            // One that is gone already is as good.
            let _ = fs::remove_file(self.path(item.id));
        }
        kept.bytes = left;
        Ok(())
    }

    /// An upload.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn item(&self, id: u64) -> Result<Item, MediaError> {
        let value = self.inner.store.get(MEDIA, &pair(0, id))?.ok_or(MediaError::NoSuchItem)?;
        Ok(self.inner.store.json("an upload", &value)?)
    }

    /// What an upload holds.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn content(&self, id: u64) -> Result<Vec<u8>, MediaError> {
        self.item(id)?;
        let path = self.path(id);
        fs::read(&path).map_err(|source| MediaError::File { path, source })
    }

    /// Uploads of a terminal below one, the newest first, at most [`MAX_PAGE`].
    ///
    /// # Errors
    /// The disk refuses.
    pub fn list(
        &self,
        terminal: TerminalId,
        before: u64,
        limit: usize,
    ) -> Result<Vec<Item>, MediaError> {
        let limit = limit.min(MAX_PAGE);
        let mut ids = Vec::new();
        let from = pair(terminal.0, before.saturating_sub(1));
        self.inner.store.scan(MEDIA, &from, Direction::Reverse, |key, _| {
            if number_at(key, 0) == terminal.0 && ids.len() < limit {
                ids.push(number_at(key, 8));
                return Ok(true);
            }
            Ok(false)
        })?;
        ids.into_iter().map(|id| self.item(id)).collect()
    }

    /// Bytes of all uploads.
    pub fn bytes(&self) -> u64 {
        self.inner.kept.lock().bytes
    }

    fn path(&self, id: u64) -> PathBuf {
        self.inner.folder.join(id.to_string())
    }
}

fn write_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    // The name is durable with its folder.
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
