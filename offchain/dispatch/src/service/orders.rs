//! The orders service in the dispatcher's words: what it is asked for.

use futures::{
    future::BoxFuture,
    stream::{BoxStream, StreamExt},
    FutureExt,
};
use smartlink_proto::orders::{
    orders_client::OrdersClient, Change, FollowRequest, OfferRequest, Order,
};
use tonic::{
    codegen::{Body, Bytes, StdError},
    Status,
};

/// The orders service, wherever it runs.
pub trait OrdersService: Send + Sync + 'static {
    /// A snapshot of all that is open, then every change.
    fn changes(&self) -> BoxFuture<'_, Result<BoxStream<'static, Result<Change, Status>>, Status>>;
    /// Offers an order to a driver.
    fn make_offer(&self, request: OfferRequest) -> BoxFuture<'_, Result<Order, Status>>;
}

impl<T> OrdersService for OrdersClient<T>
where
    T: tonic::client::GrpcService<tonic::body::Body> + Clone + Send + Sync + 'static,
    T::Future: Send,
    T::Error: Into<StdError>,
    T::ResponseBody: Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as Body>::Error: Into<StdError> + Send,
{
    fn changes(&self) -> BoxFuture<'_, Result<BoxStream<'static, Result<Change, Status>>, Status>> {
        let mut client = self.clone();
        async move { Ok(client.follow(FollowRequest::default()).await?.into_inner().boxed()) }
            .boxed()
    }

    fn make_offer(&self, request: OfferRequest) -> BoxFuture<'_, Result<Order, Status>> {
        let mut client = self.clone();
        async move { Ok(client.offer(request).await?.into_inner()) }.boxed()
    }
}
