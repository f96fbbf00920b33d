//! What values must be like.

use std::{fmt::Display, ops::RangeInclusive};

use super::Secret;

/// Tells whether a configuration makes sense as a whole. All that is wrong is told at once.
pub trait Validate {
    /// Adds what is wrong to `check`.
    fn validate(&self, check: &mut Check);
}

/// A value that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The key, from the top: `orders.batch_rows`.
    pub key: String,
    /// What it must be instead.
    pub remedy: String,
}

/// Collects what is wrong.
#[derive(Debug, Default)]
pub struct Check {
    prefix: String,
    wrong: Vec<Invalid>,
}

impl Check {
    /// Everything that is wrong with a configuration.
    pub fn all(config: &impl Validate) -> Vec<Invalid> {
        let mut check = Self::default();
        config.validate(&mut check);
        check.wrong
    }

    /// Unless it `holds`, `key` is wrong, and `remedy` says what it must be: "set it to ...".
    pub fn require(&mut self, holds: bool, key: &str, remedy: impl Into<String>) {
        if !holds {
            self.wrong
                .push(Invalid { key: format!("{}{key}", self.prefix), remedy: remedy.into() });
        }
    }

    /// The value of `key` lies within a range.
    pub fn range<N: PartialOrd + Display>(
        &mut self,
        key: &str,
        value: N,
        range: RangeInclusive<N>,
    ) {
        self.require(
            range.contains(&value),
            key,
            format!("set it to something from {} to {}", range.start(), range.end()),
        );
    }

    /// A secret that goes into a header: empty, or visible ASCII of at least 16 characters, so that nobody
    /// guesses it.
    pub fn token(&mut self, key: &str, token: &Secret<String>) {
        let token = token.expose();
        self.require(
            token.is_empty()
                || (token.len() >= 16 && token.bytes().all(|byte| byte.is_ascii_graphic())),
            key,
            "set it to 16 or more visible ASCII characters, or leave it empty",
        );
    }

    /// The part of a configuration below `key`.
    pub fn within(&mut self, key: &str, part: &impl Validate) {
        let length = self.prefix.len();
        self.prefix.push_str(key);
        self.prefix.push('.');
        part.validate(self);
        self.prefix.truncate(length);
    }
}
