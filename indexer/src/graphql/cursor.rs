//! Places in a list, as text that is given out and taken again.

use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use serde::{Deserialize, Serialize};

/// The place of a row in a list: what it is ordered by, and what the row has there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The order.
    #[serde(rename = "o")]
    pub order: String,
    /// What the row has in the column of the order, as SQL has it; nothing where it has nothing, or the order is that of
    /// the key.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    /// Its key.
    #[serde(rename = "k")]
    pub key: Vec<String>,
}

impl Cursor {
    /// As text.
    pub fn text(&self) -> String {
        // Texts and numbers are JSON always.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Of text.
    ///
    /// # Errors
    /// It is no cursor, or one of a list in another order.
    pub fn read(text: &str, order: &str) -> Result<Self, String> {
        let wrong = || "a cursor belongs here, as `cursor` or `endCursor` gave it".to_owned();
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
        match cursor.order == order {
            true => Ok(cursor),
            false => Err(format!(
                "the cursor is of a list ordered by {}, and this one is by {order}: begin anew, or ask for that order",
                cursor.order
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back(order in "[a-z]{1,9}", value: Option<u32>, key in proptest::collection::vec(any::<String>(), 0..4)) {
            let cursor = Cursor { order: order.clone(), value: value.map(Into::into), key };
            prop_assert_eq!(Cursor::read(&cursor.text(), &order), Ok(cursor));
        }
    }

    #[test]
    fn any_text_is_a_cursor_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let _ = Cursor::read(&String::from_utf8_lossy(bytes), "id");
        });
        let other = Cursor { order: "plate".into(), value: None, key: vec![] };
        assert!(Cursor::read(&other.text(), "id").unwrap_err().contains("ordered by plate"));
    }
}
