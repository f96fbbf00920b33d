//! Notices a block that the database did not take.
//!
//! The client counts a block among the ends of its chains before it writes it, and still counts it
//! when the write fails, because the disk is full, broken or read-only. From then on every choice of
//! a chain, to build on or to vote for, fails at a block that is nowhere: the node makes no block,
//! casts no vote and writes nothing, so that nothing fails that would end it.

use sc_client_api::Backend;
use smartlink_runtime::{opaque::Block, Hash};
use sp_blockchain::{Backend as _, Error, HeaderBackend};
use std::{sync::Arc, time::Duration};

/// From one look to the next: three slots.
const LOOK: Duration = Duration::from_secs(6);

/// Why a node cannot go on with what its database has.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// A block is missing.
    #[error(
        "the block {0} could not be written to the database: the disk of the base path is full, \
         broken or read-only. Free some space, or replace the disk, and start the node again: it \
         goes on from what the database has, and nothing final is lost"
    )]
    Block(Hash),

    /// It cannot even be asked.
    #[error(
        "the database cannot be read ({0}): see to the disk of the base path, and start the node \
         again"
    )]
    Database(#[from] Error),
}

/// Ends, with a sentence in the log, when the database did not take a block.
pub async fn watch<B: Backend<Block>>(backend: Arc<B>) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(why) = check(&*backend) {
            log::error!("{why}");
            return;
        }
    }
}

/// Whether the database has every block that a chain ends with.
fn check<B: Backend<Block>>(backend: &B) -> Result<(), Unwritten> {
    // Nobody is between counting a block and writing it while this is held.
    let _no_import = backend.get_import_lock().read();
    for leaf in backend.blockchain().leaves()? {
        if backend.blockchain().header(leaf)?.is_none() {
            return Err(Unwritten::Block(leaf));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::FullBackend;
    use sc_client_api::{BlockImportOperation, NewBlockState};
    use sc_client_db::{BlocksPruning, Database, DatabaseSettings, DatabaseSource};
    use smartlink_runtime::opaque::Header;
    use sp_core::H256;
    use sp_database::{error::DatabaseError, ColumnId, MemDb, Transaction};
    use std::{
        io,
        sync::atomic::{AtomicBool, Ordering},
    };

    /// A disk that can be full.
    #[derive(Default)]
    struct Disk {
        kept: MemDb,
        full: AtomicBool,
    }

    impl Database<H256> for Disk {
        fn commit(&self, transaction: Transaction<H256>) -> Result<(), DatabaseError> {
            if self.full.load(Ordering::Relaxed) {
                let error = io::Error::from(io::ErrorKind::StorageFull);
                return Err(DatabaseError(Box::new(error)));
            }
            self.kept.commit(transaction)
        }

        fn get(&self, column: ColumnId, key: &[u8]) -> Option<Vec<u8>> {
            Database::<H256>::get(&self.kept, column, key)
        }
    }

    fn open(disk: &Arc<Disk>, is_new: bool) -> FullBackend {
        let settings = DatabaseSettings {
            trie_cache_maximum_size: None,
            state_pruning: None,
            source: DatabaseSource::Custom { db: disk.clone(), require_create_flag: is_new },
            blocks_pruning: BlocksPruning::KeepAll,
            pruning_filters: Vec::new(),
            metrics_registry: None,
        };
        FullBackend::new(settings, 4096).unwrap()
    }

    fn import(backend: &FullBackend, number: u32, parent: Hash) -> Result<Hash, Error> {
        let header = Header {
            parent_hash: parent,
            number,
            state_root: Hash::zero(),
            extrinsics_root: Hash::zero(),
            digest: Default::default(),
        };
        let hash = header.hash();
        let mut block = backend.begin_operation()?;
        block.set_block_data(header, Some(Vec::new()), None, None, NewBlockState::Best, true)?;
        let _import = backend.get_import_lock().write();
        backend.commit_operation(block)?;
        Ok(hash)
    }

    #[test]
    fn a_block_that_a_full_disk_did_not_take_is_missed() {
        let disk = Arc::new(Disk::default());
        let backend = open(&disk, true);
        let genesis = import(&backend, 0, Hash::zero()).unwrap();
        let first = import(&backend, 1, genesis).unwrap();
        check(&backend).unwrap();

        disk.full.store(true, Ordering::Relaxed);
        import(&backend, 2, first).expect_err("the disk is full");
        let why = check(&backend).expect_err("the second block is missing");
        assert!(matches!(why, Unwritten::Block(missing) if missing != first), "{why}");

        // Room alone does not bring it back. A start does: the chain ends where the database does.
        disk.full.store(false, Ordering::Relaxed);
        check(&backend).expect_err("it is still missing");
        drop(backend);
        let again = open(&disk, false);
        check(&again).unwrap();
        assert_eq!(again.blockchain().info().best_hash, first);
    }
}
