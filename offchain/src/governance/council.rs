//! `smartlink-offchain council`: the motions of the council, and what its members do with them.
//!
//! Each of these waits until its transaction is in a block, and not until that is final: the council has to be able to decide while
//! finality stands.

use std::{path::PathBuf, str::FromStr};

use smartlink_chain::{
    council::{self, Motion, MotionId, Part, Proposed, Seat},
    subxt::utils::H256,
    words, AccountId32, At,
};

use super::{
    ask,
    call::{unhex, CallSource},
    key, report, KeyArgs, NodeArgs,
};
use crate::{table::grouped, Error};

/// Seconds from one block to the next.
const BLOCK_SECONDS: u32 = 2;

/// What is done in the council.
#[derive(Debug, clap::Subcommand)]
pub enum Council {
    /// Lists the motions that wait: what each does, who is for it and against it, and who has not voted.
    List(List),
    /// Puts a call before the council.
    ///
    /// The call is what another program wrote. It is carried with as many votes as it needs: three quarters of the seats for what
    /// the chain's root does, more than half to stop the chain or a call or to let it go on, otherwise two thirds. To propose is
    /// not to vote.
    Propose(Propose),
    /// Votes for a motion, or against it.
    Vote(Vote),
    /// Closes a motion that has enough votes, or cannot get them, or whose time is over; with enough votes its call is done.
    ///
    /// Prints what the call did, and ends with 1 when it failed, although the motion was carried.
    Close(Close),
}

/// The motions that wait.
#[derive(Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    node: NodeArgs,
}

/// A call for the council.
#[derive(Debug, clap::Args)]
pub struct Propose {
    /// The call, SCALE-encoded: a file with the one line 0x..., or 0x... itself.
    #[arg(value_name = "FILE|0x...")]
    call: CallSource,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    node: NodeArgs,
    /// Has the call done by the root of the chain (consortium.enact): for a new runtime, or to mend the consensus.
    #[arg(long)]
    enact: bool,
    /// The votes that carry the motion, instead of those that the call needs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    threshold: Option<u32>,
}

/// A vote.
#[derive(Debug, clap::Args)]
pub struct Vote {
    /// The number of the motion, the hash of its call, or a file with the call.
    #[arg(value_name = "INDEX|HASH|FILE")]
    motion: Named,
    /// For it, or against it.
    vote: Choice,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    node: NodeArgs,
}

/// The end of a motion.
#[derive(Debug, clap::Args)]
pub struct Close {
    /// The number of the motion, the hash of its call, or a file with the call.
    #[arg(value_name = "INDEX|HASH|FILE")]
    motion: Named,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    node: NodeArgs,
}

/// A vote as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Choice {
    /// For it.
    Yes,
    /// Against it.
    No,
}

/// How somebody names a motion.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    /// By its number.
    Index(u32),
    /// By the hash of its call.
    Hash(H256),
    /// By the file from which it was proposed: who votes for a file votes for what is in that file.
    File(PathBuf),
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("0x") {
            let hash = unhex(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            let hash = hash.map(|hash| Self::Hash(H256(hash)));
            return hash.ok_or_else(|| {
                "the hash of a motion's call has 64 hex digits behind 0x: `council list` has it"
                    .to_owned()
            });
        }
        Ok(text.parse::<u32>().map_or_else(|_| Self::File(text.into()), Self::Index))
    }
}

impl Council {
    /// Does it, and prints what came of it.
    ///
    /// # Errors
    /// Nothing was done, a call failed, or it is not known what became of it. The sentence says which.
    pub async fn perform(self) -> Result<(), Error> {
        match self {
            Self::List(list) => list.perform().await,
            Self::Propose(propose) => propose.perform().await,
            Self::Vote(vote) => vote.perform().await,
            Self::Close(close) => close.perform().await,
        }
    }
}

impl List {
    async fn perform(self) -> Result<(), Error> {
        let chain = report::connect(&self.node.url).await?;
        let at = council::best(&chain).await?;
        let seats = council::seats(&at).await?;
        let motions = council::motions(&at).await?;
        let (size, block) = (seats.len(), grouped(at.block_number()));
        println!("The council of {size} seats at block {block}; {} motions wait.", motions.len());
        for motion in &motions {
            println!();
            print_motion(&at, motion);
            for line in votes(motion, &seats, at.block_number()) {
                println!("  {line}");
            }
        }
        Ok(())
    }
}

