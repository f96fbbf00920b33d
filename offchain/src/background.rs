//! Work that keeps a processor busy, beside the threads that wait for the network: signals and
//! subscriptions are heard while it lasts.

use crate::Error;

/// Computes on a thread of its own.
///
/// # Errors
/// Those of the work; or it panicked.
pub(crate) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::Thread)?
}
