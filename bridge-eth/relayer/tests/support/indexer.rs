//! Where the indexer is.

use std::path::PathBuf;

/// The indexer's binary, beside the tests in the target folder.
pub fn indexer() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let found = test.parent().unwrap().parent().unwrap().join("smartlink-indexer");
    assert!(
        found.is_file(),
        "these tests run the indexer, and there is none at {}: build the workspace first",
        found.display()
    );
    found
}
