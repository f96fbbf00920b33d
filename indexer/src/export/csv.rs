//! Rows of a CSV file: its lines, but for those within quotes, and but for the first.

/// What was seen of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    /// Lines that have ended.
    ended: u64,
    /// Whether a text in quotes has begun. A quote within it is there twice, and so changes nothing.
    quoted: bool,
    /// Whether a line has begun and not ended.
    begun: bool,
}

impl Lines {
    /// Sees what comes next.
    pub fn see(&mut self, piece: &[u8]) {
        for byte in piece {
            self.begun = true;
            match byte {
                b'"' => self.quoted = !self.quoted,
                b'\n' if !self.quoted => {
                    self.ended += 1;
                    self.begun = false;
                }
                _ => {}
            }
        }
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.ended.saturating_sub(1)
    }

    /// Rows of the whole file.
    ///
    /// # Errors
    /// It has no line with names, or ends within a line.
    pub fn end(&self) -> Result<u64, String> {
        match (self.begun, self.ended.checked_sub(1)) {
            (true, _) => Err("it ends in the middle of a line".to_owned()),
            (false, None) => Err("it has no line with the names of columns".to_owned()),
            (false, Some(rows)) => Ok(rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(pieces: &[&[u8]]) -> Result<u64, String> {
        let mut lines = Lines::default();
        pieces.iter().for_each(|piece| lines.see(piece));
        lines.end()
    }

    #[test]
    fn half_a_file_is_none() {
        assert_eq!(seen(&[b"\"id\",\"name\"\n"]), Ok(0));
        assert!(seen(&[b""]).unwrap_err().contains("no line"));
        assert!(seen(&[b"\"id\"\n1\n2"]).unwrap_err().contains("middle"));
        assert!(seen(&[b"\"id\"\n\"1\n"]).unwrap_err().contains("middle"));
    }

    proptest! {
        #[test]
        fn rows_are_counted_whatever_texts_are_in_them(
            texts in proptest::collection::vec("[a\"\n,沪\r]{0,6}", 0..20),
            cut in 0_usize..100,
        ) {
            let mut file = "\"text\",\"number\"\n".to_owned();
            for text in &texts {
                file.push_str(&format!("\"{}\",7\n", text.replace('"', "\"\"")));
            }
            // However it comes in pieces.
            let (first, second) = file.as_bytes().split_at(cut.min(file.len()));
            prop_assert_eq!(seen(&[first, second]), Ok(texts.len() as u64));
        }
    }
}
