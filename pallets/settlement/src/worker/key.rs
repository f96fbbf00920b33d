//! The key of a company's settlement worker, in the keystore of its node.

use sp_core::crypto::KeyTypeId;

/// The type of the key: `smartlink-node key insert --key-type slwk --scheme sr25519`.
pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"slwk");

mod app {
    use super::KEY_TYPE;
    use sp_application_crypto::{app_crypto, sr25519};
    app_crypto!(sr25519, KEY_TYPE);
}

/// The public half. Its bytes are the account that must hold the role.
pub type WorkerKey = app::Public;

/// A signature by such a key.
pub type WorkerSignature = app::Signature;
