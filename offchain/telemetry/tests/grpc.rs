//! Telemetry over gRPC: a company whose vehicles report, with a real log, a real engine, and a client.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[path = "grpc/company.rs"]
mod company;
#[path = "grpc/ends.rs"]
mod ends;
#[path = "grpc/history.rs"]
mod history;
#[path = "grpc/live.rs"]
mod live;
#[path = "grpc/people.rs"]
mod people;
mod support;
