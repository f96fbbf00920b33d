//! What the facts mean: what needs attention, what is worth knowing, and all of it as text or JSON.

use super::facts::{Chain, Facts, Member, NodeState, ValidatorState};
use crate::company::{application::day, error::Error, said::Said};
use serde::Serialize;

/// Blocks that finality may stay behind before somebody should look.
const MAX_LAG: u32 = 30;

/// Days before the end of a membership from which on it is told.
const NOTICE_DAYS: u64 = 30;
const DAY: u64 = 24 * 60 * 60;

/// The facts, and what they mean.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What there is.
    #[serde(flatten)]
    pub facts: Facts,
    /// What is worth knowing.
    pub notes: Vec<String>,
    /// What somebody has to do something about.
    pub attention: Vec<String>,
}

impl Report {
    /// Judges the facts.
    pub fn of(facts: Facts) -> Self {
        let (mut notes, mut attention) = (Vec::new(), Vec::new());
        chain(&facts.chain, &mut notes, &mut attention);
        if let Some(member) = &facts.company {
            membership(member, facts.chain.time, &mut notes, &mut attention);
            machine(&facts, &mut attention);
        }
        for state in &facts.validators {
            validator(state, facts.chain.session, &mut notes, &mut attention);
            if !runs_elsewhere(state, &facts.validators) {
                keystore(state, &mut attention);
            }
        }
        Self { facts, notes, attention }
    }

    /// As JSON, for programs.
    pub fn json(&self) -> Result<String, Error> {
        let mut json = serde_json::to_string_pretty(self).map_err(Error::Json)?;
        json.push('\n');
        Ok(json)
    }

    /// As text, for people.
    pub fn text(&self) -> String {
        let Facts { chain, company, validators, nodes, this_machine } = &self.facts;
        let mut said = Said::new();
        said.line(chain_line(chain));
        if let Some(member) = company {
            company_lines(&mut said, member, chain.time);
        }
        for state in validators {
            validator_lines(&mut said, state, chain);
        }
        if company.is_some() {
            said.line("\nMachines");
            if nodes.is_empty() {
                said.line("  none is registered");
            }
            for node in nodes {
                said.line(machine_line(node, this_machine.as_deref()));
            }
        }
        list(&mut said, "Worth knowing", &self.notes);
        list(&mut said, "Needs attention", &self.attention);
        said.into()
    }
}

fn list(said: &mut Said, title: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    said.line(format!("\n{title}"));
    sentences.iter().for_each(|sentence| said.line(format!("  • {sentence}")));
}

fn chain(chain: &Chain, notes: &mut Vec<String>, attention: &mut Vec<String>) {
    let Chain { spec_version, own_spec_version, best_block, final_block, .. } = chain;
    if spec_version != own_spec_version {
        notes.push(format!(
            "the chain runs version {spec_version}, and this program knows {own_spec_version}: calls may be \
             encoded otherwise, so use the smartlink-node of the chain's version to make them"
        ));
    }
    let lag = best_block.saturating_sub(*final_block);
    if lag > MAX_LAG {
        attention.push(format!(
            "finality is {lag} blocks behind: see docs/runbooks.md, and what is said here is that old"
        ));
    }
    if chain.should_have_peers && chain.peers == 0 {
        attention.push(
            "the node is connected with nobody: check its network, and that its peer id is registered".into(),
        );
    }
    if chain.syncing {
        notes.push("the node is still catching up: what is said here is of an older block".into());
    }
}

fn membership(member: &Member, now: u64, notes: &mut Vec<String>, attention: &mut Vec<String>) {
    let id = member.id;
    match member.standing.as_str() {
        "active" => {}
        "suspended" => attention.push(format!(
            "company {id} is suspended: nobody acts for it until the council resumes it"
        )),
        standing => attention.push(format!("company {id} is {standing}, for good")),
    }
    match member.until {
        Some(until) if until <= now => attention.push(format!(
            "the membership of company {id} ended on {}: ask the council to renew it",
            day(until)
        )),
        Some(until) if until - now <= NOTICE_DAYS * DAY => notes.push(format!(
            "the membership of company {id} ends on {}: ask the council to renew it",
            day(until)
        )),
        _ => {}
    }
    if member.allowance_most.0 > 0 && member.allowance_left.0 == 0 {
        notes.push(format!(
            "the allowance of company {id} is used up: fees are paid in money until some of it is back"
        ));
    }
}

