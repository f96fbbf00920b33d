//! Three consortia to begin with, and to copy.

/// The names of the presets, for `--chain`.
pub const NAMES: [&str; 3] = ["city", "freight", "pilot"];

/// The file of a preset.
pub fn preset(name: &str) -> Option<&'static str> {
    Some(match name {
        "city" => include_str!("../../chains/city.toml"),
        "freight" => include_str!("../../chains/freight.toml"),
        "pilot" => include_str!("../../chains/pilot.toml"),
        _ => return None,
    })
}