impl Propose {
    async fn perform(self) -> Result<(), Error> {
        let account = key::account(&self.key.file)?;
        let bytes = self.call.read()?;
        let chain = report::connect(&self.node.url).await?;
        let at = council::best(&chain).await?;
        let mut call = report::read(&at, bytes)?;
        if self.enact {
            let enacted = call.enacted(&at.metadata());
            call = enacted.map_err(|error| Error::Asked(error.to_string()))?;
        }
        let seats = council::size(&at).await?;
        let needed = Part::needed(call.words()).of(seats);
        let threshold = self.threshold.unwrap_or(needed);
        if threshold > seats {
            let why = format!("{threshold} votes never come: the council has {seats} seats");
            return Err(Error::Asked(why));
        }
        println!("Proposed by {}, carried with {threshold} votes of {seats}:", account.id());
        report::print_call(call.words());
        if threshold < needed {
            println!("With fewer than {needed} votes the chain will not do it.");
        }
        ask::agreed(self.key.yes).await?;
        match council::propose(&chain, &account, &call, threshold, report::PATIENCE).await? {
            Proposed::Done(included) => {
                println!("One vote is enough: it is done.");
                report::told(&chain, &call.name(), &included).await
            }
            Proposed::Waiting { motion, included } => {
                report::told(&chain, "Council.propose", &included).await?;
                let MotionId { hash, index } = motion;
                println!("It is motion {index}, with the hash {hash:?}.");
                println!("To propose is not to vote. Now vote, each member that is for it:");
                println!("  smartlink-offchain council vote {index} yes --key-file FILE");
                Ok(())
            }
        }
    }
}

impl Vote {
    async fn perform(self) -> Result<(), Error> {
        let account = key::account(&self.key.file)?;
        let chain = report::connect(&self.node.url).await?;
        let at = council::best(&chain).await?;
        let motion = find(&at, self.motion).await?;
        let (approve, said) = match self.vote {
            Choice::Yes => (true, "yes to"),
            Choice::No => (false, "no to"),
        };
        println!("{} says {said}", account.id());
        print_motion(&at, &motion);
        ask::agreed(self.key.yes).await?;
        let voted = council::vote(&chain, &account, motion.id, approve, report::PATIENCE).await?;
        report::told(&chain, "Council.vote", &voted).await?;
        let now = council::motion(&chain.at(voted.block).await?, motion.id.hash).await?;
        if let Some(now) = now {
            println!("{}", count(&now));
            if now.ayes.len() >= usize::try_from(now.threshold).unwrap_or(usize::MAX) {
                println!("These are enough. Now close it, anybody:");
                println!("  smartlink-offchain council close {} --key-file FILE", motion.id.index);
            }
        }
        Ok(())
    }
}

impl Close {
    async fn perform(self) -> Result<(), Error> {
        let account = key::account(&self.key.file)?;
        let chain = report::connect(&self.node.url).await?;
        let at = council::best(&chain).await?;
        let motion = find(&at, self.motion).await?;
        println!("{} closes", account.id());
        print_motion(&at, &motion);
        println!("  {}", count(&motion));
        ask::agreed(self.key.yes).await?;
        let closed = council::close(&chain, &account, motion.id, report::PATIENCE).await?;
        report::told(&chain, "Council.close", &closed).await?;
        let events = chain.told(&closed).await?;
        if events.iter().any(|event| event.is("Council", "Disapproved")) {
            println!("The motion was not carried: its call was not done.");
        }
        Ok(())
    }
}

/// The motion that somebody means.
async fn find(at: &At, named: Named) -> Result<Motion, Error> {
    let hashes = match &named {
        Named::File(file) => {
            let call = report::read(at, CallSource::File(file.clone()).read()?)?;
            // It may have been proposed with --enact.
            let enacted = call.enacted(&at.metadata()).map(|enacted| enacted.hash());
            [Some(call.hash()), enacted.ok()]
        }
        Named::Hash(hash) => [Some(*hash), None],
        Named::Index(_) => [None, None],
    };
    let is_meant = |motion: &Motion| match named {
        Named::Index(index) => motion.id.index == index,
        _ => hashes.contains(&Some(motion.id.hash)),
    };
    let motions = council::motions(at).await?;
    let known: Vec<String> = motions.iter().map(|motion| motion.id.index.to_string()).collect();
    motions.into_iter().find(is_meant).ok_or_else(|| {
        let known = match known.len() {
            0 => "no motion waits".to_owned(),
            _ => format!("those that wait are {}", known.join(", ")),
        };
        Error::Asked(format!("there is no such motion before the council: {known}"))
    })
}

