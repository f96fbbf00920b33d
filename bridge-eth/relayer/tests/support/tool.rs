//! Where Foundry's tools are.

use std::path::PathBuf;

/// The version that `cargo xtask setup` fetches.
const VERSION: &str = "1.7.1";

/// A tool of Foundry: from FOUNDRY_BIN, or where `cargo xtask setup` puts it.
pub fn tool(name: &str) -> PathBuf {
    let folder = std::env::var_os("FOUNDRY_BIN").map(PathBuf::from).unwrap_or_else(|| {
        let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        home.join(".cache/smartlinkdrive/foundry").join(VERSION)
    });
    let tool = folder.join(name);
    assert!(
        tool.is_file(),
        "these tests run Foundry's {name}, and there is none at {}: run `cargo xtask setup`, or set FOUNDRY_BIN",
        tool.display()
    );
    tool
}
