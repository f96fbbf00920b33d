//! Tokens of inserts whose rows are not there.
//!
//! A table writes down the token of an insert, and then gives the part with its rows its name. A process that is killed
//! between the two, a machine that loses its power, a disk that is full: each leaves a token that stands for nothing.
//! The same insert, sent again, would be told that it is in, and its rows would be lost. So such tokens are forgotten
//! before the folder is opened.
//!
//! What lies in a table's folder, as version 26.7 has it:
//!
//! ```text
//! deduplication_logs/deduplication_log_3.txt   a line a token: operation, part, token, with tabs between
//! 202606_4_9_1                                 a part: its month, first and last insert, level, mutation
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs::{self, DirEntry, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

const LOGS: &str = "deduplication_logs";
/// A log is written here before it takes its place: the engine reads all that is in [`LOGS`].
const DRAFT: &str = "smartlink-tokens";
/// What a line does: a token is remembered, or, when its rows were dropped, forgotten.
const ADD: &[u8] = b"1";
const DROP: &[u8] = b"2";

/// Inserts of a partition, in one part: from its first to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Inserts<'a> {
    partition: &'a str,
    first: u64,
    last: u64,
}

impl<'a> Inserts<'a> {
    /// Reads the name of a part. `None` for what is none: parts that are still written, or are deleted, have longer names.
    fn of(name: &'a str) -> Option<Self> {
        let (partition, rest) = name.split_once('_')?;
        let mut numbers = rest.split('_').map(|number| number.parse().ok());
        let (first, last, _level) = (numbers.next()??, numbers.next()??, numbers.next()??);
        let _mutation = numbers.next().unwrap_or(Some(0))?;
        numbers.next().is_none().then_some(Self { partition, first, last })
    }
}

/// All inserts that parts hold: of each partition spans that do not touch, by their first insert.
struct Held<'a>(BTreeMap<&'a str, BTreeMap<u64, u64>>);

impl<'a> Held<'a> {
    fn by(parts: &'a [String]) -> Self {
        let mut all: Vec<_> = parts.iter().filter_map(|name| Inserts::of(name)).collect();
        all.sort_by_key(|inserts| inserts.first);
        let mut held = BTreeMap::<_, BTreeMap<_, _>>::new();
        for Inserts { partition, first, last } in all {
            let spans = held.entry(partition).or_default();
            match spans.last_entry() {
                // A part that was merged, and the one that it went into.
                Some(mut span) if *span.get() >= first => {
                    let end = last.max(*span.get());
                    span.insert(end);
                }
                _ => {
                    spans.insert(first, last);
                }
            }
        }
        Self(held)
    }

    fn hold(&self, inserts: &Inserts<'_>) -> bool {
        let spans = self.0.get(inserts.partition);
        let span = spans.and_then(|spans| spans.range(..=inserts.first).next_back());
        span.is_some_and(|(_, last)| inserts.last <= *last)
    }
}

/// A line of a log.
struct Line<'a> {
    whole: &'a [u8],
    operation: &'a [u8],
    part: &'a [u8],
    token: &'a [u8],
}

/// A table's logs with what is in them, the oldest first.
struct Logs(Vec<(PathBuf, Vec<u8>)>);

impl Logs {
    fn read(table: &Path) -> io::Result<Self> {
        let mut logs = Vec::new();
        for entry in entries(&table.join(LOGS))? {
            let path = entry.path();
            let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
            let number = stem.strip_prefix("deduplication_log_").and_then(|n| n.parse().ok());
            let Some(number) = number else { continue };
            logs.push((number, path.clone(), fs::read(path)?));
        }
        logs.sort_by_key(|(number, ..): &(u64, _, _)| *number);
        Ok(Self(logs.into_iter().map(|(_, path, text)| (path, text)).collect()))
    }

    /// The tokens that are remembered, and of which no part has the insert. A line that is not understood says nothing.
    fn without_rows(&self, parts: &[String]) -> BTreeSet<Vec<u8>> {
        let mut remembered = BTreeMap::new();
        for line in self.0.iter().flat_map(|(_, text)| lines(text)) {
            match line.operation {
                ADD => remembered.insert(line.token, line.part),
                DROP => remembered.remove(line.token),
                _ => None,
            };
        }
        let held = Held::by(parts);
        remembered.retain(|_, part| {
            let inserts = std::str::from_utf8(part).ok().and_then(Inserts::of);
            inserts.is_some_and(|inserts| !held.hold(&inserts))
        });
        remembered.into_keys().map(<[u8]>::to_vec).collect()
    }
}

/// The tokens that stand for no rows. Also of an engine that runs: then an insert that is under way may look like one.
pub(super) fn without_rows(folder: &Path) -> io::Result<BTreeSet<Vec<u8>>> {
    let mut tokens = BTreeSet::new();
    for table in tables(folder)? {
        // The logs first: what they name is given its name afterwards.
        let logs = Logs::read(&table)?;
        tokens.append(&mut logs.without_rows(&parts(&table)?));
    }
    Ok(tokens)
}

/// Forgets the tokens that stand for no rows, and what a loss of power has left of a line. Returns how many there were.
/// Nobody may have the folder open.
pub(super) fn forget(folder: &Path) -> io::Result<usize> {
    let mut forgotten = 0;
    for table in tables(folder)? {
        let logs = Logs::read(&table)?;
        let tokens = logs.without_rows(&parts(&table)?);
        for (path, text) in logs.0 {
            let kept = lines(&text).filter(|line| !tokens.contains(line.token));
            let kept: Vec<u8> = kept.flat_map(|line| line.whole).copied().collect();
            if text.len() == kept.len() {
                continue;
            }
            if text.starts_with(&kept) {
                // As a rule it is the last one. This is done on a full disk as well.
                let log = OpenOptions::new().write(true).open(&path)?;
                log.set_len(kept.len() as u64).and_then(|()| log.sync_all())?;
            } else {
                replace(&path, &folder.join(DRAFT), &kept)?;
            }
        }
        forgotten += tokens.len();
    }
    Ok(forgotten)
}