/// The machine whose keystore was looked into must be let in.
fn machine(facts: &Facts, attention: &mut Vec<String>) {
    let Some(this) = &facts.this_machine else { return };
    let registered = facts.nodes.iter().any(|node| node.peer_id == *this);
    if facts.chain.permissioned && !registered {
        attention.push(format!(
            "this machine, {this}, is not registered by the company: nobody lets it in, so send \
             register-node.call"
        ));
    }
}

fn validator(
    state: &ValidatorState,
    session: u32,
    notes: &mut Vec<String>,
    attention: &mut Vec<String>,
) {
    let ValidatorState { account, .. } = state;
    if state.company.is_none() {
        attention.push(format!(
            "{account} is no validator: the council has not added it, or it left already"
        ));
    }
    if state.keys.is_empty() {
        attention.push(format!(
            "{account} has no session keys on the chain, and is left out of sessions: send set-keys.call"
        ));
    }
    if let Some(offence) = &state.offence {
        attention.push(format!(
            "{account} has an offence before the council ({}, reports: {}, the last in session {}): the council \
             reinstates it or removes it",
            offence.kind, offence.reports, offence.session
        ));
    }
    if state.disabled {
        attention.push(format!("{account} is disabled: it makes no blocks and has no vote now"));
    }
    if let Some(gone) = state.gone {
        notes.push(format!(
            "the council removed {account}: keep its node running until session {gone} begins"
        ));
    }
    if let Some(from) = state.keys_from.filter(|from| *from > session && state.present) {
        notes.push(format!(
            "the session keys of {account} on the chain are in use from session {from} on: keep those of \
             before until then"
        ));
    }
}

/// Whether this machine is that of another validator of the company.
fn runs_elsewhere(state: &ValidatorState, all: &[ValidatorState]) -> bool {
    let holds = |state: &ValidatorState| state.keys.iter().any(|key| key.held == Some(true));
    !holds(state) && all.iter().any(holds)
}

fn keystore(state: &ValidatorState, attention: &mut Vec<String>) {
    let missing = state.keys.iter().filter(|key| key.held == Some(false));
    let missing: Vec<_> = missing.map(|key| key.name).collect();
    if !missing.is_empty() {
        attention.push(format!(
            "the keystore of this machine lacks keys of {} ({}): it cannot validate for it",
            state.account,
            missing.join(", ")
        ));
    }
}

fn chain_line(chain: &Chain) -> String {
    let Chain { name, spec_version, session, validators, final_block, best_block, peers, .. } =
        chain;
    let strangers = if chain.permissioned { "closed to strangers" } else { "open to everybody" };
    format!(
        "{name}: version {spec_version}, {strangers}\n  \
         session {session} with {}, block {final_block} final and {best_block} best, {}",
        counted(*validators, "validator"),
        counted(*peers, "peer")
    )
}

fn company_lines(said: &mut Said, member: &Member, now: u64) {
    let Member { id, name, kind, standing, .. } = member;
    said.line(format!("\nCompany {id}: {name} ({kind})"));
    let until = match member.until {
        None => "without end".to_owned(),
        Some(until) if until <= now => format!("ended on {}", day(until)),
        Some(until) => {
            let days = usize::try_from((until - now) / DAY).unwrap_or(usize::MAX);
            format!("until {} ({})", day(until), counted(days, "day"))
        }
    };
    said.line(format!("  membership   {standing}, {until}"));
    let seat = member.seat.as_deref().unwrap_or("none in the council");
    said.line(format!("  seat         {seat}"));
    said.line(format!(
        "  allowance    {} left of {}, {} back with each block",
        member.allowance_left, member.allowance_most, member.allowance_per_block
    ));
}

