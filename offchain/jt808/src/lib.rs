//! JT/T 808 messages of 2011, 2013 and 2019, and OBD-II values, both ways. No clock, no socket, no thread.
//!
//! ```text
//! bytes of a connection ─▶ Splitter ─▶ Frame { Header, body } ─▶ Message::decode ─▶ Message
//!                                          │ a part of a long message   ▲
//!                                          └──▶ subpackage::Assembler ──┘
//! Message ─▶ subpackage::encode ─▶ one frame or many
//! ```
//!
//! A terminal's listener pushes what arrives into a [`Splitter`] and gets [`Frame`]s, whose bodies are not
//! copied again. A position, which nearly all frames are, is read by [`LocationReport::decode`] without taking
//! memory; everything else by [`Message::decode`]. [`reply`] has the answers that nearly each frame wants.
//!
//! Bytes of terminals are read leniently where real terminals deviate, each time in a way that the function's
//! docs name, and a bad frame costs only itself. Whatever is read can be written again and reads the same.
//! Nothing panics on any input.
//!
//! [`obd`] reads what comes from a vehicle's diagnostic bus: SAE J1979 services, trouble codes, ISO-TP.

#![deny(missing_docs)]

mod fields;
pub mod frame;
pub mod location;
pub mod messages;
pub mod obd;
pub mod parameters;
pub mod reply;
pub mod subpackage;
mod text;
mod time;

pub use fields::{DecodeError, EncodeError};
pub use frame::{Checksum, Frame, FrameError, Header, Package, Phone, Splitter, Version};
pub use location::{Item, Items, Location, LocationBatch, LocationReport};
pub use messages::Message;
pub use text::Text;
pub use time::{BcdTime, TimeError};
