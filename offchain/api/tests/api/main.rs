//! Stories, told through real HTTP and WebSocket connections. Orders, dispatch and messages behind are small
//! ones in memory; terminals and telemetry are what they are.
//!
//! They know of the library what everybody knows of it, so that it is not compiled a second time for them.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod book;
mod calls;
mod channels;
mod crash;
mod depot;
mod devices;
mod discovery;
mod disk;
mod exports;
mod house;
mod logins;
mod matrix;
mod mouths;
mod overload;
mod portal;
mod protection;
mod proxies;
mod rides;
mod signing;
mod telemetry;
mod town;
mod watching;
