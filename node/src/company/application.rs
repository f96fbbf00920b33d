//! How a company joins: its application, the attestation of its papers, and the motion to admit it.

use super::{
    account, calls,
    error::Error,
    files::{File, Target},
    name,
    papers::{self, PaperFile},
    said::Said,
};
use chrono::{DateTime, NaiveDate, NaiveTime};
use pallet_consortium::{ApplicationId, Name};
use serde::{
    de::{value, IntoDeserializer},
    Deserialize,
};
use smartlink_primitives::{CompanyId, CompanyKind};
use smartlink_runtime::AccountId;
use std::time::{SystemTime, UNIX_EPOCH};

/// What an applicant says of the company.
#[derive(Clone, Debug, clap::Args)]
pub struct Apply {
    /// The company's name, 1 to 64 bytes of UTF-8.
    #[arg(long, value_name = "NAME", value_parser = name::parse)]
    name: Name,

    /// What it does: platform, carrier, shipper, insurer, inspector, garage, appraiser, bank, auditor or
    /// regulator.
    #[arg(long, value_name = "KIND", value_parser = company_kind)]
    kind: CompanyKind,

    /// The account that will hold its money, and no other company's.
    #[arg(long, value_name = "ACCOUNT", value_parser = account::parse)]
    treasury: AccountId,

    /// A paper, as what it is and where it lies, at most 16 times: business-licence, transport-licence,
    /// tax-certificate, data-security-review or other. Only its keccak hash goes to the chain.
    #[arg(long = "paper", value_name = "KIND=FILE", value_parser = papers::parse, required = true)]
    papers: Vec<PaperFile>,

    #[clap(flatten)]
    target: Target,
}

impl Apply {
    /// Writes `apply.call`, and says what to do with it and with the papers.
    pub fn run(&self) -> Result<String, Error> {
        let hashed = papers::hashed(&self.papers)?;
        let mut said = Said::new();
        said.line(format!("{} applies as {} with", name::text(&self.name), lower(self.kind)));
        for (index, (paper, file)) in hashed.iter().zip(&self.papers).enumerate() {
            let (kind, path) = (papers::kind_name(paper.kind), file.path.display());
            said.line(format!("  {index:>2}  {kind:<20} {:?}  {path}", paper.hash));
        }
        let call = calls::apply(self.name.clone(), self.kind, self.treasury.clone(), hashed);
        self.target.write(&[File::plain("apply.call", calls::line(&call))])?;
        let written = self.target.path("apply.call");
        said.steps([
            format!(
                "Whoever will be the company's first administrator signs: smartlink-offchain call send {} \
                 --key-file FILE. The account needs some money to exist.",
                written.display()
            ),
            "Give the papers, byte for byte as they are, to a member that attests: an auditor, a regulator, \
             an insurer, a bank or a platform. It finds the application by its number in the event Applied, \
             and compares the hashes."
                .into(),
            "When the treasury is not the account that signs, it has to agree: see `smartlink-node company \
             accept-treasury --help`."
                .into(),
            "When every paper is attested, a member proposes to admit the company: see \
             `smartlink-node company admit --help`."
                .into(),
        ]);
        Ok(said.into())
    }
}

/// Which paper a member attests.
#[derive(Clone, Debug, clap::Args)]
pub struct Attest {
    /// The number of the application, from the event Applied.
    #[arg(long, value_name = "N")]
    application: u32,

    /// Which of its papers, from 0.
    #[arg(long, value_name = "INDEX", value_parser = clap::value_parser!(u32).range(0..16))]
    paper: u32,

    /// The company that answers for it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..))]
    company: u32,

    #[clap(flatten)]
    target: Target,
}

impl Attest {
    /// Writes `attest-APPLICATION-PAPER.call`.
    pub fn run(&self) -> Result<String, Error> {
        let Self { application, paper, company, target } = self;
        let call = calls::attest_paper(ApplicationId(*application), *paper, CompanyId(*company));
        let file = format!("attest-{application}-{paper}.call");
        target.write(&[File::plain(&file, calls::line(&call))])?;
        let mut said = Said::new();
        said.line(format!(
            "Company {company} answers for paper {paper} of application {application} when this is signed."
        ));
        said.steps([
            "Read the paper, and compare its keccak hash with the one in the application.".into(),
            format!(
                "Somebody with the permission ATTEST in company {company} signs: smartlink-offchain call send {} \
                 --key-file FILE",
                target.path(&file).display()
            ),
        ]);
        Ok(said.into())
    }
}

