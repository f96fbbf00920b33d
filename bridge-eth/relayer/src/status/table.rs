//! Tables for people, of a label and two columns.

use std::fmt;

/// A table. A header of nothing is left out.
#[derive(Clone, Debug)]
pub struct Table {
    header: [String; 3],
    rows: Vec<[String; 3]>,
}

impl Table {
    /// An empty table.
    pub fn new(header: [&str; 3]) -> Self {
        Self { header: header.map(str::to_owned), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: [&str; 3]) {
        self.rows.push(cells.map(str::to_owned));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.header.iter().any(|cell| !cell.is_empty());
        let all = || self.rows.iter().chain(shown.then_some(&self.header));
        let widths: [usize; 3] = std::array::from_fn(|column| {
            all().map(|row| row[column].chars().count()).max().unwrap_or(0)
        });
        let line = |cells: &[String; 3]| {
            let cells = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        if shown {
            writeln!(f, "{}", line(&self.header))?;
            let rule = widths.map(|width| "─".repeat(width));
            writeln!(f, "{}", line(&rule))?;
        }
        self.rows.iter().try_for_each(|row| writeln!(f, "{}", line(row)))
    }
}

/// A whole number as people write it: `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_heads() {
        let mut table = Table::new(["", "one", "other"]);
        table.row(["block", "7,312", "1"]);
        assert_eq!(
            table.to_string(),
            "       one    other\n─────  ─────  ─────\nblock  7,312  1\n"
        );
        let mut bare = Table::new(["", "", ""]);
        bare.row(["key", "none", ""]);
        assert_eq!(bare.to_string(), "key  none\n");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([grouped(0), grouped(999), grouped(1_234_567)].join(" "), "0 999 1,234,567");
    }
}
