//! What was seen on the CAN bus.

use crate::{
    fields::{body, read_whole, DecodeError, EncodeError, Field, Reader},
    frame::Version,
    time::decimal,
};

body! {
    /// One frame of the bus.
    CanFrame {
        /// Bit 31: the channel, bit 30: an extended id, bit 29: an average of the interval; below: the id.
        id: u32,
        /// Its bytes.
        data: [u8; 8],
    }
}

impl CanFrame {
    /// 0: CAN1, 1: CAN2.
    pub const fn channel(&self) -> u8 {
        (self.id >> 31) as u8
    }

    /// Whether the id has 29 bits, not 11.
    pub const fn is_extended(&self) -> bool {
        self.id & 1 << 30 != 0
    }

    /// The id on the bus.
    pub const fn can_id(&self) -> u32 {
        self.id & 0x1fff_ffff
    }
}

/// Frames of the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanUpload {
    /// BCD hhmmssmmmm: when the first was received.
    pub time: [u8; 5],
    /// In the order received.
    pub frames: Vec<CanFrame>,
}

impl CanUpload {
    /// Milliseconds of the day in GMT+8 when the first frame was received; none when the digits are no time.
    pub fn millis_of_day(&self) -> Option<u32> {
        let [hour, minute, second, high, low] = self.time.map(|byte| decimal(byte).map(u32::from));
        let (hour, minute, second, millis) = (hour?, minute?, second?, high? * 100 + low?);
        let valid = hour < 24 && minute < 60 && second < 60 && millis < 1_000;
        valid.then_some(((hour * 60 + minute) * 60 + second) * 1_000 + millis)
    }
}

impl Field for CanUpload {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let count = usize::from(u16::read(reader, version, field)?);
        let time = reader.array(field)?;
        Ok(Self { time, frames: read_whole(count, reader, version, field) })
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        let (length, limit) = (self.frames.len(), usize::from(u16::MAX));
        let count =
            u16::try_from(length).map_err(|_| EncodeError::TooLong { field, length, limit })?;
        out.extend_from_slice(&count.to_be_bytes());
        out.extend_from_slice(&self.time);
        self.frames.iter().try_for_each(|frame| frame.write(out, version, field))
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let time = entropy.array();
        let frames = (0..entropy.below(6)).map(|_| CanFrame::any(entropy, version)).collect();
        Self { time, frames }
    }
}
