//! The loop: what is due is fetched, verified, and brought, when it is one's turn.
//!
//! ```text
//!   woken by a signature, a wish, or the clock
//!     │
//!     ├─ what does the contract hold?        still waiting for a block of Ethereum ─▶ wait, or offer more
//!     ├─ what was signed, and what is due?   nothing ─▶ wait
//!     ├─ is it this one's turn?              no ─▶ wait
//!     ├─ fetch it, and verify it             no checkpoint ─▶ refuse, and say why
//!     ├─ would the contract take it now?     no ─▶ somebody was faster, and nothing is sent
//!     └─ send
//! ```

mod allowance;
mod backoff;
mod purse;
mod sender;
mod staying;
mod turn;
mod wishes;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use smartlink_service::CancellationToken;

pub use backoff::Backoff;
pub use wishes::Wishes;

use self::{sender::Sender, turn::Turn};
use crate::{
    anchor::{submission, Anchor, AnchorError, View},
    chain::Node,
    checkpoint::Checkpoint,
    config::BridgeConfig,
    ethereum::Key,
    operations::Tally,
    plan::{self, Due, Policy, Step},
    Error,
};

/// How often the account's balance is looked at, for who watches the figures.
const BALANCE_EVERY: Duration = Duration::from_secs(60);

/// The shortest pause between two looks, whoever wakes it how often.
const LEAST_PAUSE: Duration = Duration::from_millis(500);

/// A relayer.
pub struct Relay {
    node: Node,
    anchor: Anchor,
    key: Key,
    config: BridgeConfig,
    sender: Sender,
    tally: Arc<Tally>,
    wishes: Wishes,
    /// Says what it would send, and sends nothing.
    dry_run: bool,
    turn: Option<Turn>,
    /// When the last checkpoint was sent that somebody asked for.
    asked_for: Option<Instant>,
    balance_at: Option<Instant>,
    /// What was said last, so that it is not said at each look.
    said: Option<Step>,
}

impl Relay {
    /// From a node to a contract.
    pub fn new(node: Node, anchor: Anchor, key: Key, config: BridgeConfig, dry_run: bool) -> Self {
        let tally = Arc::new(Tally::default());
        let confirmations = config.ethereum.confirmations;
        let sender =
            Sender::new(anchor.clone(), key.clone(), &config.fees, confirmations, tally.clone());
        Self {
            node,
            anchor,
            key,
            config,
            sender,
            tally,
            wishes: Wishes::default(),
            dry_run,
            turn: None,
            asked_for: None,
            balance_at: None,
            said: None,
        }
    }

    /// What it has seen and done.
    pub fn tally(&self) -> Arc<Tally> {
        self.tally.clone()
    }

    /// Where blocks are wanted.
    pub fn wishes(&self) -> Wishes {
        self.wishes.clone()
    }