/// Prints the name of a motion, and its call.
fn print_motion(at: &At, motion: &Motion) {
    println!("motion {}  {:?}", motion.id.index, motion.id.hash);
    match words::of_call(&at.metadata(), &motion.call) {
        Ok(call) => report::print_call(&call),
        Err(error) => println!("  {} bytes that are no call any more: {error}", motion.call.len()),
    }
}

/// How many votes a motion has.
fn count(motion: &Motion) -> String {
    let Motion { ayes, nays, threshold, .. } = motion;
    format!("{} yes and {} no; {threshold} yes carry it.", ayes.len(), nays.len())
}

/// Who voted how, who did not, and how long there is time.
fn votes(motion: &Motion, seats: &[Seat], now: u64) -> Vec<String> {
    let end = u64::from(motion.end);
    let ends = match end.checked_sub(now).filter(|blocks| *blocks > 0) {
        Some(blocks) => {
            let minutes = blocks.saturating_mul(BLOCK_SECONDS.into()).div_ceil(60);
            format!("ends at block {}, in some {} minutes", grouped(end), grouped(minutes))
        }
        None => format!("can be closed: its time was over at block {}", grouped(end)),
    };
    let mut lines = vec![format!("{} It {ends}", count(motion))];
    let named = |account: &AccountId32| match seats.iter().find(|seat| seat.account == *account) {
        Some(Seat { company: Some((id, name)), .. }) => format!("{account} ({id}, {name:?})"),
        _ => account.to_string(),
    };
    lines.extend(motion.ayes.iter().map(|account| format!("yes        {}", named(account))));
    lines.extend(motion.nays.iter().map(|account| format!("no         {}", named(account))));
    let silent = seats.iter().map(|seat| &seat.account);
    let silent = silent.filter(|seat| !motion.ayes.contains(seat) && !motion.nays.contains(seat));
    lines.extend(silent.map(|account| format!("not voted  {}", named(account))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_primitives::CompanyId;

    fn account(seed: u8) -> AccountId32 {
        AccountId32([seed; 32])
    }

    fn motion() -> Motion {
        Motion {
            id: MotionId { hash: H256([9; 32]), index: 3 },
            call: vec![0, 0],
            threshold: 3,
            ayes: vec![account(1), account(2)],
            nays: vec![account(3)],
            end: 1_000,
        }
    }

    #[test]
    fn a_motion_is_named_by_its_number_its_hash_or_its_file() {
        let hash = format!("0x{}", "09".repeat(32));
        assert_eq!("3".parse::<Named>(), Ok(Named::Index(3)));
        assert_eq!(hash.parse::<Named>(), Ok(Named::Hash(H256([9; 32]))));
        assert_eq!("admit-0.call".parse::<Named>(), Ok(Named::File("admit-0.call".into())));
        for wrong in ["0x", "0x09", "0xzz"] {
            assert!(wrong.parse::<Named>().unwrap_err().contains("64 hex digits"), "{wrong}");
        }
    }

    #[test]
    fn who_voted_and_who_did_not_is_told_with_companies() {
        let seat = |seed: u8| Seat {
            account: account(seed),
            company: Some((CompanyId(seed.into()), format!("Company {seed}"))),
        };
        let seats = [seat(1), seat(2), seat(3), Seat { account: account(4), company: None }];
        let lines = votes(&motion(), &seats, 940);
        let first = "2 yes and 1 no; 3 yes carry it. It ends at block 1,000, in some 2 minutes";
        assert_eq!(lines[0], first);
        let (one, four) = (account(1), account(4));
        assert!(lines[1].starts_with("yes ") && lines[1].contains(&one.to_string()), "{lines:?}");
        assert!(lines[1].ends_with("\"Company 1\")"), "{lines:?}");
        assert!(lines[3].starts_with("no ") && lines[3].ends_with("\"Company 3\")"), "{lines:?}");
        assert_eq!(lines[4], format!("not voted  {four}"));
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn a_motion_whose_time_is_over_says_so() {
        for now in [1_000, 1_001] {
            let lines = votes(&motion(), &[], now);
            assert!(
                lines[0].ends_with("It can be closed: its time was over at block 1,000"),
                "{lines:?}"
            );
        }
    }
}
