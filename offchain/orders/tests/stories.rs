//! What happens to orders, told as stories. After every command the city compares the engine with one that
//! only read the log.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod city;

mod stories {
    mod batches;
    mod document;
    mod driving;
    mod fares;
    mod keys;
    mod riding;
    mod time;
}