    /// Relays until it is stopped.
    ///
    /// # Errors
    /// Something is wrong that only somebody else can mend. What may pass is tried again, for ever.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), Error> {
        let mut heard = self.node.follow(stop.child_token());
        let poll = Duration::from_millis(self.config.ethereum.poll_ms);
        let least = LEAST_PAUSE.min(poll);
        let mut backoff = Backoff::new(Duration::from_millis(self.config.ethereum.retry_most_ms));
        let mut begun = false;
        loop {
            let step = async {
                if !begun {
                    check_chain(&self.node, &self.anchor).await?;
                    self.sender.resume().await?;
                    begun = true;
                }
                self.step().await
            };
            let step = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                step = step => step,
            };
            let failed = step.is_err();
            let pause = match step {
                Ok(()) => {
                    backoff.reset();
                    self.turn.map_or(poll, |turn| turn.remaining().clamp(least, poll))
                }
                Err(error) if error.is_passing() => self.passing(&error, backoff.pause()).await,
                Err(error) => return Err(error),
            };
            let woken_from = tokio::time::Instant::now() + least;
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
                // After a failure only the clock wakes it: the pause is there for those that fail.
                _ = heard.changed(), if !failed => {}
                () = self.wishes.noted(), if !failed => {}
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep_until(woken_from) => {}
            }
        }
    }

    async fn passing(&self, error: &Error, pause: Duration) -> Duration {
        Tally::add(&self.tally.failed, 1);
        match error {
            Error::Refused(_) => {
                Tally::add(&self.tally.refused, 1);
                tracing::error!(%error, ?pause, node = self.node.host(), "refused");
            }
            Error::Node(why) => {
                if !why.is_passing() || matches!(why, smartlink_proving::ProveError::Chain(_)) {
                    self.node.hang_up().await;
                }
                tracing::warn!(%error, ?pause, "the node is asked again");
            }
            _ => tracing::warn!(%error, ?pause, "it is tried again"),
        }
        pause
    }

    /// One look at both chains, and what follows from it.
    ///
    /// # Errors
    /// A chain does not answer, or what is due cannot be brought.
    pub async fn step(&mut self) -> Result<(), Error> {
        let view = self.anchor.view().await?;
        self.tally.held(&view);
        if self.balance_at.is_none_or(|at| at.elapsed() >= BALANCE_EVERY) {
            self.sender.look_at_balance().await?;
            self.balance_at = Some(Instant::now());
        }
        let last = self.node.last().await;
        if let Ok(last) = &last {
            self.tally.signed(last.seen());
        }
        // What waits is looked after, whether the node answers or not.
        if self.sender.look(&view).await? {
            return last.map(drop);
        }
        let last = last?;
        let signed = last.seen();
        let step = plan::next(&view, signed, self.policy(&view));
        if self.said.replace(step) != Some(step) {
            let (signed, held, set) = (signed.block, view.latest, view.current.id);
            tracing::info!(signed, held, set, "due: {step}");
        }
        if matches!(step, Step::Wait(_)) {
            self.turn = None;
            // Nothing is to be paid.
            Tally::set(&self.tally.at_bound, 0);
            return Ok(());
        }
        if !self.is_its_turn(step, &view) {
            return Ok(());
        }
        match self.node.fetch(step, last, &view).await? {
            Some(checkpoint) => self.bring(&checkpoint, step, view.at).await,
            None => Ok(()),
        }
    }

    fn policy(&self, view: &View) -> Policy {
        let config = &self.config.policy;
        let pause = Duration::from_millis(config.asked_pause_ms);
        let rested = self.asked_for.is_none_or(|at| at.elapsed() >= pause);
        let wanted = self.wishes.open(view.latest).filter(|_| rested);
        Policy { every_blocks: config.every_blocks, wanted }
    }

    fn is_its_turn(&mut self, step: Step, view: &View) -> bool {
        // Nobody else was asked.
        if step == Step::Checkpoint(Due::Wanted) {
            return true;
        }
        let turn = self
            .turn
            .filter(|turn| turn.is_about(view))
            .unwrap_or_else(|| Turn::begin(&self.config.turns, self.key.address(), view));
        self.turn = Some(turn);
        turn.has_come()
    }

    /// Sends a checkpoint, if the contract would take it now.
    async fn bring(&mut self, checkpoint: &Checkpoint, step: Step, at: u64) -> Result<(), Error> {
        let (block, data) = (checkpoint.block(), submission(checkpoint));
        let trial = self.sender.trial();
        let attempt = self.anchor.attempt(Some(self.key.address()), data.clone(), trial);
        match attempt.await {
            Err(AnchorError::Reverted(why)) if why.is_a_lost_race() => {
                tracing::info!(block, %why, "nothing is sent");
                Tally::add(&self.tally.lost, 1);
                self.turn = None;
                return Ok(());
            }
            attempt => attempt?,
        };
        if self.dry_run {
            let gas = self.anchor.estimate(self.key.address(), data.clone()).await?;
            tracing::info!(
                block,
                gas,
                bytes = data.len(),
                "this would be sent, were it no dry run"
            );
            // It is looked again at the pace of `ethereum.poll_ms`.
            self.turn = None;
            return Ok(());
        }
        self.sender.send(block, data, at).await?;
        self.turn = None;
        if step == Step::Checkpoint(Due::Wanted) {
            self.asked_for = Some(Instant::now());
        }
        Ok(())
    }
}

/// Checks that node and contract are of one chain.
///
/// # Errors
/// They are not, or one does not answer.
pub async fn check_chain(node: &Node, anchor: &Anchor) -> Result<(), Error> {
    Ok(anchor.check_chain(node.genesis().await?).await?)
}
