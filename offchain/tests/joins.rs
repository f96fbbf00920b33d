//! A company from nothing to a validating member, by the lines of `docs/consortium.md` as they stand there; then it changes its keys, and
//! in the end it is expelled.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    fs,
    os::unix::fs::{symlink, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use smartlink_chain::{motions, queries, subxt::utils::H256, Account, Chain};
use smartlink_devnet::{Consortium, Guest, Node};
use smartlink_primitives::CompanyId;
use support::{
    beefy::SignedCommitment,
    governance::{self, best, decide_with, until_final, until_session, SESSIONS},
    start, PATIENCE,
};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

/// The company that joins.
const FIFTH: CompanyId = CompanyId(5);
/// All founders: they are enough for everything, also when the fifth company has a seat.
const FOUNDERS: [&str; 4] = ["//Alice", "//Bob", "//Charlie", "//Dave"];
/// Final blocks that the others make while the one that was expelled is looked at.
const MEANWHILE: u64 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_company_joins_by_the_lines_of_the_manual_changes_its_keys_and_is_expelled() {
    let mut consortium = start(4).await;
    let chain = consortium.chain(0).unwrap();
    let mut manual = Manual::open(&consortium);

    let node = manual.follow(&consortium).await;
    let validator = manual.account("validator");
    it_validates_in_the_session_after_next(&chain, &validator).await;
    beefy_hands_over_to_five(&chain).await;
    manual.run("applicant", &manual.blocks.last_of("applicant"));

    it_changes_its_keys_and_misses_no_session(&manual, &chain, &node, &validator).await;
    it_is_expelled_and_cut_off(&mut consortium, &chain, &node).await;
    consortium.stop().await;
}

async fn it_validates_in_the_session_after_next(chain: &Chain, validator: &Account) {
    let added = governance::session(chain).await;
    assert!(!governance::in_session(chain).await.contains(&validator.id()));
    until_session(chain, added + 2).await;
    let validators = governance::in_session(chain).await;
    assert!(validators.contains(&validator.id()) && validators.len() == 5, "{validators:?}");
}

/// The first block of the session is signed by all five, for whoever checks signatures elsewhere.
async fn beefy_hands_over_to_five(chain: &Chain) {
    let mut proofs = chain.beefy_justifications().await.unwrap();
    let handed_over = async {
        loop {
            let signed = SignedCommitment::decode(&proofs.next().await.unwrap().unwrap());
            until_final(chain, signed.block()).await;
            let at = chain.at_number(signed.block()).await.unwrap();
            let signers = queries::beefy_validators(&at).await.unwrap();
            signed.verify(&signers);
            if signers.keys.len() == 5 {
                return;
            }
        }
    };
    timeout(SESSIONS, handed_over).await.expect("BEEFY signs with the new set");
}

async fn it_changes_its_keys_and_misses_no_session(
    manual: &Manual,
    chain: &Chain,
    node: &Node,
    validator: &Account,
) {
    let before = governance::keys(chain, validator).await;
    manual.run("rotation", &manual.blocks.last_of("rotation"));
    let (registered, new) =
        (governance::session(chain).await, governance::keys(chain, validator).await);
    assert_ne!(new, before, "all of its keys are new");
    for session in registered..=registered + 3 {
        until_session(chain, session).await;
        assert!(
            governance::in_session(chain).await.contains(&validator.id()),
            "it is in session {session}"
        );
        assert!(governance::disabled(chain).await.is_empty(), "all work in session {session}");
    }
    let at = best(chain).await;
    let signers = queries::beefy_validators(&at).await.unwrap();
    assert!(signers.keys.contains(&new.beefy) && !signers.keys.contains(&before.beefy));

    // It makes blocks and votes with the new ones: what the machine holds is what the chain expects.
    let theirs = node.chain().unwrap();
    assert!(theirs.has_session_keys(&new.bytes()).await.unwrap());
    let now = u32::try_from(at.block_number()).unwrap();
    governance::until_it_makes_a_block(chain, validator, now).await;
    let voter = governance::voter(&new);
    let votes = async {
        while chain.finality_round().await.unwrap().precommits.missing.contains(&voter) {
            sleep(governance::LOOK).await;
        }
    };
    timeout(SESSIONS, votes).await.expect("it votes with the new keys");
}

async fn it_is_expelled_and_cut_off(consortium: &mut Consortium, chain: &Chain, node: &Node) {
    let theirs = node.chain().unwrap();
    assert!(theirs.peers().await.unwrap() > 0);
    let expel = motions::expel(FIFTH, H256([7; 32]));
    let decided = decide_with(chain, &FOUNDERS, expel).await;
    consortium.wait_finalized(decided.number + MEANWHILE, PATIENCE).await.unwrap();
    let has = theirs.finalized_number().await.unwrap();
    let now = chain.finalized_number().await.unwrap();
    consortium.wait_finalized(now + MEANWHILE, PATIENCE).await.unwrap();
    assert_eq!(theirs.finalized_number().await.unwrap(), has, "it still gets blocks");
    assert_eq!(theirs.peers().await.unwrap(), 0, "it still has peers");
}

/// The lines of the manual, and the folder in which they are typed.
struct Manual {
    folder: TempDir,
    blocks: Blocks,
    environment: Vec<(&'static str, String)>,
    /// The lines that everybody typed before, and what was exported since.
    known: Vec<String>,
}

impl Manual {
    fn open(consortium: &Consortium) -> Self {
        let text = include_str!("../../docs/consortium.md");
        let blocks = Blocks::of(text);
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let programs = here.join("programs");
        fs::create_dir(&programs).unwrap();
        let offchain = PathBuf::from(env!("CARGO_BIN_EXE_smartlink-offchain"));
        symlink(support::node(), programs.join("smartlink-node")).unwrap();
        symlink(offchain, programs.join("smartlink-offchain")).unwrap();
        fs::write(here.join("licence.pdf"), "Business licence of Ganghang Logistics").unwrap();
        secret(&here.join("member.secret"), "//Alice");
        secret(&here.join("insurer.secret"), "//Dave");
        let path = std::env::var("PATH").unwrap_or_default();
        let environment = vec![
            ("PATH", format!("{}:{path}", programs.display())),
            ("CHAIN", consortium.specification().display().to_string()),
            ("NODE", consortium.node(0).url()),
            ("BOOTNODES", consortium.node(0).address().unwrap()),
        ];
        let known = blocks.last_of("everybody").lines().map(str::to_owned).collect();
        Self { folder, blocks, environment, known }
    }

    /// Types everything up to the lines about the keys, as the people whom it names. Gives the node that was started.
    async fn follow(&mut self, consortium: &Consortium) -> Node {
        let mut node = None;
        let last = self.blocks.0.iter().rposition(|(who, _)| who == "proposer").unwrap();
        for (who, script) in self.blocks.0.clone().into_iter().take(last + 1) {
            match who.as_str() {
                "everybody" => continue,
                "machine" => {
                    let program = self.folder.path().join(script.trim());
                    let guest = Guest::program("ganghang", program);
                    let started = consortium.host(guest).await;
                    let started = started.unwrap_or_else(|error| panic!("{error}"));
                    let height = consortium.chain(0).unwrap().finalized_number().await.unwrap();
                    until_final(&started.chain().unwrap(), height).await;
                    node = Some(started);
                }
                "council" => {
                    for seat in FOUNDERS {
                        secret(&self.folder.path().join("seat.secret"), seat);
                        self.run(&who, &script);
                    }
                }
                "proposer" => {
                    secret(&self.folder.path().join("seat.secret"), FOUNDERS[0]);
                    self.run(&who, &script);
                }
                _ => self.run(&who, &script),
            }
            let exports = script.lines().filter(|line| line.starts_with("export "));
            self.known.extend(exports.map(str::to_owned));
        }
        node.expect("the manual starts a node")
    }

    /// Types some lines, after those that set variables.
    fn run(&self, who: &str, script: &str) {
        let script = format!("{}\n{script}", self.known.join("\n"));
        let done = Command::new("sh")
            .args(["-euc", &script])
            .current_dir(self.folder.path())
            .envs(self.environment.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (said, complained) =
            (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{who} typed\n{script}\nand got\n{said}\n{complained}");
    }

    fn account(&self, name: &str) -> Account {
        let file = self.folder.path().join("ganghang").join(format!("{name}.secret"));
        let secret = fs::read_to_string(file).unwrap();
        Account::from_uri(secret.lines().next().unwrap()).unwrap()
    }
}

/// Whose lines they are, and the lines.
struct Blocks(Vec<(String, String)>);

impl Blocks {
    /// The fenced lines of a text that say `sh` and who types them.
    fn of(text: &str) -> Self {
        let mut blocks = Vec::new();
        let mut open: Option<(String, String)> = None;
        for line in text.lines() {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(fence)) => {
                    let who = fence.strip_prefix("sh ").unwrap_or_default();
                    open = Some((who.to_owned(), String::new()));
                }
                (Some(_), Some(_)) => blocks.extend(open.take().filter(|(who, _)| !who.is_empty())),
                (Some((_, script)), None) => {
                    script.push_str(line);
                    script.push('\n');
                }
                (None, None) => {}
            }
        }
        Self(blocks)
    }

    fn last_of(&self, who: &str) -> String {
        let mut theirs = self.0.iter().rev().filter(|(block, _)| block == who);
        theirs.next().unwrap_or_else(|| panic!("nothing for {who}")).1.clone()
    }
}

/// A file with a secret, which nobody else reads.
fn secret(path: &Path, uri: &str) {
    fs::write(path, uri).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
