//! The services are compiled against a file: it must say what this runtime says.

// Other features change the metadata; the file is made, and compared, with the features of
// `cargo xtask test`.
#![cfg(all(feature = "fast-epochs", not(feature = "runtime-benchmarks")))]

use smartlink_runtime::Runtime;
use std::{env, fs, path::Path};

/// The newest version of the metadata's format that subxt reads with all it offers.
const FORMAT: u32 = 16;

#[test]
fn the_services_know_this_runtime() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../offchain/chain/metadata.scale");
    // Some constants are parameters that the council may change: they are read from a state.
    let metadata = sp_io::TestExternalities::default()
        .execute_with(|| Runtime::metadata_at_version(FORMAT))
        .expect("the runtime has metadata of this format");
    if env::var_os("UPDATE_METADATA").is_some() {
        fs::write(&path, &*metadata).expect("the file can be written");
    }
    let known = fs::read(&path).unwrap_or_default();
    assert!(
        known == *metadata,
        "{} is not of this runtime: make it anew by `cargo xtask metadata`",
        path.display()
    );
}
