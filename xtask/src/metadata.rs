//! `cargo xtask metadata`.

use anyhow::{Context, Result};

use crate::{
    process::{self, Signals},
    say, setup,
    workspace::{Workspace, EVERYTHING},
};

/// Has the test that compares the file with the runtime write the file instead.
pub fn run(workspace: &Workspace) -> Result<()> {
    setup::for_building()?;
    let step = say::step("writing offchain/chain/metadata.scale");
    // The runtime exactly as `cargo xtask test` compares it: with the same features, already built.
    let mut write = workspace.cargo("test");
    write.args(EVERYTHING).args(["--test", "metadata"]).env("UPDATE_METADATA", "1");
    process::run(&mut write, Signals::Group)
        .context("the metadata was not written: see above what does not build")?;
    step.done();
    Ok(())
}
