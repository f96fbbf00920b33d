//! Whatever is asked of the copy, it answers what all rows, looked through one by one, answer.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*, sample::Index as Pick};
use tempfile::TempDir;

use super::{
    find::{blocks, Wanted},
    *,
};
use crate::{domain::Rows, entities::Registry, graphql::load::At};

/// What differs between rows.
#[derive(Clone, Debug)]
struct Drawn {
    number: u8,
    account: u8,
    other: u8,
    named: bool,
    extrinsic: Option<u8>,
    gone: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let parts = (0..3_u8, 0..3_u8, 0..3_u8, any::<bool>(), option::of(0..2_u8), any::<bool>());
    parts.prop_map(|(number, account, other, named, extrinsic, gone)| Drawn {
        number,
        account,
        other,
        named,
        extrinsic,
        gone,
    })
}

fn bytes(number: u8) -> Hash {
    [number; 32]
}

/// A row of a shape, the `place`th of its block.
fn row(shape: &Shape, block: u32, place: u32, drawn: &Drawn) -> Vec<Cell> {
    let id = match shape.life {
        Life::Changing => drawn.number.to_string(),
        _ => format!("{block}-{place}"),
    };
    let cell = |name: &str| match name {
        "id" => Cell::Text(id.clone()),
        "version" => Cell::Number(u64::from(block) << 32 | u64::from(place)),
        "block" => Cell::Number(block.into()),
        "place" | "fact" => Cell::Number(place.into()),
        "time" => Cell::Time(i64::from(block) * 1_000_000),
        "removed" => Cell::Bool(shape.life == Life::Changing && drawn.gone),
        "phase" => Cell::Number(1),
        "extrinsic" => drawn.extrinsic.map_or(Cell::Null, |place| Cell::Number(place.into())),
        "pallet" => Cell::Text(if drawn.named { "Balances" } else { "Vehicles" }.into()),
        "name" => Cell::Text(if drawn.account == 0 { "Transfer" } else { "Sold" }.into()),
        "fields" => Cell::Text("{}".into()),
        "accounts" => Cell::Accounts(if drawn.account == drawn.other {
            vec![bytes(drawn.account)]
        } else {
            vec![bytes(drawn.account), bytes(drawn.other)]
        }),
        "from" => Cell::Bytes(bytes(drawn.account)),
        "to" if drawn.named => Cell::Bytes(bytes(drawn.other)),
        "amount" => Cell::Money(u128::from(drawn.number) + 1),
        "owner" if drawn.named => Cell::Number(drawn.account.into()),
        "plate" => Cell::Text(format!("粤B{}", drawn.other)),
        _ => Cell::Null,
    };
    shape.columns.iter().map(|column| cell(column.name)).collect()
}

/// Rows of three lives, block after block, and the same in a copy.
struct Both {
    copy: Copy,
    shapes: Arc<Shapes>,
    rows: BTreeMap<&'static str, Vec<Vec<Cell>>>,
    _folder: TempDir,
}

const TABLES: [&str; 3] = ["events", "transfers", "vehicles"];

impl Both {
    /// `steps`: how many blocks are written together.
    fn of(chain: &[[Vec<Drawn>; 3]], steps: &[usize]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config =
            ApiConfig { folder: folder.path().display().to_string(), ..ApiConfig::default() };
        let shapes = Arc::new(Shapes::of(&Registry::default()));
        let copy = Copy::open(&config, shapes.clone()).unwrap();
        let mut both = Self { copy, shapes, rows: BTreeMap::new(), _folder: folder };
        let (mut first, mut steps) = (0, steps.iter().cycle());
        while first < chain.len() {
            let end = chain.len().min(first + steps.next().unwrap());
            both.write(&chain[first..end], first);
            first = end;
        }
        both
    }

    fn write(&mut self, chain: &[[Vec<Drawn>; 3]], first: usize) {
        let mut of = Vec::new();
        for (kind, table) in TABLES.into_iter().enumerate() {
            let place = self.shapes.all().iter().position(|shape| shape.table == table).unwrap();
            let shape = self.shapes.all()[place].clone();
            let mut encoded = Rows::default();
            for (number, block) in chain.iter().enumerate() {
                for (place, drawn) in block[kind].iter().enumerate() {
                    let cells = row(&shape, (first + number) as u32, place as u32, drawn);
                    let mut writer = encoded.row();
                    for (column, cell) in shape.columns.iter().zip(&cells) {
                        writer.cell(column, cell).unwrap();
                    }
                    self.rows.entry(table).or_default().push(cells);
                }
            }
            of.push(RowsOf { place, bytes: encoded.bytes.into() });
        }
        let last = (first + chain.len() - 1) as u32;
        let (hash, digest) = ([1; 32], [2; 32]);
        let reached = Reached { form: "form".into(), generation: 1, first: 0, last, hash, digest };
        self.copy.write(&of, &reached).unwrap();
        assert_eq!(self.copy.reached().unwrap(), Some(reached));
    }

