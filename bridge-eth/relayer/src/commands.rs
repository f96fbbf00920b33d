//! What the program does, a file for each command.

pub mod check;
pub mod deploy;
pub mod doctor;
pub mod prove;
pub mod run;
pub mod status;
