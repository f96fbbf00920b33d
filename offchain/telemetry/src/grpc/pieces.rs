//! Tracks and files as streams of messages. Nothing is read ahead, and whoever drops one stops its query.

use super::{answer, status, Answers};
use crate::{
    error::QueryError,
    export::{Fix, Pieces},
};
use futures::{stream, Stream, StreamExt};
use smartlink_proto::telemetry as proto;
use tokio::sync::OwnedSemaphorePermit;

/// Fixes of one message, at most.
const FIXES: usize = 500;
/// Bytes of one message, at most.
const PIECE: usize = 64 << 10;

/// A stream that has a place until it ends or is dropped.
pub(super) fn held<T: Send + 'static>(
    stream: Answers<T>,
    place: OwnedSemaphorePermit,
) -> Answers<T> {
    stream
        .map(move |message| {
            let _held = &place;
            message
        })
        .boxed()
}

/// Fixes in groups of those that are there.
pub(super) fn fixes(
    fixes: impl Stream<Item = Result<Fix, QueryError>> + Send + 'static,
) -> Answers<proto::Fixes> {
    let groups = fixes.ready_chunks(FIXES).flat_map(|group| {
        let (mut fixes, mut broken) = (Vec::with_capacity(group.len()), None);
        for fix in group {
            match fix {
                Ok(fix) => fixes.push(answer::fix(&fix)),
                // It is the last.
                Err(error) => broken = Some(Err(status::of_query(error))),
            }
        }
        let some = (!fixes.is_empty()).then_some(Ok(proto::Fixes { fixes }));
        stream::iter(some.into_iter().chain(broken))
    });
    groups.boxed()
}

/// A file in pieces that a message can hold. What breaks off ends with a status: nobody takes it for whole.
pub(super) fn file(pieces: Pieces) -> Answers<proto::Piece> {
    let messages = pieces.flat_map(|piece| {
        let messages: Vec<_> = match piece {
            Ok(piece) => piece
                .chunks(PIECE)
                .map(|part| Ok(proto::Piece { content: part.to_vec() }))
                .collect(),
            Err(error) => vec![Err(status::of_query(error))],
        };
        stream::iter(messages)
    });
    messages.boxed()
}
