//! What is asked for in an address: the words of the command's flags, as parameters.

use crate::{
    error::Error,
    export::{Format, Wanted},
};

/// The parameters that there are.
const KNOWN: &str = "columns, company, where, from-block, to-block, since, until, history and at";

/// Conditions of one export.
const CONDITIONS: usize = 64;

/// An export that somebody asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub wanted: Wanted,
    pub format: Format,
    /// At the end of which block. Without it, of the last.
    pub at: Option<u32>,
}

impl Asked {
    /// Reads the name of a file, such as `batches.csv`, and the parameters behind it.
    ///
    /// # Errors
    /// The name says no format, or a parameter is none, is given twice, or holds no such value.
    pub fn read(file: &str, parameters: &[(String, String)]) -> Result<Self, Error> {
        let format = Format::of(file.as_ref());
        let (Some(format), Some((table, _))) = (format, file.rsplit_once('.')) else {
            return Err(Error::Asked(format!(
                "{file:?} says no format: write a table or entity with .csv or .parquet behind it, such as batches.csv"
            )));
        };
        let wanted = Wanted { table: table.to_owned(), ..Wanted::default() };
        let mut asked = Self { wanted, format, at: None };
        for (name, value) in parameters {
            asked.add(name, value)?;
        }
        Ok(asked)
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let Self { wanted, at, .. } = self;
        match name {
            "columns" => {
                wanted.columns.extend(value.split(',').map(str::to_owned));
                Ok(())
            }
            "where" if wanted.conditions.len() >= CONDITIONS => Err(Error::Asked(format!(
                "where is given more than {CONDITIONS} times: ask for more rows, and choose among them in the file"
            ))),
            "where" => {
                wanted.conditions.push(value.to_owned());
                Ok(())
            }
            "company" => once(name, &mut wanted.company, number(name, value)?),
            "from-block" => once(name, &mut wanted.from_block, number(name, value)?),
            "to-block" => once(name, &mut wanted.to_block, number(name, value)?),
            "at" => once(name, at, number(name, value)?),
            "since" => once(name, &mut wanted.since, time(value)),
            "until" => once(name, &mut wanted.until, time(value)),
            "history" => {
                wanted.history = match value {
                    "" | "true" => true,
                    "false" => false,
                    _ => return Err(wrong(name, value, "true or false")),
                };
                Ok(())
            }
            _ => Err(Error::Asked(format!("there is no parameter {name:?}: there are {KNOWN}"))),
        }
    }
}

fn once<T>(name: &str, place: &mut Option<T>, value: T) -> Result<(), Error> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::Asked(format!("{name} is given twice: give it once"))),
    }
}

fn number(name: &str, value: &str) -> Result<u32, Error> {
    value.parse().map_err(|_| wrong(name, value, "a number from 0 to 4294967295"))
}

/// In an address a plus sign is a blank, and no time has one before its offset.
fn time(value: &str) -> String {
    value.replace(' ', "+")
}

fn wrong(name: &str, value: &str, wanted: &str) -> Error {
    Error::Asked(format!("{name}={value}: {wanted} belongs here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, parameters: &[(&str, &str)]) -> Result<Asked, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let parameters: Vec<_> = parameters.iter().map(owned).collect();
        Asked::read(file, &parameters).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_says_what_the_command_says() {
        let asked = read(
            "batches.csv",
            &[
                ("company", "3"),
                ("columns", "number,gross"),
                ("where", "gross>=1000000"),
                ("where", "rides<5"),
                ("since", "2026-11-01T00:00:00 08:00"),
                ("history", ""),
                ("at", "5000"),
            ],
        );
        let Asked { wanted, format, at } = asked.unwrap();
        assert_eq!((wanted.table.as_str(), format, at), ("batches", Format::Csv, Some(5_000)));
        assert_eq!((wanted.company, wanted.history), (Some(3), true));
        assert_eq!(wanted.columns, ["number", "gross"]);
        assert_eq!(wanted.conditions, ["gross>=1000000", "rides<5"]);
        assert_eq!(wanted.since.as_deref(), Some("2026-11-01T00:00:00+08:00"));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        for (file, parameters, said) in [
            ("batches", &[][..], "says no format"),
            ("batches.xlsx", &[], "says no format"),
            ("batches.csv", &[("compnay", "3")], "\"compnay\""),
            ("batches.csv", &[("company", "three")], "company=three"),
            ("batches.csv", &[("at", "1"), ("at", "2")], "at is given twice"),
            ("batches.csv", &[("history", "yes")], "history=yes"),
            ("batches.csv", &[("where", "gross>1"); 65], "more than 64 times"),
        ] {
            let refused = read(file, parameters).unwrap_err();
            assert!(refused.contains(said), "{refused}");
        }
    }
}
