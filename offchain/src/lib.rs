//! The services beside a company's node.
//!
//! [`up`] starts a consortium on this machine and settles a day of rides on it; [`bench`] measures
//! the chain. Both stand on the same parts: a [`day::Day`] of rides (from a file by [`trips`], or
//! made up by [`city`]), the people and cars that [`staff`] and [`fleet`] register, [`settle`] that
//! sends the rides in batches, [`recompute`] that computes everything a second time, without the
//! chain, and [`withdrawal`] by which a driver takes home what she earned. [`governance`] is for people
//! who sign by hand.

#![deny(missing_docs)]

pub mod account;
mod background;
pub mod bench;
pub mod city;
pub mod day;
pub mod driven;
pub mod error;
pub mod ethereum;
pub mod finality;
pub mod fleet;
pub mod governance;
pub mod index;
pub mod live;
mod portal;
pub mod prices;
mod program;
pub mod proving;
pub mod recompute;
pub mod road;
pub mod services;
pub mod settle;
pub mod staff;
pub mod table;
pub mod terminals;
pub mod trace;
pub mod trips;
pub mod up;
pub mod withdrawal;

pub use error::Error;
pub use smartlink_simulator::prng;
