//! Generates clients and servers from `proto/`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["orders", "dispatch", "notify", "devices", "telemetry"]
        .map(|name| format!("proto/smartlink/{name}.proto"));
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    tonic_prost_build::configure()
        .file_descriptor_set_path(out.join("smartlink.bin"))
        // They carry secrets: `lib.rs` says what is printed of them.
        .skip_debug([
            ".smartlink.notify.v1.Channels",
            ".smartlink.devices.v1.EnrolRequest",
            ".smartlink.devices.v1.Enrolled",
        ])
        .compile_protos(&files, &["proto".to_owned()])?;
    Ok(())
}
