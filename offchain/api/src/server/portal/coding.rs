//! How a file is packed that was packed when it was built.

/// A content coding (RFC 9110, section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Coding {
    /// All, the one that packs best first.
    pub const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the name of a file ends with that is packed so.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Whether an `Accept-Encoding` takes it (RFC 9110, section 12.5.3): it is named, or everything is, and not with weight 0.
    pub fn is_taken(self, taken: &str) -> bool {
        let weight = |name: &str| {
            let mut choices = taken.split(',').map(|choice| {
                let (coding, weight) = choice.split_once(';').unwrap_or((choice, "q=1"));
                let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
                (coding.trim(), weight.unwrap_or(0.0))
            });
            choices.find(|(coding, _)| coding.eq_ignore_ascii_case(name)).map(|(_, weight)| weight)
        };
        weight(self.name()).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_take_what_they_name_and_refuse_by_weight() {
        let both = |taken| Coding::ALL.map(|coding| coding.is_taken(taken));
        assert_eq!(both("gzip, deflate, br, zstd"), [true, true]);
        assert_eq!(both("GZIP;q=0.5"), [false, true]);
        assert_eq!(both("*"), [true, true]);
        assert_eq!(both("br;q=0, *"), [false, true]);
        assert_eq!(both("br; q=0.1, gzip; q=0.000"), [true, false]);
        for none in ["", "identity", "*;q=0", "brotli", "gzip;q=many"] {
            assert_eq!(both(none), [false, false], "{none}");
        }
    }
}
