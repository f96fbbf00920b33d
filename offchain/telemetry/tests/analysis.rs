//! The analysis as a whole: rides with a known truth, stories, laws, and real data.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[path = "analysis/hostile.rs"]
mod hostile;
#[path = "analysis/judge.rs"]
mod judge;
#[path = "analysis/laws.rs"]
mod laws;
#[path = "analysis/network.rs"]
mod network;
#[path = "analysis/real.rs"]
mod real;
#[path = "analysis/ride.rs"]
mod ride;
#[path = "analysis/stories.rs"]
mod stories;
#[path = "analysis/truth.rs"]
mod truth;
