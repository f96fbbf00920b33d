//! Gzip bodies, with a bound on what comes out.

use flate2::read::MultiGzDecoder;
use std::{borrow::Cow, io::Read};

use super::FormError;

/// The first bytes of gzip (RFC 1952, 2.3.1).
const MAGIC: &[u8] = &[0x1f, 0x8b];

/// The body as it was before compression: it is decompressed when it begins as gzip does, whatever the headers say.
/// JSON and queries never begin so.
///
/// # Errors
///
/// Damaged gzip; more than `most` bytes, compressed or not.
pub(crate) fn inflated(body: &[u8], most: usize) -> Result<Cow<'_, [u8]>, FormError> {
    if body.len() > most {
        return Err(FormError::TooLarge(most));
    }
    if !body.starts_with(MAGIC) {
        return Ok(Cow::Borrowed(body));
    }
    let mut plain = Vec::new();
    let bound = u64::try_from(most).map_or(u64::MAX, |most| most.saturating_add(1));
    MultiGzDecoder::new(body)
        .take(bound)
        .read_to_end(&mut plain)
        .map_err(|error| FormError::Gzip(error.to_string()))?;
    if plain.len() > most {
        return Err(FormError::TooLarge(most));
    }
    Ok(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{write::GzEncoder, Compression};
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let bomb = gzip(&vec![b' '; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert_eq!(inflated(&bomb, 65_536), Err(FormError::TooLarge(65_536)));
        assert_eq!(inflated(&[b' '; 11], 10), Err(FormError::TooLarge(10)));
    }

    #[test]
    fn what_was_compressed_comes_back() {
        assert_eq!(inflated(&gzip(b"[1,2]"), 100).unwrap().as_ref(), b"[1,2]");
        assert_eq!(inflated(b"[1,2]", 100).unwrap().as_ref(), b"[1,2]");
        let mut cut = gzip(b"[1,2]");
        cut.truncate(cut.len() - 3);
        assert!(matches!(inflated(&cut, 100), Err(FormError::Gzip(_))));
    }

    #[test]
    fn hostile_bytes_stay_within_the_bound() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let mut marked = MAGIC.to_vec();
            marked.extend_from_slice(bytes);
            for body in [bytes, &marked] {
                if let Ok(plain) = inflated(body, 1000) {
                    assert!(plain.len() <= 1000);
                }
            }
        });
    }
}
