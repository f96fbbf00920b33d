//! Generates clients and servers from `proto/`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files =
        ["orders", "dispatch", "notify"].map(|name| format!("proto/smartlink/{name}.proto"));
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    tonic_prost_build::configure()
        .file_descriptor_set_path(out.join("smartlink.bin"))
        // It carries a secret: `lib.rs` says what is printed of it.
        .skip_debug([".smartlink.notify.v1.Channels"])
        .compile_protos(&files, &["proto".to_owned()])?;
    Ok(())
}
