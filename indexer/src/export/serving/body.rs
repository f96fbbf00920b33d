//! A file on its way to whoever downloads it, piece by piece.

use std::{io, sync::Arc, time::Duration};

use axum::body::{Body, Bytes};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
    sync::mpsc,
    time::Instant,
};

use super::{figures::Figures, item::Download};

/// Bytes that are read at a time.
const PIECE: u64 = 128 << 10;
/// Bytes for which a client has `stall` at most.
const MEASURE: u64 = 1 << 20;

/// So many bytes of a file from a place on. A client that takes no piece for as long as `stall`, or is slower than a mebibyte in
/// it on the whole, is given up: its connection breaks before the last byte, and it may go on from there with another.
pub(super) async fn body(
    mut file: File,
    (from, length): (u64, u64),
    stall: Duration,
    figures: Arc<Figures>,
    download: Download,
) -> io::Result<Body> {
    file.seek(io::SeekFrom::Start(from)).await?;
    let (give, take) = mpsc::channel::<io::Result<Bytes>>(1);
    tokio::spawn(async move {
        let _download = download;
        let begun = Instant::now();
        let mut sent = 0;
        while sent < length {
            let piece = read(&mut file, (length - sent).min(PIECE)).await;
            let broken = piece.is_err();
            let more = piece.as_ref().map_or(0, |piece| piece.len() as u64);
            let patience = patience(stall, sent).saturating_sub(begun.elapsed()).min(stall);
            let given = tokio::time::timeout(patience, give.send(piece)).await;
            if broken || !matches!(given, Ok(Ok(()))) {
                return;
            }
            sent += more;
            Figures::add(&figures.sent_bytes, more);
        }
    });
    let pieces = futures::stream::unfold(take, |mut take| async move {
        take.recv().await.map(|piece| (piece, take))
    });
    Ok(Body::from_stream(pieces))
}

/// How long a client may take for so many bytes, and for one more piece.
fn patience(stall: Duration, sent: u64) -> Duration {
    let ms = stall.as_millis().saturating_mul(u128::from(sent)) / u128::from(MEASURE);
    stall.saturating_add(Duration::from_millis(u64::try_from(ms).unwrap_or(u64::MAX)))
}

async fn read(file: &mut File, length: u64) -> io::Result<Bytes> {
    // No more than a piece.
    let mut piece = vec![0; usize::try_from(length).unwrap_or_default()];
    file.read_exact(&mut piece).await?;
    Ok(piece.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_with_what_was_taken() {
        let minute = Duration::from_secs(60);
        assert_eq!(patience(minute, 0), minute);
        assert_eq!(patience(minute, 1 << 20), 2 * minute);
        assert_eq!(patience(minute, 100 << 20), 101 * minute);
        assert!(patience(Duration::from_secs(3_600), u64::MAX) > minute);
    }
}
