//! Following BEEFY's signatures: they wake the relayer, and silence makes a new connection.

use std::time::Duration;

use smartlink_proofs::commitment::justification;
use smartlink_service::CancellationToken;
use tokio::sync::watch;

use super::Node;
use crate::{plan::Signed, relay::Backoff, Error};

impl Node {
    /// Follows the node's signatures until it is stopped. What is newer than what was heard last wakes who watches.
    pub fn follow(&self, stop: CancellationToken) -> watch::Receiver<Option<Signed>> {
        let (node, heard) = (self.clone(), self.0.heard.subscribe());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = node.keep_listening() => {}
            }
        });
        heard
    }

    async fn keep_listening(&self) {
        let mut backoff = Backoff::new(self.0.retry_most);
        loop {
            if let Err(error) = self.listen(&mut backoff).await {
                self.hang_up().await;
                let pause = backoff.pause();
                tracing::warn!(%error, ?pause, "the node's signatures are not heard, it is asked again");
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// Listens until something is wrong.
    async fn listen(&self, backoff: &mut Backoff) -> Result<(), Error> {
        let chain = self.chain().await?;
        let mut signatures = chain.beefy_justifications().await?;
        // What was heard over another connection, perhaps of another node behind the same address, is no measure.
        self.0.heard.send_if_modified(|heard| {
            *heard = None;
            false
        });
        // What was signed while nobody listened.
        match self.last().await {
            Ok(last) => self.hear(last.seen()),
            Err(Error::Node(error)) if !error.is_passing() => return Err(error.into()),
            Err(error) => tracing::info!(%error, "nothing is heard yet"),
        }
        loop {
            let next = tokio::time::timeout(self.0.silence, signatures.next()).await;
            let bytes = match next {
                Ok(Some(Ok(bytes))) => bytes.0,
                Ok(Some(Err(error))) => return Err(broke(&error.to_string())),
                Ok(None) => return Err(broke("the node ended it")),
                Err(_) => return Err(broke(&silent(self.0.silence))),
            };
            backoff.reset();
            match justification(&bytes) {
                Ok((commitment, _)) => {
                    self.hear(Signed { block: commitment.block, set: commitment.set });
                }
                Err(error) => tracing::warn!(%error, "what the node tells is passed over"),
            }
        }
    }

    fn hear(&self, signed: Signed) {
        tracing::debug!(block = signed.block, set = signed.set, "signed");
        self.0.heard.send_if_modified(|heard| {
            let is_newer = is_newer(signed, *heard);
            if is_newer {
                *heard = Some(signed);
            }
            is_newer
        });
    }
}

/// Whether a signature is worth a look: a block after the last that was heard of.
fn is_newer(signed: Signed, heard: Option<Signed>) -> bool {
    heard.is_none_or(|heard| signed.block > heard.block)
}

fn silent(patience: Duration) -> String {
    format!("nothing was signed for {} s (follow.silence_ms)", patience.as_secs())
}

fn broke(why: &str) -> Error {
    Error::BrokeOff { part: "the subscription to BEEFY's signatures", why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_newer_wakes() {
        let signed = |block| Signed { block, set: 7 };
        assert!(is_newer(signed(940), None));
        assert!(is_newer(signed(944), Some(signed(940))));
        assert!(!is_newer(signed(944), Some(signed(944))));
        assert!(!is_newer(signed(940), Some(signed(944))));
    }
}
