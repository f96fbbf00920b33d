//! What may change while the process runs.

/// Declares the keys that may change at run time. All others need a restart, because something was made of
/// them that cannot be made anew: an address that is listened on, a store that is open.
pub trait Reloadable {
    /// Keys, or tables of keys: `limits` is everything in `limits`.
    fn reloadable() -> Vec<String>;
}

/// The keys of a part of a configuration, as keys of the whole.
pub fn below(key: &str, part: Vec<String>) -> impl Iterator<Item = String> + use<'_> {
    part.into_iter().map(move |below| format!("{key}.{below}"))
}
