//! What the listener has done, for metrics.

use crate::tally::Count;

/// Numbers since the service started.
#[derive(Debug, Default)]
pub struct HttpFigures {
    /// Requests that came.
    pub requests: Count,
    /// Reports that were taken.
    pub reports: Count,
    /// Requests that were answered 400 or 413: nothing that is documented, or too much.
    pub bad_requests: Count,
    /// Requests that were answered 401 or 403.
    pub not_admitted: Count,
    /// Requests that were answered 429.
    pub too_many: Count,
    /// Requests that were answered 503, because the records did not get to the disk in time.
    pub not_taken: Count,
    /// Connections that were closed because there were too many.
    pub crowded: Count,
    /// Connections that were closed because a request took too long.
    pub slow: Count,
}
