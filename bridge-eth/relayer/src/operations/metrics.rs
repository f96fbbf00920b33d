//! Figures in Prometheus' text format, version 0.0.4.

use std::fmt::Write;

use super::Tally;

/// All figures. Counts are of this process.
pub fn text(tally: &Tally) -> String {
    let mut page = Page::default();
    let get = Tally::get;
    for (name, about, value) in [
        ("held_block", "Last block that the contract has a root for.", &tally.held_block),
        ("held_set", "Number of the contract's current set.", &tally.held_set),
        ("signed_block", "Last block that the chain's validators signed.", &tally.signed_block),
        ("signed_set", "Number of the set that signed it.", &tally.signed_set),
        ("ethereum_block", "Last block of Ethereum.", &tally.ethereum_block),
        ("waiting", "Whether a transaction waits to be in a block.", &tally.waiting),
        ("at_bound", "Whether more would have to be paid than may be.", &tally.at_bound),
        (
            "looked_time_seconds",
            "When both chains were looked at last, since 1970.",
            &tally.well_at,
        ),
    ] {
        page.figure(name, about, "gauge", get(value));
    }
    page.figure("lag_blocks", "Signed blocks that are not held.", "gauge", tally.lag_blocks());
    page.figure(
        "lag_sessions",
        "Sessions that were begun and are not handed over.",
        "gauge",
        tally.lag_sessions(),
    );
    let ether = |gwei: u64| gwei as f64 / 1e9;
    let balance = ether(get(&tally.balance_gwei));
    page.figure("balance_ether", "What the key's account has.", "gauge", balance);
    for (name, about, value) in [
        ("sent_total", "Checkpoints that were sent.", &tally.sent),
        ("mined_total", "Of these, those that are in a block.", &tally.mined),
        ("confirmed_total", "Of these, those that stay there.", &tally.confirmed),
        ("reverted_total", "Those in a block that did nothing.", &tally.reverted),
        ("lost_total", "Checkpoints that somebody else brought first.", &tally.lost),
        ("reorganised_total", "Transactions that left a block again.", &tally.reorganised),
        ("bumped_total", "Replacements that offered more.", &tally.bumped),
        ("refused_total", "Answers of the node that would not have passed.", &tally.refused),
        ("failed_total", "Looks that failed and were made again.", &tally.failed),
        ("gas_total", "Gas that was paid for.", &tally.gas),
    ] {
        page.figure(name, about, "counter", get(value));
    }
    page.figure("paid_ether_total", "What was paid.", "counter", ether(get(&tally.paid_gwei)));
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn figure(&mut self, name: &str, about: &str, kind: &str, value: impl std::fmt::Display) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP smartlink_bridge_{name} {about}");
        let _ = writeln!(self.0, "# TYPE smartlink_bridge_{name} {kind}");
        let _ = writeln!(self.0, "smartlink_bridge_{name} {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_line_that_says_what_it_is() {
        let tally = Tally::default();
        Tally::set(&tally.balance_gwei, 1_500_000_000);
        let text = text(&tally);
        assert!(text.contains("\nsmartlink_bridge_balance_ether 1.5\n"), "{text}");
        let (figures, about): (Vec<_>, Vec<_>) =
            text.lines().partition(|line| !line.starts_with('#'));
        assert_eq!(about.len(), 2 * figures.len());
        assert!(figures.iter().all(|line| line.split(' ').count() == 2), "{text}");
    }
}