/// Whole lines. The last may be cut off.
fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let whole = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    whole.map(|whole| {
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let mut fields = line.splitn(3, |byte| *byte == b'\t');
        let mut next = || fields.next().unwrap_or_default();
        Line { whole, operation: next(), part: next(), token: next() }
    })
}

/// Puts another text in the place of a log: the old one or the new one is there, whatever happens.
fn replace(log: &Path, draft: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::create(draft)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(draft, log)?;
    log.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// The folders of all tables that remember tokens.
fn tables(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tables = Vec::new();
    // By their id, or by database and name in databases of an old kind. In `data` are links to the others.
    for group in folders(&folder.join("store"))?.iter().chain(&folders(&folder.join("data"))?) {
        tables.extend(folders(group)?.into_iter().filter(|table| table.join(LOGS).is_dir()));
    }
    Ok(tables)
}

/// The names of a table's parts, and of what else is there.
fn parts(table: &Path) -> io::Result<Vec<String>> {
    let names = folders(table)?;
    Ok(names.iter().filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
}

fn folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in entries(path)? {
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

/// What is in a folder; nothing when it is not there: a table may be dropped meanwhile.
fn entries(path: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(path) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with one table, its parts and its log.
    fn folder(parts: &[&str], log: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("store/5f3/5f3c");
        for part in parts {
            fs::create_dir_all(table.join(part)).unwrap();
        }
        fs::create_dir_all(table.join(LOGS)).unwrap();
        let path = table.join(LOGS).join("deduplication_log_1.txt");
        fs::write(&path, log).unwrap();
        (folder, path)
    }

    #[test]
    fn a_token_is_kept_as_long_as_a_part_holds_its_insert() {
        let parts = [
            "202606_1_4_1",
            "202606_2_2_0",
            "202606_5_5_0_9",
            "tmp_insert_202606_6_6_0",
            "detached",
        ];
        let log =
            "1\t202606_1_1_0\ta\n1\t202606_3_3_0\tb\n1\t202606_5_5_0\tc\n1\t202606_6_6_0\td\n\
                   1\t202607_1_1_0\te\n2\t202606_9_9_0\tf\n1\tnonsense\tg\n1\t202606_5_6_0\th\n";
        let (folder, path) = folder(&parts, log);
        // A file is no part.
        fs::write(path.parent().unwrap().with_file_name("202607_1_1_0"), "").unwrap();
        let lost: BTreeSet<_> = [b"d", b"e", b"h"].map(|token| token.to_vec()).into();
        assert_eq!(without_rows(folder.path()).unwrap(), lost);
        assert_eq!(forget(folder.path()).unwrap(), 3);
        assert!(without_rows(folder.path()).unwrap().is_empty());
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "1\t202606_1_1_0\ta\n1\t202606_3_3_0\tb\n1\t202606_5_5_0\tc\n2\t202606_9_9_0\tf\n1\tnonsense\tg\n"
        );
        assert_eq!(forget(folder.path()).unwrap(), 0);
        assert!(!folder.path().join(DRAFT).exists());
    }

    #[test]
    fn what_was_dropped_is_not_missed_and_the_logs_are_read_in_their_order() {
        let (folder, path) =
            folder(&["all_3_3_0"], "2\tall_1_1_0\ta\n1\tall_4_4_0\tb\n1\tall_3_3_0\ta\n");
        let older = path.with_file_name("deduplication_log_0.txt");
        fs::write(&older, "1\tall_1_1_0\ta\n").unwrap();
        let newer = path.with_file_name("deduplication_log_10.txt");
        fs::write(&newer, "2\tall_4_4_0\tb\n1\tall_5_5_0\tc\n").unwrap();
        let lost = BTreeSet::from([b"c".to_vec()]);
        assert_eq!(without_rows(folder.path()).unwrap(), lost);
        assert_eq!(forget(folder.path()).unwrap(), 1);
        assert_eq!(fs::read_to_string(newer).unwrap(), "2\tall_4_4_0\tb\n");
    }

    #[test]
    fn half_a_line_is_cut_off_so_that_the_next_one_can_be_read() {
        let (folder, path) =
            folder(&["all_1_1_0"], "1\tall_1_1_0\ta\n1\tall_2_2_0\tb\n1\tall_3_3_");
        assert_eq!(forget(folder.path()).unwrap(), 1);
        assert_eq!(fs::read_to_string(path).unwrap(), "1\tall_1_1_0\ta\n");
    }

    #[test]
    fn a_folder_without_tables_has_no_tokens() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(forget(folder.path()).unwrap(), 0);
        assert!(without_rows(&folder.path().join("nowhere")).unwrap().is_empty());
    }

    #[test]
    fn names_of_parts_are_told_from_others() {
        let inserts = |first, last| Some(Inserts { partition: "202606", first, last });
        assert_eq!(Inserts::of("202606_7_9_2"), inserts(7, 9));
        assert_eq!(Inserts::of("202606_7_9_2_14"), inserts(7, 9));
        for other in
            ["202606", "202606_1", "202606_1_1", "a_1_1_0_1_1", "tmp_insert_all_1_1_0", "all_1_x_0"]
        {
            assert_eq!(Inserts::of(other), None, "{other}");
        }
    }
}
