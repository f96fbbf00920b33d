//! What is due, from what the contract holds and what the chain's validators have signed. Nothing else is known, and nothing
//! is remembered.
//!
//! ```text
//!   contract:  current set 7, next set 8, latest block 940
//!
//!   signed by set 7 ──▶ a checkpoint, when the policy wants one
//!   signed by set 8 ──▶ a checkpoint with the hand-over, always
//!   signed by set 9 ──▶ first one of a block that set 8 signed, which is found
//!   signed by set 6 ──▶ nothing: the node is behind
//! ```

use std::fmt;

use crate::anchor::View;

/// What validators have signed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The block.
    pub block: u32,
    /// The number of the set that did.
    pub set: u64,
}

/// When a checkpoint within a session is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Blocks from one to the next. 0: never.
    pub every_blocks: u32,
    /// A block that somebody wants to prove from.
    pub wanted: Option<u32>,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To wait.
    Wait(Why),
    /// To bring what the current set signed last.
    Checkpoint(Due),
    /// To bring what the next set signed last, and the hand-over to it.
    Handover,
    /// To bring a block that the next set signed, and the hand-over to it: sessions were missed.
    CatchUp,
}

/// Why nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The contract has what was signed last.
    Level,
    /// The policy wants none before this block.
    NotDue(u32),
    /// The policy wants none before the next session.
    NextSession,
    /// The contract is ahead of the node.
    Behind,
}

/// Why a checkpoint within a session is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It is the first.
    First,
    /// So many blocks have passed.
    Passed,
    /// Somebody asked for it.
    Wanted,
}

/// What is due.
pub fn next(view: &View, signed: Signed, policy: Policy) -> Step {
    if signed.set < view.current.id {
        return Step::Wait(Why::Behind);
    }
    if signed.block <= view.latest {
        let level = signed.set == view.current.id;
        return Step::Wait(if level { Why::Level } else { Why::Behind });
    }
    if signed.set > view.next.id {
        return Step::CatchUp;
    }
    if signed.set == view.next.id {
        return Step::Handover;
    }
    let wants = |block: u32| block >= view.latest && block < signed.block;
    if view.latest == 0 {
        Step::Checkpoint(Due::First)
    } else if policy.wanted.is_some_and(wants) {
        Step::Checkpoint(Due::Wanted)
    } else if policy.every_blocks == 0 {
        Step::Wait(Why::NextSession)
    } else {
        match view.latest.saturating_add(policy.every_blocks) {
            due if signed.block >= due => Step::Checkpoint(Due::Passed),
            due => Step::Wait(Why::NotDue(due)),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(Why::Level) => f.write_str("nothing: the contract has what was signed last"),
            Self::Wait(Why::NotDue(block)) => write!(f, "nothing before block {block} is signed"),
            Self::Wait(Why::NextSession) => f.write_str("nothing before the next session"),
            Self::Wait(Why::Behind) => f.write_str("nothing: the node is behind the contract"),
            Self::Checkpoint(Due::First) => f.write_str("the first checkpoint"),
            Self::Checkpoint(Due::Passed) => f.write_str("a checkpoint"),
            Self::Checkpoint(Due::Wanted) => f.write_str("a checkpoint that somebody wants"),
            Self::Handover => f.write_str("a checkpoint with the hand-over to the next set"),
            Self::CatchUp => f.write_str("a hand-over of a session that was missed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use smartlink_proofs::Fixed;

    use super::*;
    use crate::anchor::Set;

    fn view(latest: u32, current: u64) -> View {
        let set = |id| Set { id, length: 4, root: Fixed([7; 32]) };
        View { at: 1, latest, current: set(current), next: set(current + 1) }
    }

    const fn signed(block: u32, set: u64) -> Signed {
        Signed { block, set }
    }

    #[test]
    fn a_session_is_handed_over_whatever_the_policy() {
        let only = Policy::default();
        assert_eq!(next(&view(940, 7), signed(944, 7), only), Step::Wait(Why::NextSession));
        assert_eq!(next(&view(940, 7), signed(961, 8), only), Step::Handover);
        assert_eq!(next(&view(940, 7), signed(990, 9), only), Step::CatchUp);
        assert_eq!(next(&view(990, 9), signed(944, 7), only), Step::Wait(Why::Behind));
        assert_eq!(next(&view(944, 7), signed(944, 7), only), Step::Wait(Why::Level));
        assert_eq!(next(&view(0, 7), signed(4, 7), only), Step::Checkpoint(Due::First));
    }

    #[test]
    fn within_a_session_the_policy_says() {
        let every = Policy { every_blocks: 20, wanted: None };
        assert_eq!(next(&view(940, 7), signed(956, 7), every), Step::Wait(Why::NotDue(960)));
        assert_eq!(next(&view(940, 7), signed(960, 7), every), Step::Checkpoint(Due::Passed));
        // The leaf about a block is in the MMR of the next, so a checkpoint of the block itself does not do.
        let wants = |block| Policy { every_blocks: 0, wanted: Some(block) };
        let asked = |block| next(&view(940, 7), signed(944, 7), wants(block));
        assert_eq!(asked(939), Step::Wait(Why::NextSession));
        assert_eq!(asked(940), Step::Checkpoint(Due::Wanted));
        assert_eq!(asked(943), Step::Checkpoint(Due::Wanted));
        assert_eq!(asked(944), Step::Wait(Why::NextSession));
    }

    /// The contract in a few lines: whether it takes a block that a set signed.
    fn taken(view: &mut View, signed: Signed) -> bool {
        if signed.block <= view.latest {
            return false;
        }
        match signed.set {
            set if set == view.current.id => {}
            set if set == view.next.id => {
                view.current = view.next;
                view.next.id += 1;
            }
            _ => return false,
        }
        view.latest = signed.block;
        true
    }

    proptest! {
        /// Wherever it was left, the contract is brought to the set that signs in as many steps as there are sessions, and one.
        #[test]
        fn every_step_is_taken_and_they_end(
            start in 0_u64..50,
            away in 0_u64..50,
            session in 1_u32..400,
            every_blocks in 0_u32..50,
        ) {
            let begin = |set: u64| u32::try_from(set).unwrap() * session + 1;
            let last = signed(begin(start + away) + session / 2, start + away);
            let mut view = view(0, start);
            let mut steps = 0;
            loop {
                let bring = match next(&view, last, Policy { every_blocks, wanted: None }) {
                    Step::Wait(_) => break,
                    Step::Checkpoint(_) | Step::Handover => last,
                    Step::CatchUp => signed(begin(view.next.id), view.next.id),
                };
                prop_assert!(taken(&mut view, bring), "{bring:?}");
                steps += 1;
                prop_assert!(steps <= away + 1);
            }
            prop_assert_eq!(view.current.id, last.set);
            prop_assert_eq!(view.latest, last.block);
        }
    }
}
