//! Commands that have a file of their own.

pub mod backup;
pub mod prove;
pub mod runtimes;
pub mod verify;