/// Which application's treasury agrees.
#[derive(Clone, Debug, clap::Args)]
pub struct AcceptTreasury {
    /// The number of the application, from the event Applied.
    #[arg(long, value_name = "N")]
    application: u32,

    #[clap(flatten)]
    target: Target,
}

impl AcceptTreasury {
    /// Writes `accept-treasury-APPLICATION.call`.
    ///
    /// # Errors
    /// The file cannot be written, or is there with other content.
    pub fn run(&self) -> Result<String, Error> {
        let Self { application, target } = self;
        let call = calls::accept_treasury(ApplicationId(*application));
        let file = format!("accept-treasury-{application}.call");
        target.write(&[File::plain(&file, calls::line(&call))])?;
        let mut said = Said::new();
        said.line(format!(
            "The account that application {application} names agrees to hold the company's money when it signs this. \
             Whoever governs the company moves what is in it."
        ));
        said.steps([format!(
            "The treasury signs; when it is a multisig, enough of its holders do, in the portal: smartlink-offchain call \
             send {} --key-file FILE",
            target.path(&file).display()
        )]);
        Ok(said.into())
    }
}

/// Whom the council admits.
#[derive(Clone, Debug, clap::Args)]
pub struct Admit {
    /// The number of the application, from the event Applied.
    #[arg(long, value_name = "N")]
    application: u32,

    /// The end of the membership: a day, from whose midnight in UTC on it is void, or a second of the Unix
    /// epoch. Without it, the membership has no end.
    #[arg(long, value_name = "DATE", value_parser = instant)]
    until: Option<u64>,

    /// The company has no vote in the council.
    #[arg(long)]
    no_seat: bool,

    #[clap(flatten)]
    target: Target,
}

impl Admit {
    /// Writes `admit-APPLICATION.call`.
    pub fn run(&self) -> Result<String, Error> {
        let Self { application, until, no_seat, target } = self;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| Error::Clock)?;
        // The chain would refuse it, after all votes.
        if let Some(past) = until.filter(|until| *until <= now.as_secs()) {
            return Err(Error::Past(day(past)));
        }
        let call = calls::admit(ApplicationId(*application), *until, !no_seat);
        let file = format!("admit-{application}.call");
        target.write(&[File::plain(&file, calls::line(&call))])?;
        let mut said = Said::new();
        said.line(format!(
            "Application {application} is admitted {}, {} a seat in the council, when two thirds of the \
             seats vote for it.",
            until.map_or("without end".into(), |until| format!("until {}", day(until))),
            if *no_seat { "without" } else { "with" }
        ));
        said.steps([
            "Check that every paper is attested, and that the treasury agreed: the motion does nothing otherwise."
                .into(),
            format!(
                "A member of the council proposes it, and all vote: smartlink-offchain council propose {} \
                 --key-file FILE",
                target.path(&file).display()
            ),
            "The company's id is in the event Admitted. With it, its validators join: see \
             `smartlink-node company join --help`."
                .into(),
        ]);
        Ok(said.into())
    }
}

/// The kind of company that is written so, in lower case.
fn company_kind(text: &str) -> Result<CompanyKind, String> {
    let named: value::StrDeserializer<'_, value::Error> = text.into_deserializer();
    // It lists the kinds that there are.
    CompanyKind::deserialize(named)
        .map_err(|error| format!("there is no such kind of company: {error}"))
}

/// How a kind is written.
pub fn lower(kind: impl std::fmt::Debug) -> String {
    format!("{kind:?}").to_lowercase()
}

/// Seconds of the Unix epoch: written as such, or as a day, which is its first second in UTC.
fn instant(text: &str) -> Result<u64, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| format!("'{text}' is later than any second"));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .and_then(|day| u64::try_from(day.and_time(NaiveTime::MIN).and_utc().timestamp()).ok())
        .ok_or_else(|| {
            format!("'{text}' is no day since 1970: write it as 2028-01-01, or as seconds of the Unix epoch")
        })
}

