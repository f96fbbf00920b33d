//! The commands by which a company becomes a validating member, stays one, and leaves.
//!
//! Each makes files on this machine, and sends nothing: calls of the chain, which whoever has the right signs with a
//! program of their own choice. `status` asks a node. `application` is how a company joins, `join` how its machine becomes
//! a validator, `rotate` and `leave` what comes after.

mod account;
mod application;
mod calls;
mod error;
mod files;
mod join;
mod keys;
mod leave;
mod name;
mod node_key;
mod papers;
mod pay;
mod person;
mod place;
mod rotate;
mod said;
mod start;
mod status;

use crate::gate::token::TokenCommand;
use error::Error;
use std::io::{self, Write};

/// Become a validating member of a consortium, stay one, or leave.
#[derive(Clone, Debug, clap::Subcommand)]
#[command(
    after_help = "A call is a file with one line: 0x and the SCALE encoding of the runtime's call. Sign and send it by\n  \
                        smartlink-offchain call send FILE --key-file SECRET\n\
                        and put it to the council's vote by\n  \
                        smartlink-offchain council propose FILE --key-file SECRET\n\
                        or in the portal."
)]
pub enum CompanyCmd {
    /// Make a key for a person: an administrator, or the owner of a validator.
    #[command(
        after_help = "Writes NAME.secret and NAME.address. A key that is there is kept.\n\nExample:\n  \
        smartlink-node company key admin --into ganghang"
    )]
    Key(person::Key),

    /// Write a payment, such as what a new account needs before it can send anything.
    #[command(after_help = "Writes pay.call.\n\nExample:\n  \
        smartlink-node company pay --to 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --amount 1.00 --into ganghang")]
    Pay(pay::Pay),

    /// Hash the papers of an applicant, and write the call that applies.
    #[command(after_help = "Writes apply.call.\n\nExample:\n  \
        smartlink-node company apply --name 'Ganghang Logistics' --kind carrier \\\n    \
        --treasury 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY \\\n    \
        --paper business-licence=licence.pdf --paper other=policy.pdf --into ganghang")]
    Apply(application::Apply),

    /// Write the call by which a member answers for a paper of an applicant.
    #[command(after_help = "Writes attest-APPLICATION-PAPER.call.\n\nExample:\n  \
        smartlink-node company attest --application 1 --paper 0 --company 4 --into ganghang")]
    Attest(application::Attest),

    /// Write the call by which an account agrees to be the treasury of an applicant.
    #[command(
        after_help = "Writes accept-treasury-APPLICATION.call. An applicant who names the own account needs none.\n\n\
        Example:\n  smartlink-node company accept-treasury --application 1 --into ganghang"
    )]
    AcceptTreasury(application::AcceptTreasury),

    /// Write the motion that admits an applicant.
    #[command(after_help = "Writes admit-APPLICATION.call, for the council.\n\nExample:\n  \
        smartlink-node company admit --application 1 --until 2128-01-01 --into ganghang")]
    Admit(application::Admit),

    /// Make the keys of a validator on this machine, the calls that make them known, and what starts its node.
    ///
    /// Session keys go into the keystore of the node, and the key of its identity on the network beside it; a key that
    /// is there is kept. A node that runs is not disturbed. Asked a second time with the same --into, it makes no
    /// new session keys, and says so.
    #[command(
        after_help = "Writes set-keys.call (the account signs), register-node.call (an administrator signs),\n\
        add-validator.call (for the council), validator.toml (for the consortium's file, when founding), run.sh and\n\
        smartlink-node.service.\n\nExamples:\n  \
        smartlink-node company join --chain consortium.json --base-path node --company 5 \\\n    \
        --account 5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY --label 'Yantian 1' \\\n    \
        --public-addr /dns/yantian.example/tcp/30333 --into ganghang\n  \
        smartlink-node company join --chain consortium.json --chain-id bay-area --base-path node --company 1 \\\n    \
        --account 5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY --label 'Yantian 1' --into ganghang\n\n\
        The second is for founders, whose chain has no specification yet."
    )]
    Join(join::Join),

    /// Make new session keys beside the present ones, and write the call that sets them.
    #[command(after_help = "Writes rotate-keys.call. The node may run meanwhile.\n\nExample:\n  \
        smartlink-node company rotate-keys --chain consortium.json --base-path node \\\n    \
        --account 5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY --into ganghang")]
    RotateKeys(rotate::Rotate),

    /// Write the calls by which a validator leaves, and say in which order they are sent.
    #[command(
        after_help = "Writes remove-validator.call (for the council) and unregister-node.call (an administrator signs).\n\nExample:\n  \
        smartlink-node company leave --company 5 --account 5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY \\\n    \
        --chain consortium.json --base-path node --into ganghang"
    )]
    Leave(leave::Leave),

    /// Ask a node how a company and its validators stand, at the final block.
    ///
    /// Membership, seat and allowance of the company, session and keys of its validators, its machines, and whether the
    /// node's finality keeps up.
    #[command(
        after_help = "Ends with 0 when all is well, and with 1 and a sentence when something needs attention: the company \
        is suspended,\nexpelled or lapsed; an account is no validator, is disabled, or has an offence before the council; keys \
        are missing on\nthe chain or in the keystore; this machine is not registered; finality lags by more than 30 blocks; \
        the node has no\npeers. It ends with 1 as well when the node does not answer: within 5 seconds each time, and 15 in \
        all.\n\nExamples:\n  \
        smartlink-node company status\n  \
        smartlink-node company status --company 5 --chain consortium.json --base-path node\n  \
        smartlink-node company status --node http://127.0.0.1:9944 --company 5 --json"
    )]
    Status(status::Status),

    /// Print a token by which whoever works for a company asks the gate of a node.
    ///
    /// Show it as `Authorization: Bearer TOKEN`. Whoever has it may ask what its account may, until it expires: treat it as
    /// a password.
    #[command(
        after_help = "Prints the token to the standard output, and nothing else there.\n\nExample:\n  \
        smartlink-node company token --account-file reader.secret --chain consortium.json --hours 12"
    )]
    Token(TokenCommand),
}

