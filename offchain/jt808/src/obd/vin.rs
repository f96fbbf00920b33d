//! The VIN of service 09.

/// The VIN in lines of four characters, as buses older than CAN send it: `49 02 01 00 00 00 W`, `49 02 02 ...`,
/// five of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VinAssembler {
    lines: [Option<[u8; 4]>; 5],
}

impl VinAssembler {
    /// Takes a line, service and number included, and gives the VIN when it is complete. Other responses change
    /// nothing.
    pub fn push(&mut self, response: &[u8]) -> Option<String> {
        let &[0x49, 0x02, line, a, b, c, d] = response else { return None };
        let place = self.lines.get_mut(usize::from(line).checked_sub(1)?)?;
        *place = Some([a, b, c, d]);
        let lines: Option<Vec<_>> = self.lines.into_iter().collect();
        let vin = text(&lines?.concat());
        *self = Self::default();
        vin
    }
}

/// 17 characters, padded in front.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let start = bytes.iter().position(|byte| !matches!(byte, 0 | 0xff))?;
    let vin = bytes.get(start..start + 17)?;
    let plain = vin.iter().all(u8::is_ascii_alphanumeric);
    plain.then(|| vin.iter().copied().map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obd::Response;

    #[test]
    fn a_vin_in_one_piece_and_in_lines() {
        let vin = "WVWZZZ1JZXW000001";
        let whole = [&[0x49, 0x02, 0x01], vin.as_bytes()].concat();
        assert_eq!(Response::decode(&whole).unwrap().vin().as_deref(), Some(vin));
        let padded = [&[0; 3], vin.as_bytes()].concat();
        let mut lines = VinAssembler::default();
        for (number, characters) in (1..).zip(padded.chunks(4)) {
            let read = lines.push(&[&[0x49, 0x02, number], characters].concat());
            assert_eq!(read.as_deref(), (number == 5).then_some(vin));
        }
        assert_eq!(lines.push(&[0x49, 0x02, 0, 1, 2, 3, 4]), None);
        assert_eq!(lines.push(&[0x49, 0x02, 6, 1, 2, 3, 4]), None);
    }
}