    fn all(&self, table: &str) -> &[Vec<Cell>] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    /// The rows that there are now: of what changes the last versions, by id.
    fn now(&self, shape: &Shape) -> Vec<Vec<Cell>> {
        if shape.life != Life::Changing {
            return self.all(shape.table).to_vec();
        }
        let last: BTreeMap<String, Vec<Cell>> = self
            .all(shape.table)
            .iter()
            .filter_map(|cells| match &cells[0] {
                Cell::Text(id) => Some((id.clone(), cells.clone())),
                _ => None,
            })
            .collect();
        last.into_values().collect()
    }
}

fn has(shape: &Shape, cells: &[Cell], equal: &[(usize, Cell)], (first, last): (u32, u32)) -> bool {
    let holds = |(place, wanted): &(usize, Cell)| match (&cells[*place], wanted) {
        (Cell::Accounts(accounts), Cell::Bytes(account)) => accounts.contains(account),
        (own, wanted) => own == wanted,
    };
    let gone = shape.removed().is_some_and(|place| {
        cells[place] == Cell::Bool(true) && !equal.iter().any(|(own, _)| *own == place)
    });
    let Cell::Number(block) = cells[shape.block] else { return false };
    let within = (u64::from(first)..=u64::from(last)).contains(&block);
    !gone && within && equal.iter().all(holds)
}

/// Whether a version up to a block says that it is gone: versions are given all the same.
fn is_gone(cells: &[Cell], last: u32) -> bool {
    cells[5] == Cell::Bool(true)
        && matches!(cells[2], Cell::Number(block) if block <= u64::from(last))
}

fn key(shape: &Shape, cells: &[Cell]) -> Vec<Cell> {
    shape.key.iter().map(|place| cells[*place].clone()).collect()
}

