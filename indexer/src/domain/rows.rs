//! Rows in the one encoding that is sent, hashed and read back: ClickHouse's RowBinary.

use super::table::{Cell, Column, Kind, Misfit};

/// Rows of a table, encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Their bytes.
    pub bytes: Vec<u8>,
    /// How many.
    pub count: usize,
}

impl Rows {
    /// Writes a row, column after column.
    pub fn row(&mut self) -> RowWriter<'_> {
        self.count += 1;
        RowWriter(&mut self.bytes)
    }

    /// Appends others.
    pub fn append(&mut self, others: &Rows) {
        self.bytes.extend_from_slice(&others.bytes);
        self.count += others.count;
    }
}

/// Writes the columns of a row. What is written has to fit the table: a test reads it back by the table's columns.
pub struct RowWriter<'a>(&'a mut Vec<u8>);

impl RowWriter<'_> {
    /// A truth.
    pub fn bool(&mut self, truth: bool) -> &mut Self {
        self.u8(truth.into())
    }

    /// 8 bits.
    pub fn u8(&mut self, number: u8) -> &mut Self {
        self.0.push(number);
        self
    }

    /// 32 bits.
    pub fn u32(&mut self, number: u32) -> &mut Self {
        self.raw(&number.to_le_bytes())
    }

    /// 64 bits.
    pub fn u64(&mut self, number: u64) -> &mut Self {
        self.raw(&number.to_le_bytes())
    }

    /// An amount.
    pub fn money(&mut self, amount: u128) -> &mut Self {
        self.raw(&amount.to_le_bytes())
    }

    /// Milliseconds of the Unix epoch.
    pub fn time(&mut self, ms: i64) -> &mut Self {
        self.raw(&ms.to_le_bytes())
    }

    /// Text, or bytes with their length in front.
    pub fn text(&mut self, text: impl AsRef<[u8]>) -> &mut Self {
        let text = text.as_ref();
        self.length(text.len());
        self.raw(text)
    }

    /// Bytes of a fixed length.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Something or nothing.
    pub fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) -> &mut Self {
        self.u8(value.is_none().into());
        if let Some(value) = value {
            write(self, value);
        }
        self
    }

    /// Several, with their number in front.
    pub fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) -> &mut Self {
        self.length(items.len());
        for item in items {
            write(self, item);
        }
        self
    }

    fn length(&mut self, length: usize) {
        let mut rest = length;
        while rest >= 0x80 {
            self.0.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        // Below 128.
        self.0.push(rest as u8);
    }

    /// A cell of a column.
    ///
    /// # Errors
    /// The column cannot hold it. What was written of the row is of no use then.
    pub fn cell(&mut self, column: &Column, cell: &Cell) -> Result<&mut Self, Misfit> {
        let misfit = Misfit { column: column.name };
        if column.nullable {
            self.u8((*cell == Cell::Null).into());
            if *cell == Cell::Null {
                return Ok(self);
            }
        }
        match (column.kind, cell) {
            (Kind::Bool, Cell::Bool(truth)) => self.bool(*truth),
            (Kind::U8, Cell::Number(number)) => self.u8(u8::try_from(*number).map_err(|_| misfit)?),
            (Kind::U32, Cell::Number(number)) => {
                self.u32(u32::try_from(*number).map_err(|_| misfit)?)
            }
            (Kind::U64, Cell::Number(number)) => self.u64(*number),
            (Kind::Money, Cell::Money(amount)) => self.money(*amount),
            (Kind::Text | Kind::Name | Kind::Json, Cell::Text(text)) => self.text(text),
            (Kind::Account | Kind::Hash, Cell::Bytes(bytes)) => self.raw(bytes),
            (Kind::Time, Cell::Time(ms)) => self.time(*ms),
            (Kind::Accounts, Cell::Accounts(accounts)) => self.list(accounts, |row, account| {
                row.raw(account);
            }),
            _ => return Err(misfit),
        };
        Ok(self)
    }
}

