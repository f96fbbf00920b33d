//! Commands that have a file of their own.

pub mod backup;
pub mod export;
pub mod prove;
pub mod runtimes;
pub mod serve;
pub mod verify;