/// Seconds of the Unix epoch to read. What no calendar reaches stays seconds.
pub fn day(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map_or_else(
        || format!("second {seconds}"),
        |time| time.format("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_consortium::{Paper, PaperKind};
    use smartlink_primitives::keccak;
    use smartlink_runtime::RuntimeCall;
    use std::{fs, path::Path};

    fn target(folder: &Path) -> Target {
        Target { into: folder.join("ganghang"), force: false }
    }

    fn written(target: &Target, name: &str) -> RuntimeCall {
        calls::read(&fs::read_to_string(target.path(name)).unwrap()).unwrap()
    }

    #[test]
    fn an_application_is_what_was_said_and_the_hashes_of_the_papers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.pdf");
        fs::write(&path, "a policy").unwrap();
        let apply = Apply {
            name: name::parse("Ganghang Logistics").unwrap(),
            kind: CompanyKind::Carrier,
            treasury: AccountId::from([7; 32]),
            papers: vec![PaperFile { kind: PaperKind::Other, path }],
            target: target(folder.path()),
        };
        let said = apply.run().unwrap();
        let hash = keccak(b"a policy");
        assert!(said.contains(&format!("{hash:?}")) && said.contains("policy.pdf"), "{said}");
        assert!(said.contains("Ganghang Logistics applies as carrier"), "{said}");
        let papers = vec![Paper { kind: PaperKind::Other, hash }].try_into().unwrap();
        assert_eq!(
            written(&apply.target, "apply.call"),
            calls::apply(apply.name.clone(), apply.kind, apply.treasury.clone(), papers)
        );
    }

    #[test]
    fn an_attestation_and_an_admission_are_named_after_the_application() {
        let folder = tempfile::tempdir().unwrap();
        let target = target(folder.path());
        let attest = Attest { application: 1, paper: 0, company: 4, target: target.clone() };
        attest.run().unwrap();
        let expected = calls::attest_paper(ApplicationId(1), 0, CompanyId(4));
        assert_eq!(written(&target, "attest-1-0.call"), expected);

        AcceptTreasury { application: 1, target: target.clone() }.run().unwrap();
        let expected = calls::accept_treasury(ApplicationId(1));
        assert_eq!(written(&target, "accept-treasury-1.call"), expected);

        let until = instant("2128-01-01").unwrap();
        let admit =
            Admit { application: 1, until: Some(until), no_seat: true, target: target.clone() };
        let said = admit.run().unwrap();
        assert!(said.contains("until 2128-01-01 00:00 UTC, without a seat"), "{said}");
        let expected = calls::admit(ApplicationId(1), Some(until), false);
        assert_eq!(written(&target, "admit-1.call"), expected);
    }

    #[test]
    fn a_membership_that_would_be_over_is_not_proposed() {
        let folder = tempfile::tempdir().unwrap();
        let target = target(folder.path());
        let admit = Admit { application: 1, until: Some(86_400), no_seat: false, target };
        let error = admit.run().unwrap_err().to_string();
        assert!(error.contains("1970-01-02") && error.contains("not in the future"), "{error}");
        assert!(!admit.target.into.exists());
    }

    #[test]
    fn a_day_is_its_first_second_in_utc() {
        assert_eq!(instant("2028-01-01"), Ok(1_830_297_600));
        assert_eq!(instant("1830297600"), Ok(1_830_297_600));
        assert_eq!(day(1_830_297_600), "2028-01-01 00:00 UTC");
        assert_eq!(day(u64::MAX), format!("second {}", u64::MAX));
        for wrong in ["", "2028-13-01", "1.1.2028", "-5", "1969-12-31", "99999999999999999999"] {
            assert!(instant(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_kind_of_company_is_read_and_another_one_is_answered_with_the_list() {
        assert_eq!(company_kind("carrier"), Ok(CompanyKind::Carrier));
        assert_eq!(company_kind(&lower(CompanyKind::Regulator)), Ok(CompanyKind::Regulator));
        let error = company_kind("taxi").unwrap_err();
        assert!(error.contains("taxi") && error.contains("`platform`, `carrier`"), "{error}");
    }
}
