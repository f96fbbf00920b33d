//! Places in lists that are ordered by more than an id.

use std::{borrow::Cow, fmt};

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// A place in a list: a text that callers send back as it came. Inside, numbers with dots between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor<const PARTS: usize>(pub [u64; PARTS]);

impl<const PARTS: usize> fmt::Display for Cursor<PARTS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            write!(f, "{dot}{part}")?;
        }
        Ok(())
    }
}

impl<const PARTS: usize> Cursor<PARTS> {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut read = [0; PARTS];
        for part in &mut read {
            *part = parts.next()?.parse().ok()?;
        }
        parts.next().is_none().then_some(Self(read))
    }
}

impl<const PARTS: usize> Serialize for Cursor<PARTS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const PARTS: usize> Deserialize<'de> for Cursor<PARTS> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not the `next` of a page before"))
    }
}

impl<const PARTS: usize> JsonSchema for Cursor<PARTS> {
    fn schema_name() -> Cow<'static, str> {
        "Cursor".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A place in a list, sent back as it came." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_cursor_comes_back_as_it_went(parts: [u64; 4]) {
            let json = serde_json::to_string(&Cursor(parts)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cursor<4>>(&json).unwrap(), Cursor(parts));
        }
    }

    #[test]
    fn what_no_page_gave_is_no_cursor() {
        for bad in ["", "1", "1.2.3", "1.-2", "1.x", "1.", "1.18446744073709551616"] {
            assert_eq!(Cursor::<2>::parse(bad), None, "{bad}");
        }
    }
}
