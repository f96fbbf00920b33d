//! Why somebody is not let in, or what they send is not taken.

use crate::{
    log::Unwritten,
    registry::{IdentityError, RegistryError},
};

/// Why somebody is not let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// What they call themselves is no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Nobody enrolled it. It is on the list of unknown devices.
    #[error("nobody knows this device: enrol it (it is on the list of unknown devices)")]
    Unknown,
    /// It has to register first.
    #[error("the terminal has no key yet: let it register, or renew its key")]
    NotRegistered,
    /// It registers as something else than it was enrolled as.
    #[error("the terminal registers with another plate, VIN, manufacturer or serial than it was enrolled with: correct the registry, or look for who pretends")]
    Mismatch,
    /// It registers for the first time, and shows nothing that it was enrolled with.
    #[error("the terminal registers for the first time and shows no serial, VIN or plate that it was enrolled with: compare what it says with the terminal, and enter it")]
    Unproved,
    /// The key is another.
    #[error("the key is wrong: renew it, or let the terminal register again")]
    WrongKey,
    /// Somebody suspended it.
    #[error("the terminal is suspended: make it active again")]
    Suspended,
    /// Somebody put it into quarantine.
    #[error("the terminal is in quarantine: look at what it sent, and make it active")]
    Quarantined,
    /// Somebody tries keys.
    #[error("too many wrong keys came from this address: try again in a minute")]
    TooManyAttempts,
    /// No room for another terminal.
    #[error("the registry is full: raise registry.terminals")]
    Full,
    /// The disk.
    #[error("the registry cannot be read: {0}")]
    Disk(String),
}

impl From<RegistryError> for Refusal {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Full(_) => Self::Full,
            error => Self::Disk(error.to_string()),
        }
    }
}

/// Why reports were not taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// The terminal was suspended.
    #[error("the terminal may not send any more: make it active again")]
    Revoked,
    /// One of them is none that a log can hold.
    #[error("report {0} of these has a position, readings or an attachment out of bounds: the listener has to refuse it by itself")]
    Invalid(usize),
    /// The log.
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
}
