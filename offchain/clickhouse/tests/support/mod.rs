//! A real engine on a folder of its own.

use std::{net::SocketAddr, path::Path};

use smartlink_clickhouse::{library, Engine, EngineConfig, Store, StoreConfig};
use tempfile::TempDir;

/// An engine and its folder.
pub struct Running {
    pub engine: Engine,
    pub folder: TempDir,
}

/// A configuration for tests: a free port, and little of everything.
pub fn config(folder: &Path) -> EngineConfig {
    EngineConfig {
        path: folder.join("data"),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        max_queries: 4,
        max_memory_bytes: 2 << 30,
        ..EngineConfig::default()
    }
}

/// Whether the library is there; says loudly when it is not.
pub fn has_library() -> bool {
    let found = library();
    if let Err(missing) = &found {
        eprintln!("\n!!! SKIPPED, NOTHING WAS TESTED: {missing}\n");
    }
    found.is_ok()
}

/// Starts an engine; `None` without the library.
pub async fn engine() -> Option<Running> {
    engine_with(|_| {}).await
}

/// Starts an engine with changes to its configuration.
pub async fn engine_with(change: impl FnOnce(&mut EngineConfig)) -> Option<Running> {
    if !has_library() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    change(&mut config);
    let engine = Engine::start(config).await.unwrap();
    Some(Running { engine, folder })
}

/// A client of it.
#[allow(dead_code)]
pub fn store(url: &str) -> Store {
    Store::connect(&StoreConfig { url: url.to_owned(), ..StoreConfig::default() })
}
