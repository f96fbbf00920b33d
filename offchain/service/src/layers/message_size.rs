//! How large a message of a request may be.

use std::{
    pin::Pin,
    task::{ready, Context, Poll},
};

use bytes::Bytes;
use http_body::Frame;
use tonic::{body::Body, Status};
use tower::{Layer, Service, ServiceExt};

use super::{Answer, Answering, Call, Callee};

/// The bytes before each message: whether it is compressed, and its length (gRPC over HTTP/2,
/// "Length-Prefixed-Message").
const PREFIX: usize = 5;

/// Refuses a message of a request that says it is longer than it may be, with RESOURCE_EXHAUSTED, before any
/// of it is kept.
#[derive(Clone, Copy, Debug)]
pub struct MessageSizeLayer {
    largest: u32,
}

impl MessageSizeLayer {
    /// At most `largest` bytes a message. What a generated server decodes ends at 4 MiB unless it is told
    /// otherwise by its `max_decoding_message_size`.
    pub fn new(largest: u32) -> Self {
        Self { largest }
    }
}

impl<S> Layer<S> for MessageSizeLayer {
    type Service = MessageSize<S>;

    fn layer(&self, inner: S) -> MessageSize<S> {
        MessageSize { inner, largest: self.largest }
    }
}

/// The service of [`MessageSizeLayer`].
#[derive(Clone, Debug)]
pub struct MessageSize<S> {
    inner: S,
    largest: u32,
}

impl<S: Callee> Service<Call> for MessageSize<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let measure = Measure::new(self.largest);
        let call = call.map(|body| Body::new(Measured { body, measure }));
        Box::pin(self.inner.clone().oneshot(call))
    }
}

struct Measured {
    body: Body,
    measure: Measure,
}

impl http_body::Body for Measured {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            if let Some(data) = frame.data_ref() {
                if let Err(length) = self.measure.pass(data) {
                    return Poll::Ready(Some(Err(Status::resource_exhausted(format!(
                        "a message of {length} bytes, where at most {} may be: send less at a time",
                        self.measure.largest
                    )))));
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

/// Follows the borders of messages through a stream of bytes that is cut anywhere.
struct Measure {
    largest: u32,
    prefix: [u8; PREFIX],
    /// How much of the prefix has come.
    have: usize,
    /// What is still to come of the message.
    left: u32,
}

impl Measure {
    fn new(largest: u32) -> Self {
        Self { largest, prefix: [0; PREFIX], have: 0, left: 0 }
    }

    /// Follows the next bytes; the length of the first message that is too long.
    fn pass(&mut self, mut data: &[u8]) -> Result<(), u32> {
        while !data.is_empty() {
            if self.left > 0 {
                // At most `left`, which is a u32.
                let taken = data.len().min(self.left as usize);
                self.left -= taken as u32;
                data = &data[taken..];
                continue;
            }
            self.prefix[self.have] = data[0];
            self.have += 1;
            data = &data[1..];
            if self.have == PREFIX {
                let [_, length @ ..] = self.prefix;
                self.have = 0;
                self.left = u32::from_be_bytes(length);
                if self.left > self.largest {
                    return Err(self.left);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn borders_are_found_however_the_bytes_are_cut(
            lengths in prop::collection::vec(0u32..200, 1..20),
            cuts in prop::collection::vec(1usize..60, 1..50),
            largest in 0u32..200,
        ) {
            let bytes: Vec<u8> = lengths
                .iter()
                .flat_map(|&length| {
                    let message = vec![7; length as usize];
                    [vec![0], length.to_be_bytes().to_vec(), message].concat()
                })
                .collect();
            let mut measure = Measure::new(largest);
            let mut rest = &bytes[..];
            let mut refused = None;
            let mut cuts = cuts.iter().cycle();
            while !rest.is_empty() && refused.is_none() {
                let cut = (*cuts.next().unwrap()).min(rest.len());
                refused = measure.pass(&rest[..cut]).err();
                rest = &rest[cut..];
            }
            prop_assert_eq!(refused, lengths.iter().copied().find(|&length| length > largest));
        }
    }
}
