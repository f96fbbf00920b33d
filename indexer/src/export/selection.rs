//! Which rows and columns of what, and the SQL that gives them.

use serde::{Deserialize, Serialize};

use super::{Comparison, Condition, Format, Source};
use crate::{
    domain::Column,
    entities::Registry,
    error::Error,
    infra::store::schema::{listed, quoted},
};

/// What somebody asks for, in words.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The table or entity.
    pub table: String,
    /// Columns by name; none: all.
    pub columns: Vec<String>,
    /// Conditions, such as `company=3`. All of them hold.
    pub conditions: Vec<String>,
    /// Only rows of this company.
    pub company: Option<u32>,
    /// Only rows of this block and later ones.
    pub from_block: Option<u32>,
    /// Only rows of this block and earlier ones.
    pub to_block: Option<u32>,
    /// Only rows of this time and later.
    pub since: Option<String>,
    /// Only rows of before this time.
    pub until: Option<String>,
    /// Every version of an entity.
    pub history: bool,
}

/// Which versions of an entity. Of what never changes there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Versions {
    /// The last one, of those that are not gone.
    Last,
    /// All of them.
    All,
}

/// Rows and columns that there are.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Of what.
    pub source: Source,
    /// Which columns, in their order in the file.
    pub columns: Vec<Column>,
    /// Conditions that all hold.
    pub conditions: Vec<Condition>,
    /// Which versions.
    pub versions: Versions,
}

impl Selection {
    /// Reads what is wanted.
    ///
    /// # Errors
    /// There is no such table or column, or a condition makes no sense.
    pub fn of(registry: &Registry, wanted: &Wanted) -> Result<Self, Error> {
        let source = Source::find(registry, &wanted.table)?;
        let columns = columns(&source, &wanted.columns)?;
        let mut conditions = Vec::new();
        let mut add = |column: Result<Column, Error>, comparison, value: Option<String>| {
            if let Some(value) = value {
                conditions.push(Condition::of(column?, comparison, &value)?);
            }
            Ok::<(), Error>(())
        };
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let (block, time) = (|| source.column(source.block), || source.column("time"));
        add(source.company(), Comparison::Equal, number(wanted.company))?;
        add(block(), Comparison::AtLeast, number(wanted.from_block))?;
        add(block(), Comparison::AtMost, number(wanted.to_block))?;
        add(time(), Comparison::AtLeast, wanted.since.clone())?;
        add(time(), Comparison::Less, wanted.until.clone())?;
        for text in &wanted.conditions {
            conditions.push(Condition::read(&source, text)?);
        }
        let versions = match wanted.history && source.changes {
            true => Versions::All,
            false => Versions::Last,
        };
        Ok(Self { source, columns, conditions, versions })
    }

    /// The SQL of the rows as they are at the end of a block.
    pub(super) fn rows(&self, format: Format, last: u32) -> String {
        let columns: Vec<_> = self.columns.iter().map(|column| format.column(column)).collect();
        let order: Vec<_> =
            self.order().iter().map(|name| format!("source.{}", quoted(name))).collect();
        format!(
            "SELECT {} FROM {} ORDER BY {}",
            columns.join(", "),
            self.from(last),
            order.join(", ")
        )
    }

    /// The SQL of how many there are.
    pub(super) fn count(&self, last: u32) -> String {
        format!("SELECT count() FROM {}", self.from(last))
    }

    /// The columns that rows are ordered by.
    fn order(&self) -> &[&'static str] {
        match (self.source.changes, self.versions) {
            // One version of each: its id is enough.
            (true, Versions::Last) => &self.source.key[..1],
            _ => &self.source.key,
        }
    }

    /// Columns of rows are named through `source`: a bare name would be taken for what is selected under it.
    fn from(&self, last: u32) -> String {
        let Source { table, block, changes, .. } = &self.source;
        let block = quoted(block);
        let mut conditions = Vec::new();
        let rows = match (changes, self.versions) {
            (true, Versions::Last) => {
                conditions.push("NOT source.removed".to_owned());
                // The last version of each up to the block, whatever the conditions say of earlier ones.
                let columns = listed(&self.source.columns);
                format!(
                    "(SELECT {columns} FROM {table} WHERE {block} <= {last} ORDER BY id, version DESC LIMIT 1 BY id)"
                )
            }
            _ => {
                conditions.push(format!("source.{block} <= {last}"));
                (*table).to_owned()
            }
        };
        conditions.extend(self.conditions.iter().map(Condition::sql));
        format!("{rows} AS source WHERE {}", conditions.join(" AND "))
    }
}

fn columns(source: &Source, names: &[String]) -> Result<Vec<Column>, Error> {
    if names.is_empty() {
        return Ok(source.columns.clone());
    }
    let mut columns: Vec<Column> = Vec::new();
    for name in names {
        let column = source.column(name.trim())?;
        if columns.contains(&column) {
            return Err(Error::Asked(format!("the column {} is named twice", column.name)));
        }
        columns.push(column);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(wanted: Wanted) -> Selection {
        Selection::of(&Registry::default(), &wanted).unwrap()
    }

    fn wanted(table: &str, columns: &[&str]) -> Wanted {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Wanted { table: table.to_owned(), columns, ..Wanted::default() }
    }

    #[test]
    fn present_rows_are_the_last_versions_up_to_the_block() {
        let asked = Wanted { company: Some(3), ..wanted("vehicles", &["id", "plate"]) };
        let sql = selection(asked).rows(Format::Csv, 7);
        let (columns, rest) = sql.split_once(" FROM (SELECT ").unwrap();
        assert_eq!(columns, "SELECT source.`id` AS `id`, source.`plate` AS `plate`");
        assert!(
            rest.ends_with(
                "FROM vehicles WHERE `block` <= 7 ORDER BY id, version DESC LIMIT 1 BY id) AS source \
                 WHERE NOT source.removed AND source.`owner` = 3 ORDER BY source.`id`"
            ),
            "{rest}"
        );
    }

    #[test]
    fn a_history_has_all_versions_and_what_is_gone() {
        let asked = Wanted { history: true, ..wanted("vehicles", &["plate"]) };
        assert_eq!(
            selection(asked).rows(Format::Csv, 7),
            "SELECT source.`plate` AS `plate` FROM vehicles AS source WHERE source.`block` <= 7 \
             ORDER BY source.`id`, source.`version`"
        );
    }

    #[test]
    fn what_never_changes_has_one_version() {
        let month = Wanted {
            since: Some("2026-11-01T00:00:00+08:00".into()),
            until: Some("2026-12-01T00:00:00+08:00".into()),
            history: true,
            ..wanted("transfers", &["amount"])
        };
        let month = selection(month);
        assert_eq!(month.versions, Versions::Last);
        let count = month.count(9);
        assert!(count.starts_with("SELECT count() FROM transfers AS source WHERE source.`block` <= 9 AND source.`time` >= "));
        assert!(count.contains(" AND source.`time` < "), "{count}");
        let heights =
            Wanted { from_block: Some(2), to_block: Some(4), ..wanted("blocks", &["hash"]) };
        assert_eq!(
            selection(heights).count(9),
            "SELECT count() FROM blocks AS source WHERE source.`number` <= 9 AND source.`number` >= 2 AND source.`number` <= 4"
        );
    }

    #[test]
    fn a_column_is_there_once() {
        let refused = Selection::of(&Registry::default(), &wanted("vehicles", &["id", "id"]));
        assert!(refused.unwrap_err().to_string().contains("twice"));
    }
}
