//! What the services say to each other: the messages, clients and servers of `proto/`.
//!
//! In one process a client is built on the server itself, which is a tower service; over the network it
//! is built on a channel. There is one way to call a service, wherever it runs.

/// `proto/smartlink/orders.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod orders {
    tonic::include_proto!("smartlink.orders.v1");
}

/// `proto/smartlink/dispatch.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod dispatch {
    tonic::include_proto!("smartlink.dispatch.v1");
}

/// `proto/smartlink/notify.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod notify {
    tonic::include_proto!("smartlink.notify.v1");
}

/// All of the above for the reflection service, so that grpcurl and its like need no files.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("smartlink");
