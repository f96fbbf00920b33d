//! Whether an index is ready to be asked.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::Operations;
use crate::application::Tally;

/// How an index and what it needs are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether all is well enough.
    pub ready: bool,
    /// What is wrong, in sentences.
    pub wrong: Vec<String>,
    /// The height of the last block that is stored. `None`: this process has not come so far as to know.
    pub last: Option<u64>,
    /// The height of the node's last final block, if it answers.
    pub head: Option<u64>,
    /// Blocks between them.
    pub lag_blocks: u64,
    /// The age of the last block that is stored, in seconds; 0 when there is none behind it.
    pub lag_seconds: u64,
}

impl Operations {
    /// Looks at everything.
    pub async fn health(&self) -> Health {
        let patience = self.patience();
        let (head, store) = tokio::join!(
            tokio::time::timeout(patience, self.node.head()),
            tokio::time::timeout(patience, self.index.store().ready()),
        );
        let slow = format!("within {} ms", patience.as_millis());
        let mut wrong = Vec::new();
        let head = match head {
            Ok(Ok(head)) => Some(u64::from(head)),
            Ok(Err(error)) => {
                wrong.push(error.to_string());
                None
            }
            Err(_) => {
                wrong.push(format!("the node at {} does not answer {slow}", self.node.url()));
                None
            }
        };
        match store {
            Ok(Ok(())) => {}
            Ok(Err(error)) => wrong.push(error.to_string()),
            Err(_) => wrong.push(format!("ClickHouse does not answer {slow}")),
        }
        let last = Tally::last(&self.tally);
        let (lag_blocks, lag_seconds) = lag(&self.tally, head);
        match last {
            None => wrong.push("no block is stored yet".to_owned()),
            Some(_) if lag_blocks > self.config.ready_blocks => {
                wrong.push(format!("the index is {lag_blocks} blocks behind"));
            }
            Some(_) if lag_blocks > 0 && lag_seconds > self.config.ready_seconds => {
                wrong.push(format!("the index is {lag_seconds} s behind"));
            }
            Some(_) => {}
        }
        Health { ready: wrong.is_empty(), wrong, last, head, lag_blocks, lag_seconds }
    }
}

/// Blocks and seconds that an index is behind a height, or behind the last that it heard of.
pub(super) fn lag(tally: &Tally, head: Option<u64>) -> (u64, u64) {
    let head = head.unwrap_or(0).max(Tally::get(&tally.goal));
    let last = Tally::last(tally);
    // Block 0 is one as well.
    let blocks = (head + 1).saturating_sub(last.map_or(0, |last| last + 1));
    let blocks = if head == 0 && last.is_none() { 0 } else { blocks };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = match blocks {
        0 => 0,
        _ => now.as_secs().saturating_sub(Tally::get(&tally.last_ms) / 1_000),
    };
    (blocks, seconds)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;

    #[test]
    fn an_index_is_behind_by_what_it_lacks() {
        let tally = Tally::default();
        assert_eq!(lag(&tally, None), (0, 0));
        assert_eq!(lag(&tally, Some(9)).0, 10);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        tally.stored(7, (now - 60) * 1_000);
        let (blocks, seconds) = lag(&tally, Some(9));
        assert_eq!(blocks, 2);
        assert!((60..=62).contains(&seconds), "{seconds}");
        assert_eq!(lag(&tally, Some(7)), (0, 0));
        // What was heard of counts as well.
        tally.goal.store(12, Ordering::Relaxed);
        assert_eq!(lag(&tally, None).0, 5);
    }
}