impl CompanyCmd {
    /// Does it, and tells what was done.
    pub fn run(&self) -> sc_cli::Result<()> {
        let told = match self {
            Self::Key(command) => command.run()?,
            Self::Pay(command) => command.run()?,
            Self::Apply(command) => command.run()?,
            Self::Attest(command) => command.run()?,
            Self::AcceptTreasury(command) => command.run()?,
            Self::Admit(command) => command.run()?,
            Self::Join(command) => command.run()?,
            Self::RotateKeys(command) => command.run()?,
            Self::Leave(command) => command.run()?,
            Self::Token(command) => return command.run(),
            Self::Status(command) => {
                let (told, attention) = command.run()?;
                print(&told);
                return match attention {
                    0 => Ok(()),
                    more => Err(Error::Attention(more).into()),
                };
            }
        };
        print(&told);
        Ok(())
    }
}

/// Prints. Whoever stopped listening does not want to be told.
fn print(told: &str) {
    let _ = io::stdout().write_all(told.as_bytes());
}

#[cfg(test)]
mod tests {
    use crate::cli::{Cli, Subcommand};
    use clap::{CommandFactory, Parser};

    /// The command lines in the help of the commands, each in one line.
    fn examples() -> Vec<String> {
        let mut cli = Cli::command();
        cli.build();
        let company = cli.find_subcommand("company").unwrap();
        let helps = company.get_subcommands().filter_map(|command| command.get_after_help());
        let text: String = helps.map(|help| format!("{help}\n")).collect();
        let lines = text.replace("\\\n", " ");
        let examples = lines.lines().map(str::trim);
        examples.filter(|line| line.starts_with("smartlink-node ")).map(Into::into).collect()
    }

    #[test]
    fn every_example_in_the_help_is_understood() {
        let examples = examples();
        assert_eq!(examples.len(), 14, "{examples:#?}");
        for example in examples {
            // A quote holds blanks together, and nothing else.
            let words = example.split('\'').enumerate().flat_map(|(place, part)| match place % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect(),
                _ => vec![part.to_owned()],
            });
            let cli =
                Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{example}: {error}"));
            assert!(matches!(cli.subcommand, Some(Subcommand::Company(_))), "{example}");
        }
    }

    #[test]
    fn wrong_arguments_are_answered_with_a_sentence() {
        let company = |line: &str| {
            let words = ["smartlink-node", "company"].into_iter().chain(line.split(' '));
            Cli::try_parse_from(words).unwrap_err().to_string()
        };
        let apply = "apply --name A --kind carrier --paper other=a.pdf --into f --treasury";
        for (line, words) in [
            (format!("{apply} 15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"), "another chain"),
            (format!("{apply} 0x12"), "64 hexadecimal digits"),
            ("apply --kind taxi".into(), "`platform`, `carrier`"),
            ("apply --paper licence=a.pdf".into(), "business-licence"),
            ("attest --application 1 --paper 16 --company 4 --into f".into(), "0..16"),
            ("attest --application 1 --paper 0 --company 0 --into f".into(), "0 is not in 1.."),
            ("admit --application 1 --until tomorrow --into f".into(), "write it as 2028-01-01"),
            ("leave --peer-id Qm --company 1".into(), "12D3KooW"),
            ("join --chain-id a/b".into(), "no id of a chain"),
            ("status --node 127.0.0.1:9944".into(), "http://HOST:PORT"),
            ("status --base-path node".into(), "--chain"),
        ] {
            let error = company(&line);
            assert!(error.contains(words), "{line}: {error}");
        }
    }
}
