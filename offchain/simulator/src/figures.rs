//! What is counted of requests: how many, how long, which errors.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hdrhistogram::Histogram;

use crate::client::Failure;

/// Names of errors that are told apart. What comes beyond is counted as `other`: names come from outside.
const MOST_NAMES: usize = 200;
/// The longest time that is told from longer ones.
const LONGEST_US: u64 = 120_000_000;

/// Locks what no panic can leave half done: a poisoned lock is used on.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Times in microseconds, exact to a thousandth.
#[derive(Clone, Debug)]
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        // The constructor refuses bounds below 1 and 2, and more than five digits.
        Self(
            Histogram::new_with_bounds(1, LONGEST_US, 3)
                .expect("1 to 120,000,000 with 3 digits is valid"),
        )
    }
}

impl Times {
    /// Adds one. Longer than two minutes counts as two minutes.
    pub fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(LONGEST_US);
        self.0.saturating_record(micros.clamp(1, LONGEST_US));
    }

    /// Adds all of another.
    pub fn add_all(&mut self, other: &Self) {
        // Both have the same bounds, the only thing that can stand against it.
        let _ = self.0.add(&other.0);
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Milliseconds below which a share (0 to 1) of them lies. 0 when there are none.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1000.0
    }

    /// The longest, in milliseconds. 0 when there are none.
    pub fn max_ms(&self) -> f64 {
        self.0.max() as f64 / 1000.0
    }

    /// The mean, in milliseconds. 0 when there are none.
    pub fn mean_ms(&self) -> f64 {
        self.0.mean() / 1000.0
    }
}

/// What is known of one method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Method {
    pub times: Times,
    pub refused: u64,
    pub failed: u64,
}

/// What is known of all requests.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    methods: Mutex<BTreeMap<&'static str, Method>>,
    errors: Mutex<BTreeMap<String, u64>>,
}

impl Meter {
    /// Counts an answer, or that there was none.
    pub(crate) fn add(&self, method: &'static str, time: Duration, failure: Option<&Failure>) {
        let mut methods = lock(&self.methods);
        let known = methods.entry(method).or_default();
        known.times.add(time);
        match failure {
            None => {}
            Some(Failure::Refused(_)) => known.refused += 1,
            Some(_) => known.failed += 1,
        }
        drop(methods);
        if let Some(failure) = failure {
            count_name(&mut lock(&self.errors), failure.name());
        }
    }

    /// Everything by method.
    pub(crate) fn methods(&self) -> BTreeMap<&'static str, Method> {
        lock(&self.methods).clone()
    }

    /// Errors by name.
    pub(crate) fn errors(&self) -> BTreeMap<String, u64> {
        lock(&self.errors).clone()
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> u64 {
        lock(&self.methods).values().map(|method| method.times.count()).sum()
    }
}

/// Counts a name, or that there were too many to tell it apart.
pub(crate) fn count_name(names: &mut BTreeMap<String, u64>, name: &str) {
    if let Some(count) = names.get_mut(name) {
        *count += 1;
    } else {
        let name = if names.len() < MOST_NAMES { name } else { "other" };
        *names.entry(name.to_owned()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_what_was_added() {
        let mut times = Times::default();
        (1..=1_000).for_each(|ms| times.add(Duration::from_millis(ms)));
        assert!((989.0..=991.0).contains(&times.quantile_ms(0.99)), "{}", times.quantile_ms(0.99));
        assert!((999.0..=1_001.0).contains(&times.max_ms()));
        assert_eq!(Times::default().quantile_ms(0.99), 0.0);
    }

    #[test]
    fn names_from_outside_do_not_fill_the_memory() {
        let mut names = BTreeMap::new();
        (0..1_000).for_each(|number| count_name(&mut names, &format!("error {number}")));
        assert_eq!((names.len(), names["other"]), (MOST_NAMES + 1, 800));
    }
}