fn chain() -> impl Strategy<Value = Vec<[Vec<Drawn>; 3]>> {
    let some = || vec(drawn(), 0..5);
    vec((some(), some(), some()).prop_map(|(one, two, three)| [one, two, three]), 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lists_are_what_all_rows_say(
        chain in chain(),
        steps in vec(1..4_usize, 1..4),
        table in 0..3_usize,
        columns in vec((any::<Pick>(), any::<Pick>()), 0..3),
        heights in (0..7_u32, 0..7_u32, any::<bool>()),
        between in (option::of(any::<Pick>()), option::of(any::<Pick>())),
        page in (any::<bool>(), 0..4_usize, 0..6_usize),
    ) {
        let both = Both::of(&chain, &steps);
        let shape = both.shapes.table(TABLES[table]).unwrap().clone();
        let rows = both.now(&shape);
        prop_assume!(!rows.is_empty());
        // Values that some row has, so that something is found; of a list one of its items.
        let mut equal: Vec<(usize, Cell)> = Vec::new();
        for (column, of) in &columns {
            let (place, cells) = (column.index(shape.columns.len()), &rows[of.index(rows.len())]);
            let cell = match &cells[place] {
                Cell::Accounts(accounts) => Cell::Bytes(accounts[0]),
                cell => cell.clone(),
            };
            if cell != Cell::Null && !equal.iter().any(|(own, _)| *own == place) {
                equal.push((place, cell));
            }
        }
        let blocks = if heights.2 { (heights.0, heights.1) } else { (0, u32::MAX) };
        let key_of = |pick: Pick| key(&shape, &rows[pick.index(rows.len())]);
        let (after, before) = (between.0.map(key_of), between.1.map(key_of));
        let (descending, skip, first) = page;
        let wanted = Wanted { equal: &equal, blocks, after: after.as_deref(), before: before.as_deref(), descending, skip, first };
        let found = both.copy.list(&shape, &wanted).unwrap().unwrap();
        let found: Vec<_> = found.iter().map(|row| row.cells.clone()).collect();

        let order = |cells: &[Cell]| {
            let mut bytes = Vec::new();
            cells.iter().for_each(|cell| keys::push(&mut bytes, cell));
            bytes
        };
        let mut expected: Vec<_> = rows
            .iter()
            .filter(|cells| has(&shape, cells, &equal, blocks))
            .filter(|cells| after.as_ref().is_none_or(|after| order(&key(&shape, cells)) > order(after)))
            .filter(|cells| before.as_ref().is_none_or(|before| order(&key(&shape, cells)) < order(before)))
            .cloned()
            .collect();
        expected.sort_by_key(|cells| order(&key(&shape, cells)));
        if descending {
            expected.reverse();
        }
        let expected: Vec<_> = expected.into_iter().skip(skip).take(first).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn one_and_its_history_are_what_versions_say(chain in chain(), steps in vec(1..4_usize, 1..4), at in option::of(0..7_u32), descending: bool) {
        let both = Both::of(&chain, &steps);
        let at = at.map_or(At::Now, At::Block);
        let (_, last) = blocks(at);
        let vehicles = both.shapes.table("vehicles").unwrap();
        for number in 0..3_u8 {
            let id = Cell::Text(number.to_string());
            let versions = both.all("vehicles").iter().filter(|cells| cells[0] == id);
            let mut versions: Vec<_> = versions.filter(|cells| has(vehicles, cells, &[], (0, last)) || is_gone(cells, last)).cloned().collect();
            let found = both.copy.one(vehicles, at, std::slice::from_ref(&id)).unwrap();
            prop_assert_eq!(found.map(|row| row.cells.clone()), versions.last().cloned());
            let until = if at == At::Now { u64::MAX } else { find::last_version(last) };
            let history = both.copy.history(vehicles, &number.to_string(), until, descending, 1, 2).unwrap().unwrap();
            if descending {
                versions.reverse();
            }
            let history: Vec<_> = history.iter().map(|row| row.cells.clone()).collect();
            prop_assert_eq!(history, versions.into_iter().skip(1).take(2).collect::<Vec<_>>());
        }
        for table in ["events", "transfers"] {
            let shape = both.shapes.table(table).unwrap();
            for cells in both.all(table) {
                let id: Vec<_> = shape.id.iter().map(|place| cells[*place].clone()).collect();
                let found = both.copy.one(shape, at, &id).unwrap().map(|row| row.cells.clone());
                let there = has(shape, cells, &[], (0, last));
                prop_assert_eq!(found, there.then(|| cells.clone()));
            }
        }
    }

    #[test]
    fn tallies_are_what_rows_add_up_to(chain in chain(), steps in vec(1..4_usize, 1..4), account in 0..3_u8) {
        let both = Both::of(&chain, &steps);
        let transfers = both.shapes.table("transfers").unwrap();
        let events = both.shapes.table("events").unwrap();
        let from = (transfers.column("from").unwrap(), Cell::Bytes(bytes(account)));
        let with = (events.column("accounts").unwrap(), Cell::Bytes(bytes(account)));
        let of = |name: &str, text: &str| (events.column(name).unwrap(), Cell::Text(text.into()));
        for (shape, equal) in [
            (transfers, vec![]),
            (transfers, vec![from]),
            (events, vec![with]),
            (events, vec![of("name", "Transfer"), of("pallet", "Balances")]),
        ] {
            let rows: Vec<_> = both.all(shape.table).iter().filter(|cells| has(shape, cells, &equal, (0, u32::MAX))).collect();
            let tallies = both.copy.tallies(shape, &equal).unwrap().unwrap();
            prop_assert_eq!(tallies.iter().map(|(_, tally)| tally.count).sum::<u64>(), rows.len() as u64);
            prop_assert!(tallies.is_sorted_by(|(one, _), (two, _)| one < two));
            let Some(place) = shape.column("amount") else { continue };
            let own = tally::numbers(shape).position(|own| own == place).unwrap();
            let amounts: Vec<u128> = rows.iter().filter_map(|cells| match cells[place] {
                Cell::Money(amount) => Some(amount),
                _ => None,
            }).collect();
            let mut all = tally::Tally::default();
            tallies.iter().for_each(|(_, tally)| all.add(tally));
            let numbers = all.numbers.get(own).copied().flatten();
            prop_assert_eq!(numbers.and_then(|numbers| numbers.sum), (!amounts.is_empty()).then(|| amounts.iter().sum()));
            prop_assert_eq!(numbers.map(|numbers| numbers.min), amounts.iter().min().copied());
            prop_assert_eq!(numbers.map(|numbers| numbers.max), amounts.iter().max().copied());
        }
    }
}

#[test]
fn a_copy_that_is_emptied_has_nothing() {
    let drawn =
        Drawn { number: 1, account: 1, other: 2, named: true, extrinsic: Some(0), gone: false };
    let both = Both::of(&[[vec![drawn.clone()], vec![drawn.clone()], vec![drawn]]], &[1]);
    both.copy.clear().unwrap();
    assert_eq!(both.copy.reached().unwrap(), None);
    for table in TABLES {
        let shape = both.shapes.table(table).unwrap();
        let found = both.copy.list(shape, &Wanted::of(&[], (0, u32::MAX))).unwrap();
        assert_eq!(found, Some(vec![]), "{table}");
    }
}
