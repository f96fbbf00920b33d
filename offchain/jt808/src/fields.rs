//! How the fields of a body are laid out: a message is a list of fields, each with its layout.
//!
//! [`body!`](crate::fields::body) makes a struct and both directions of its encoding from one list, so that the two
//! cannot say different things.

mod layout;
mod lists;

pub(crate) use layout::{Fixed, Optional, Prefixed, Rest, Since2019, UpTo};
pub(crate) use lists::{read_whole, List, ListRest, OptionalList, UplinkList};

use crate::{frame::Version, time::BcdTime};
use thiserror::Error;

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// It ends too early.
    #[error(
        "{field} needs {needed} bytes and {left} are left: the body is cut, or of another version"
    )]
    Short {
        /// The message and its field.
        field: &'static str,
        /// What it needs.
        needed: usize,
        /// What there is.
        left: usize,
    },
    /// Nobody can read it without the keys.
    #[error(
        "the body is encrypted (bits {0} of the properties): turn encryption off in the terminal"
    )]
    Encrypted(u8),
    /// A part of a message is no message.
    #[error("package {index} of {total} is a part of a message: put the parts together first")]
    Part {
        /// From 1.
        index: u16,
        /// How many.
        total: u16,
    },
}

/// Why a message cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The field cannot carry so much.
    #[error("{field} has {length} bytes or entries and room for {limit}: shorten it or send it in several messages")]
    TooLong {
        /// The message and its field.
        field: &'static str,
        /// What it has.
        length: usize,
        /// What fits.
        limit: usize,
    },
}

/// The bytes of a body that are not read yet.
#[derive(Clone)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(
        &mut self,
        count: usize,
        field: &'static str,
    ) -> Result<&'a [u8], DecodeError> {
        let short = DecodeError::Short { field, needed: count, left: self.0.len() };
        let (taken, rest) = self.0.split_at_checked(count).ok_or(short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(
        &mut self,
        field: &'static str,
    ) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, field)?);
        Ok(array)
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is on the wire in one way, whatever the message.
pub(crate) trait Field: Sized {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError>;
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError>;
    /// Any value that this version can carry.
    #[cfg(test)]
    fn any(entropy: &mut Entropy<'_>, version: Version) -> Self;
}

/// One of the ways in which values of a type are on the wire.
pub(crate) trait Layout<T> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<T, DecodeError>;
    fn write(
        &self,
        value: &T,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError>;
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> T;
}

/// The only way of its type.
pub(crate) struct Plain;

impl<T: Field> Layout<T> for Plain {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<T, DecodeError> {
        T::read(reader, version, field)
    }
    fn write(
        &self,
        value: &T,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        value.write(out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> T {
        T::any(entropy, version)
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Field for $type {
            fn read(reader: &mut Reader<'_>, _: Version, field: &'static str) -> Result<Self, DecodeError> {
                reader.array(field).map(Self::from_be_bytes)
            }
            fn write(&self, out: &mut Vec<u8>, _: Version, _: &'static str) -> Result<(), EncodeError> {
                out.extend_from_slice(&self.to_be_bytes());
                Ok(())
            }
            #[cfg(test)]
            fn any(entropy: &mut Entropy<'_>, _: Version) -> Self {
                Self::from_be_bytes(entropy.array())
            }
        }
    )*};
}
integers!(u8, u16, u32, i16, i32);

impl<const N: usize> Field for [u8; N] {
    fn read(reader: &mut Reader<'_>, _: Version, field: &'static str) -> Result<Self, DecodeError> {
        reader.array(field)
    }
    fn write(&self, out: &mut Vec<u8>, _: Version, _: &'static str) -> Result<(), EncodeError> {
        out.extend_from_slice(self);
        Ok(())
    }
    #[cfg(test)]
    fn any(entropy: &mut Entropy<'_>, _: Version) -> Self {
        entropy.array()
    }
}

impl Field for BcdTime {
    fn read(reader: &mut Reader<'_>, _: Version, field: &'static str) -> Result<Self, DecodeError> {
        reader.array(field).map(Self)
    }
    fn write(&self, out: &mut Vec<u8>, _: Version, _: &'static str) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
    #[cfg(test)]
    fn any(entropy: &mut Entropy<'_>, _: Version) -> Self {
        Self(entropy.array())
    }
}

/// Makes a struct of a body's fields, and how it is read and written. A field without a layout has the only one of
/// its type.
macro_rules! body {
    (@layout) => { $crate::fields::Plain };
    (@layout $layout:expr) => { $layout };
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty $(as $layout:expr)?,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl $crate::fields::Field for $name {
            fn read(
                reader: &mut $crate::fields::Reader<'_>,
                version: $crate::frame::Version,
                _: &'static str,
            ) -> Result<Self, $crate::fields::DecodeError> {
                use $crate::fields::Layout;
                Ok(Self {$(
                    $field: $crate::fields::body!(@layout $($layout)?)
                        .read(reader, version, concat!(stringify!($name), ".", stringify!($field)))?,
                )*})
            }
            fn write(
                &self,
                out: &mut Vec<u8>,
                version: $crate::frame::Version,
                _: &'static str,
            ) -> Result<(), $crate::fields::EncodeError> {
                use $crate::fields::Layout;
                $($crate::fields::body!(@layout $($layout)?)
                    .write(&self.$field, out, version, concat!(stringify!($name), ".", stringify!($field)))?;)*
                Ok(())
            }
            #[cfg(test)]
            fn any(entropy: &mut $crate::fields::Entropy<'_>, version: $crate::frame::Version) -> Self {
                use $crate::fields::Layout;
                Self {$($field: $crate::fields::body!(@layout $($layout)?).any(entropy, version),)*}
            }
        }
    };
}
pub(crate) use body;

/// Random bytes from which tests make any message.
#[cfg(test)]
pub(crate) struct Entropy<'a>(pub(crate) &'a [u8]);

#[cfg(test)]
impl Entropy<'_> {
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let count = N.min(self.0.len());
        array[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        array
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_be_bytes(self.array())) % limit
    }

    pub(crate) fn bytes(&mut self, limit: usize) -> Vec<u8> {
        let count = self.below(limit + 1).min(self.0.len());
        let (bytes, rest) = self.0.split_at(count);
        self.0 = rest;
        bytes.to_vec()
    }
}
