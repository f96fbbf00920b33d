//! The formats, and what columns are in them. ClickHouse writes both itself.

use std::path::Path;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{Column, Kind},
    infra::store::schema::quoted,
};

/// What a CSV file begins with: without it, Excel reads UTF-8 as the encoding of its Windows, which in China is GBK, and
/// no plate is readable.
pub(super) const MARK: &[u8] = "\u{feff}".as_bytes();
/// Rows that a Parquet file has in a group: what is held in memory until it is written.
const GROUP: &str = "100000";
/// Bytes of them.
const GROUP_BYTES: &str = "67108864";
/// Bytes that are sorted in memory; more go by way of ClickHouse's disk.
const SORTED_BYTES: &str = "268435456";
/// Seconds that ClickHouse works on an export at most, whatever it gives other questions.
pub(super) const LONGEST: u32 = 86_400;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RFC 4180 but for the ends of lines, which are one byte: a line with names, texts in quotes, nothing where nothing is
    /// known.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The format that a file's name ends with.
    pub fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// What the name of a file ends with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// Its name in ClickHouse.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSVWithNames",
            Self::Parquet => "Parquet",
        }
    }

    /// What comes before what ClickHouse writes.
    pub(super) fn mark(self) -> &'static [u8] {
        match self {
            Self::Csv => MARK,
            Self::Parquet => &[],
        }
    }

    /// A column of `source` as SQL selects it for a file.
    pub(super) fn column(self, column: &Column) -> String {
        let name = quoted(column.name);
        let own = format!("source.{name}");
        let hex = |bytes: &str| format!("concat('0x', lower(hex({bytes})))");
        let accounts = format!("arrayMap(account -> {}, {own})", hex("account"));
        let shown = match (column.kind, self) {
            (Kind::Account | Kind::Hash, _) => hex(&own),
            (Kind::Accounts, Self::Csv) => format!("arrayStringConcat({accounts}, ' ')"),
            (Kind::Accounts, Self::Parquet) => accounts,
            // Parquet knows no integers of 128 bits, and decimals of 38 digits: more than all the money there is.
            (Kind::Money, Self::Parquet) => format!("toDecimal128({own}, 0)"),
            _ => own,
        };
        format!("{shown} AS {name}")
    }

    /// The settings that a question has, so that a file does not depend on the server's.
    pub(super) fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Csv => &[
                ("max_result_rows", "0"),
                ("max_result_bytes", "0"),
                ("max_bytes_before_external_sort", SORTED_BYTES),
                ("format_csv_delimiter", ","),
                ("format_csv_null_representation", ""),
                ("output_format_csv_crlf_end_of_line", "0"),
                ("date_time_output_format", "iso"),
                ("bool_true_representation", "true"),
                ("bool_false_representation", "false"),
            ],
            Self::Parquet => &[
                ("max_result_rows", "0"),
                ("max_result_bytes", "0"),
                ("max_bytes_before_external_sort", SORTED_BYTES),
                ("output_format_parquet_row_group_size", GROUP),
                ("output_format_parquet_row_group_size_bytes", GROUP_BYTES),
                ("output_format_parquet_string_as_string", "1"),
                // What every reader of Parquet knows.
                ("output_format_parquet_compression_method", "snappy"),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_its_format_by_its_name() {
        assert_eq!(Format::of(Path::new("/a.b/books.CSV")), Some(Format::Csv));
        assert_eq!(Format::of(Path::new("books.parquet")), Some(Format::Parquet));
        assert_eq!(Format::of(Path::new("books.xlsx")), None);
        assert_eq!(Format::of(Path::new("csv")), None);
    }

    #[test]
    fn columns_are_what_their_readers_understand() {
        let column = |kind| Column::new("to", kind);
        let money = column(Kind::Money);
        assert_eq!(Format::Csv.column(&money), "source.`to` AS `to`");
        assert_eq!(Format::Parquet.column(&money), "toDecimal128(source.`to`, 0) AS `to`");
        let account = "concat('0x', lower(hex(source.`to`))) AS `to`";
        assert_eq!(Format::Csv.column(&column(Kind::Account)), account);
        assert_eq!(Format::Parquet.column(&column(Kind::Hash)), account);
        let accounts = column(Kind::Accounts);
        assert_eq!(
            Format::Csv.column(&accounts),
            "arrayStringConcat(arrayMap(account -> concat('0x', lower(hex(account))), source.`to`), ' ') AS `to`"
        );
    }
}