/// Reads rows by their columns.
pub struct RowReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> RowReader<'a> {
    /// Of rows that follow each other.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next row and its bytes. `None`: there is no whole row left; see [`RowReader::rest`].
    pub fn row(&mut self, columns: &[Column]) -> Option<(Vec<Cell>, &'a [u8])> {
        let begin = self.at;
        let cells: Option<Vec<_>> = columns.iter().map(|column| self.cell(column)).collect();
        match cells {
            Some(cells) => Some((cells, &self.bytes[begin..self.at])),
            None => {
                self.at = begin;
                None
            }
        }
    }

    /// What was not read: the beginning of a row, or nothing.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn cell(&mut self, column: &Column) -> Option<Cell> {
        if column.nullable && self.take(1)?[0] == 1 {
            return Some(Cell::Null);
        }
        Some(match column.kind {
            Kind::Bool => Cell::Bool(self.take(1)?[0] != 0),
            Kind::U8 => Cell::Number(self.take(1)?[0].into()),
            Kind::U32 => Cell::Number(u32::from_le_bytes(self.array()?).into()),
            Kind::U64 => Cell::Number(u64::from_le_bytes(self.array()?)),
            Kind::Money => Cell::Money(u128::from_le_bytes(self.array()?)),
            Kind::Time => Cell::Time(i64::from_le_bytes(self.array()?)),
            Kind::Account | Kind::Hash => Cell::Bytes(self.array()?),
            Kind::Text | Kind::Name | Kind::Json => {
                let length = self.length()?;
                Cell::Text(String::from_utf8_lossy(self.take(length)?).into_owned())
            }
            Kind::Accounts => {
                let count = self.length()?;
                // No allocation before the bytes are there.
                if count.checked_mul(32)? > self.bytes.len() - self.at {
                    return None;
                }
                Cell::Accounts((0..count).map(|_| self.array()).collect::<Option<_>>()?)
            }
        })
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn length(&mut self) -> Option<usize> {
        let mut length = 0_usize;
        for shift in (0..63).step_by(7) {
            let byte = self.take(1)?[0];
            length |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(length);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: [Column; 7] = [
        Column::new("block", Kind::U32),
        Column::new("money", Kind::Money).optional(),
        Column::new("text", Kind::Text),
        Column::new("account", Kind::Account).optional(),
        Column::new("accounts", Kind::Accounts),
        Column::new("time", Kind::Time),
        Column::new("truth", Kind::Bool),
    ];

    prop_compose! {
        fn any_row()(
            block: u32,
            money: Option<u128>,
            text in ".{0,200}",
            account: Option<[u8; 32]>,
            accounts in proptest::collection::vec(any::<[u8; 32]>(), 0..5),
            time: i64,
            truth: bool,
        ) -> Vec<Cell> {
            vec![
                block.into(),
                money.map_or(Cell::Null, Cell::Money),
                Cell::Text(text),
                account.map_or(Cell::Null, Cell::Bytes),
                Cell::Accounts(accounts),
                Cell::Time(time),
                truth.into(),
            ]
        }
    }

    proptest! {
        #[test]
        fn rows_are_read_as_they_were_written(rows in proptest::collection::vec(any_row(), 0..5), cut in 0_usize..64) {
            let mut written = Rows::default();
            for row in &rows {
                let mut writer = written.row();
                for (column, cell) in COLUMNS.iter().zip(row) {
                    writer.cell(column, cell).unwrap();
                }
            }
            let mut reader = RowReader::new(&written.bytes);
            for row in &rows {
                prop_assert_eq!(&reader.row(&COLUMNS).unwrap().0, row);
            }
            prop_assert!(reader.row(&COLUMNS).is_none() && reader.rest().is_empty());
            // Half a row is no row, and nothing is lost of it.
            let half = &written.bytes[..written.bytes.len().saturating_sub(cut + 1)];
            let mut reader = RowReader::new(half);
            let mut read = 0;
            while let Some((_, bytes)) = reader.row(&COLUMNS) {
                read += bytes.len();
            }
            prop_assert_eq!(read + reader.rest().len(), half.len());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut reader = RowReader::new(&bytes);
            while reader.row(&COLUMNS).is_some() {}
        }
    }

    #[test]
    fn a_row_takes_only_what_its_columns_hold() {
        let mut rows = Rows::default();
        let column = Column::new("vehicle", Kind::U32);
        assert!(rows.row().cell(&column, &Cell::Null).is_err());
        assert!(rows.row().cell(&column, &Cell::Number(1 << 32)).is_err());
    }
}
