//! What others say through the terminal: transparent data, the recorder of GB/T 19056, waybills, compressed
//! messages, keys.

use crate::fields::{body, Prefixed, Rest};

body! {
    /// Data passed on, both ways.
    Passthrough {
        /// [`Passthrough::GNSS`] and so on.
        kind: u8,
        /// As it was.
        data: Vec<u8> as Rest,
    }
}

impl Passthrough {
    /// Details of the satellite receiver.
    pub const GNSS: u8 = 0x00;
    /// The card of the road transport certificate.
    pub const CARD: u8 = 0x0b;
    /// The first serial port.
    pub const SERIAL_1: u8 = 0x41;
    /// The second serial port.
    pub const SERIAL_2: u8 = 0x42;
    /// The first of the makers' own kinds, up to 0xff. [`crate::obd`] says what is understood in them.
    pub const OWN: u8 = 0xf0;
}

body! {
    /// Data compressed by gzip.
    Compressed {
        /// As compressed.
        data: Vec<u8> as Prefixed::<4>,
    }
}

body! {
    /// An RSA public key {e, n}.
    RsaKey {
        /// e.
        exponent: u32,
        /// n.
        modulus: [u8; 128],
    }
}

body! {
    /// What the recorder has.
    RecorderData {
        /// The serial of the command.
        serial: u16,
        /// The command of GB/T 19056.
        command: u8,
        /// A frame of GB/T 19056.
        data: Vec<u8> as Rest,
    }
}

body! {
    /// A command for the recorder.
    RecorderCommand {
        /// The command of GB/T 19056.
        command: u8,
        /// A frame of GB/T 19056; may be empty.
        data: Vec<u8> as Rest,
    }
}

body! {
    /// An electronic waybill.
    Waybill {
        /// What is in it, sender and platform agree.
        data: Vec<u8> as Prefixed::<4>,
    }
}
