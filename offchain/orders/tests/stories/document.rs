//! `docs/orders.md` names everything that an app or an operator may meet.

use smartlink_orders::{refusal::Limit, state, Action, OrderEvent, Refusal, Rules, State};

fn document() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/orders.md");
    std::fs::read_to_string(path).expect("docs/orders.md is in the repository")
}

/// All refusals: one more makes the match below fail to compile.
fn refusals() -> Vec<Refusal> {
    use Refusal::*;
    let all = vec![
        NoSuchOrder,
        NoSuchDriver,
        State(state::State::Quoted),
        QuoteOver,
        NoTariff,
        Beyond(Limit::Distance),
        PickupTime,
        TooManyOrders,
        TooManyQuotes,
        Full,
        OffDuty,
        DriverBusy,
        Excluded,
        VehicleTaken,
        WrongClass,
        Stale,
        OffersExhausted,
        OfferGone,
        WrongCode,
        CodeLocked,
        TripUnfinished,
        NotWaitedEnough,
        RatedAlready,
        Stars,
        Clock,
        NoSuchBatch,
        ForeignBatch,
    ];
    for refusal in &all {
        match refusal {
            NoSuchOrder | NoSuchDriver | State(_) | QuoteOver | NoTariff | Beyond(_)
            | PickupTime | TooManyOrders | TooManyQuotes | Full | OffDuty | DriverBusy
            | Excluded | VehicleTaken | WrongClass | Stale | OffersExhausted | OfferGone
            | WrongCode | CodeLocked | TripUnfinished | NotWaitedEnough | RatedAlready | Stars
            | Clock | NoSuchBatch | ForeignBatch => {}
        }
    }
    all
}

#[test]
fn every_refusal_has_a_row() {
    let text = document();
    for refusal in refusals() {
        let row = format!("| `{}` |", refusal.name());
        assert!(text.contains(&row), "docs/orders.md has no row {row}");
    }
    // And none is there that the service does not know.
    let section = text.split("## Refusals").nth(1).expect("a section about refusals");
    let section = section.split("\n## ").next().expect("a split has a first part");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    for row in rows {
        assert!(refusals().iter().any(|refusal| refusal.name() == row), "{row} is no refusal");
    }
}

#[test]
fn every_rule_has_a_row_with_its_default() {
    let text = document();
    let shown = format!("{:#?}", Rules::default());
    let mut rules = 0;
    for line in shown.lines().filter(|line| line.starts_with("    ") && line.contains(": ")) {
        let Some((key, value)) = line.trim().split_once(": ") else { continue };
        if !line.starts_with("     ") {
            rules += 1;
            let value = value.trim_end_matches(',');
            // Ids are shown over several lines.
            let number = value.replace('_', "");
            let row = if number.parse::<u64>().is_ok() {
                format!("| `{key}` | {number} |")
            } else {
                format!("| `{key}` |")
            };
            assert!(text.contains(&row), "docs/orders.md has no row {row}");
        }
    }
    let in_text = text.split("## Rules").nth(1).expect("a section about rules");
    let rows = in_text.lines().filter(|line| line.starts_with("| `")).count();
    assert!(rules >= 18 && rules <= rows, "{rules} of the rules were found, {rows} rows");
}

#[test]
fn every_state_and_event_is_named() {
    let text = document();
    for state in State::ALL {
        assert!(text.contains(&format!("`{state}`")), "docs/orders.md does not name {state}");
    }
    let unbatched = OrderEvent::Unbatched.name();
    assert!(text.contains(&format!("`{unbatched}`")), "docs/orders.md does not name {unbatched}");
    assert!(text.contains(Action::Abandon.name()));
}
