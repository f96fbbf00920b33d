//! How the state is written down: integers of variable length, so that a vehicle which is doing nothing takes little.

use std::collections::VecDeque;

use smartlink_records::{Position, Quantity, Reading};

/// Bytes that are no state, and how far they could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged(pub usize);

/// What a state is read from.
pub(crate) struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(crate) fn damaged(&self) -> Damaged {
        Damaged(self.at)
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        let byte = *self.bytes.get(self.at).ok_or(Damaged(self.at))?;
        self.at += 1;
        Ok(byte)
    }

    /// A count of things that take at least a byte each: nothing is allocated for what cannot be there.
    fn count(&mut self) -> Result<usize, Damaged> {
        let count = u64::take(self)?;
        usize::try_from(count).ok().filter(|count| *count <= self.left()).ok_or(self.damaged())
    }
}

/// What can be written down and read again.
pub(crate) trait Durable: Sized {
    fn put(&self, bytes: &mut Vec<u8>);
    fn take(input: &mut Input<'_>) -> Result<Self, Damaged>;
}

/// Writes the fields of a struct one after the other.
macro_rules! durable {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::analysis::durable::Durable for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                $($crate::analysis::durable::Durable::put(&self.$field, bytes);)*
            }
            fn take(
                input: &mut $crate::analysis::durable::Input<'_>,
            ) -> Result<Self, $crate::analysis::durable::Damaged> {
                Ok(Self { $($field: $crate::analysis::durable::Durable::take(input)?),* })
            }
        }
    };
}
pub(crate) use durable;

/// Writes an enum without fields as its place in `ALL`.
macro_rules! durable_choice {
    ($type:ident) => {
        impl $crate::analysis::durable::Durable for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                // No enum here has 256 variants.
                bytes.push($type::ALL.iter().position(|one| one == self).unwrap_or(0) as u8);
            }
            fn take(
                input: &mut $crate::analysis::durable::Input<'_>,
            ) -> Result<Self, $crate::analysis::durable::Damaged> {
                let place: u8 = $crate::analysis::durable::Durable::take(input)?;
                $type::ALL.get(usize::from(place)).copied().ok_or(input.damaged())
            }
        }
    };
}
pub(crate) use durable_choice;

impl Durable for u64 {
    fn put(&self, bytes: &mut Vec<u8>) {
        let mut left = *self;
        while left >= 0x80 {
            bytes.push((left as u8) | 0x80);
            left >>= 7;
        }
        bytes.push(left as u8);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = input.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                break;
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(input.damaged())
    }
}

macro_rules! durable_integers {
    ($($small:ty),*) => {$(
        impl Durable for $small {
            fn put(&self, bytes: &mut Vec<u8>) {
                u64::from(*self).put(bytes);
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
                let value = u64::take(input)?;
                value.try_into().map_err(|_| input.damaged())
            }
        }
    )*};
}
durable_integers!(u16, u32);

impl Durable for u8 {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(*self);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        input.byte()
    }
}

impl Durable for i64 {
    fn put(&self, bytes: &mut Vec<u8>) {
        // Zigzag: small ones of either sign are short.
        (self.cast_unsigned() << 1 ^ (self >> 63).cast_unsigned()).put(bytes);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        let value = u64::take(input)?;
        Ok((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }
}

macro_rules! durable_signed {
    ($($small:ty),*) => {$(
        impl Durable for $small {
            fn put(&self, bytes: &mut Vec<u8>) {
                i64::from(*self).put(bytes);
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
                let value = i64::take(input)?;
                value.try_into().map_err(|_| input.damaged())
            }
        }
    )*};
}
durable_signed!(i16, i32);

impl Durable for bool {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        match input.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(input.damaged()),
        }
    }
}

impl<T: Durable> Durable for Option<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.is_some().put(bytes);
        if let Some(inner) = self {
            inner.put(bytes);
        }
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        Ok(if bool::take(input)? { Some(T::take(input)?) } else { None })
    }
}

impl<T: Durable> Durable for Box<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.as_ref().put(bytes);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        T::take(input).map(Self::new)
    }
}

impl<T: Durable> Durable for Vec<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        (self.len() as u64).put(bytes);
        self.iter().for_each(|one| one.put(bytes));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        let count = input.count()?;
        (0..count).map(|_| T::take(input)).collect()
    }
}

impl<T: Durable> Durable for VecDeque<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        (self.len() as u64).put(bytes);
        self.iter().for_each(|one| one.put(bytes));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        Vec::take(input).map(Self::from)
    }
}

impl<T: Durable> Durable for Box<[T]> {
    fn put(&self, bytes: &mut Vec<u8>) {
        (self.len() as u64).put(bytes);
        self.iter().for_each(|one| one.put(bytes));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        Vec::take(input).map(Vec::into_boxed_slice)
    }
}

impl<T: Durable + Copy + Default, const N: usize> Durable for [T; N] {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|one| one.put(bytes));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        let mut all = [T::default(); N];
        for one in &mut all {
            *one = T::take(input)?;
        }
        Ok(all)
    }
}

impl<A: Durable, B: Durable> Durable for (A, B) {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.0.put(bytes);
        self.1.put(bytes);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        Ok((A::take(input)?, B::take(input)?))
    }
}

impl Durable for String {
    fn put(&self, bytes: &mut Vec<u8>) {
        (self.len() as u64).put(bytes);
        bytes.extend_from_slice(self.as_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        Self::from_utf8(Vec::take(input)?).map_err(|_| input.damaged())
    }
}

durable!(Position { latitude, longitude, altitude, speed, heading });
durable!(Reading { quantity, instance, value });

impl Durable for Quantity {
    fn put(&self, bytes: &mut Vec<u8>) {
        (*self as u16).put(bytes);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Damaged> {
        Self::from_number(u16::take(input)?).ok_or(input.damaged())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn again<T: Durable>(value: &T) -> T {
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        let mut input = Input::new(&bytes);
        let value = T::take(&mut input).unwrap();
        assert_eq!(input.left(), 0);
        value
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            big in any::<u64>(), signed in any::<i64>(), list in any::<Vec<u16>>(),
            maybe in any::<Option<i32>>(), text in ".*",
        ) {
            prop_assert_eq!(again(&big), big);
            prop_assert_eq!(again(&signed), signed);
            prop_assert_eq!(again(&list), list);
            prop_assert_eq!(again(&maybe), maybe);
            prop_assert_eq!(again(&text), text);
        }
    }

    #[test]
    fn a_list_that_cannot_be_there_is_refused_before_it_is_made() {
        let mut bytes = Vec::new();
        u64::MAX.put(&mut bytes);
        assert!(Vec::<u64>::take(&mut Input::new(&bytes)).is_err());
    }
}