fn validator_lines(said: &mut Said, state: &ValidatorState, chain: &Chain) {
    said.line(format!("\nValidator {}", state.account));
    let session = match (state.present, state.from, state.gone) {
        (true, _, Some(gone)) => format!("validates, until session {gone} begins"),
        (true, _, None) => "validates in the present one".into(),
        (false, Some(from), _) => format!("validates from session {from} on"),
        (false, None, _) => "in none".into(),
    };
    said.line(format!("  session      {session}"));
    let keys = match state.keys_from {
        _ if state.keys.is_empty() => "none on the chain".into(),
        Some(from) if from <= chain.session => "in use".into(),
        Some(from) => format!("in use from session {from} on"),
        None => "on the chain, and in no session".into(),
    };
    said.line(format!("  keys         {keys}"));
    for key in &state.keys {
        let held = match key.held {
            Some(true) => "  ✓ in the keystore",
            Some(false) => "  ✗ missing in the keystore",
            None => "",
        };
        said.line(format!("    {:<20} {}{held}", key.name, key.public));
    }
    if let Some(last) = state.last_block {
        let ago = chain.final_block.saturating_sub(last);
        said.line(format!(
            "  last block   {last}, {ago} before the final one, or new in the set there"
        ));
    }
    let offence = state.offence.as_ref().map_or("none", |offence| offence.kind.as_str());
    let disabled = if state.disabled { ", disabled" } else { "" };
    said.line(format!("  offence      {offence}{disabled}"));
}

fn machine_line(node: &NodeState, this_machine: Option<&str>) -> String {
    let NodeState { peer_id, kind, label, since } = node;
    let this = if this_machine == Some(peer_id.as_str()) { ", this machine" } else { "" };
    format!("  {peer_id}  {kind:<9}  {label}, since block {since}{this}")
}

fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::status::facts::{Charge, Key};
    use smartlink_primitives::Money;

    fn well() -> Facts {
        Facts {
            chain: Chain {
                name: "Bay".into(),
                spec_name: "smartlinkdrive".into(),
                spec_version: 102,
                own_spec_version: 102,
                final_block: 1_000,
                best_block: 1_030,
                time: 1_830_297_600,
                session: 12,
                validators: 4,
                peers: 3,
                should_have_peers: true,
                syncing: false,
                permissioned: true,
            },
            company: Some(Member {
                id: 5,
                name: "Ganghang Logistics".into(),
                kind: "carrier".into(),
                standing: "active".into(),
                until: Some(1_830_297_600 + 31 * DAY),
                seat: Some("5F".into()),
                allowance_left: Money::yuan(9),
                allowance_most: Money::yuan(10),
                allowance_per_block: Money(33_333),
            }),
            validators: vec![ValidatorState {
                account: "5H".into(),
                company: Some(5),
                present: true,
                from: None,
                gone: None,
                keys: vec![Key { name: "babe", public: "0x01".into(), held: Some(true) }],
                keys_from: Some(12),
                disabled: false,
                last_block: Some(994),
                offence: None,
            }],
            nodes: vec![NodeState {
                peer_id: "12D3".into(),
                kind: "validator".into(),
                label: "Yantian 1".into(),
                since: 120,
            }],
            this_machine: Some("12D3".into()),
        }
    }

    #[test]
    fn what_is_well_reads_well_and_needs_nothing() {
        let report = Report::of(well());
        assert!(report.attention.is_empty() && report.notes.is_empty(), "{report:?}");
        assert_eq!(
            report.text(),
            "\
Bay: version 102, closed to strangers
  session 12 with 4 validators, block 1000 final and 1030 best, 3 peers

Company 5: Ganghang Logistics (carrier)
  membership   active, until 2028-02-01 00:00 UTC (31 days)
  seat         5F
  allowance    ¥9.00 left of ¥10.00, ¥0.033333 back with each block

Validator 5H
  session      validates in the present one
  keys         in use
    babe                 0x01  ✓ in the keystore
  last block   994, 6 before the final one, or new in the set there
  offence      none

Machines
  12D3  validator  Yantian 1, since block 120, this machine
"
        );
    }

    #[test]
    fn each_thing_that_is_not_well_needs_attention() {
        type Change = fn(&mut Facts);
        let cases: [(Change, &str); 11] = [
            (|facts| facts.chain.best_block = 1_031, "31 blocks behind: see docs/runbooks.md"),
            (|facts| facts.chain.peers = 0, "connected with nobody"),
            (|facts| facts.nodes.clear(), "12D3, is not registered"),
            (|facts| facts.validators[0].company = None, "5H is no validator"),
            (|facts| facts.validators[0].keys.clear(), "no session keys on the chain"),
            (|facts| facts.validators[0].keys[0].held = Some(false), "lacks keys of 5H (babe)"),
            (|facts| facts.validators[0].disabled = true, "5H is disabled"),
            (
                |facts| {
                    facts.validators[0].offence =
                        Some(Charge { kind: "unavailable".into(), reports: 1, session: 11 });
                },
                "unavailable, reports: 1, the last in session 11",
            ),
            (
                |facts| facts.company.iter_mut().for_each(|one| one.standing = "suspended".into()),
                "is suspended",
            ),
            (
                |facts| facts.company.iter_mut().for_each(|one| one.standing = "expelled".into()),
                "is expelled, for good",
            ),
            (
                |facts| facts.company.iter_mut().for_each(|one| one.until = Some(facts.chain.time)),
                "ended on 2028-01-01",
            ),
        ];
        for (change, words) in cases {
            let mut facts = well();
            change(&mut facts);
            let report = Report::of(facts);
            let [sentence] = report.attention.as_slice() else { panic!("{words}: {report:?}") };
            assert!(sentence.contains(words), "{words}: {sentence}");
            assert!(report.text().ends_with(&format!("Needs attention\n  • {sentence}\n")));
        }
    }

    #[test]
    fn what_changes_soon_is_told_and_needs_nobody() {
        type Change = fn(&mut Facts);
        let cases: [(Change, &str); 6] = [
            (|facts| facts.chain.own_spec_version = 101, "version 102, and this program knows 101"),
            (|facts| facts.chain.syncing = true, "still catching up"),
            (|facts| facts.validators[0].gone = Some(14), "until session 14 begins"),
            (|facts| facts.validators[0].keys_from = Some(13), "in use from session 13 on"),
            (
                |facts| {
                    let until = facts.chain.time + 30 * DAY;
                    facts.company.iter_mut().for_each(|one| one.until = Some(until));
                },
                "ends on 2028-01-31",
            ),
            (
                |facts| facts.company.iter_mut().for_each(|one| one.allowance_left = Money::ZERO),
                "is used up",
            ),
        ];
        for (change, words) in cases {
            let mut facts = well();
            change(&mut facts);
            let report = Report::of(facts);
            assert!(report.attention.is_empty(), "{words}: {report:?}");
            let [sentence] = report.notes.as_slice() else { panic!("{words}: {report:?}") };
            assert!(sentence.contains(words), "{words}: {sentence}");
        }
    }

    #[test]
    fn of_two_validators_on_two_machines_each_keystore_holds_one() {
        let mut facts = well();
        let mut other = facts.validators[0].clone();
        other.keys[0].held = Some(false);
        facts.validators.push(other.clone());
        assert!(Report::of(facts.clone()).attention.is_empty());
        // A part of its keys is too little.
        other.keys.push(Key { name: "beefy", public: "0x02".into(), held: Some(true) });
        facts.validators[1] = other;
        assert_eq!(Report::of(facts).attention.len(), 1);
    }

    #[test]
    fn a_validator_that_is_to_come_says_from_when() {
        let mut facts = well();
        let state = &mut facts.validators[0];
        (state.present, state.from, state.keys_from, state.last_block) =
            (false, Some(14), Some(14), None);
        let report = Report::of(facts);
        assert!(report.attention.is_empty() && report.notes.is_empty(), "{report:?}");
        let text = report.text();
        assert!(text.contains("validates from session 14 on"), "{text}");
        assert!(text.contains("in use from session 14 on"), "{text}");
        assert!(!text.contains("last block"), "{text}");
    }

    #[test]
    fn json_says_the_same_with_amounts_as_strings() {
        let json: serde_json::Value =
            serde_json::from_str(&Report::of(well()).json().unwrap()).unwrap();
        assert_eq!(json["chain"]["final_block"], 1_000);
        assert_eq!(json["company"]["allowance_left"], "9000000");
        assert_eq!(json["validators"][0]["keys"][0]["held"], true);
        assert_eq!(json["attention"], serde_json::json!([]));
    }
}
