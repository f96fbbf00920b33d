//! How one is made when it is its turn.

use std::{fs, sync::Arc, time::Duration};

use axum::http::StatusCode;
use tokio::runtime::Handle;

use super::{
    folder::{delete, unusable},
    item::{Failure, Item, State},
    refusal::status_of,
    Exports, Figures, Inner,
};
use crate::{
    error::Error,
    export::{making::Plan, target::Target, Manifest, Progress},
};

impl Exports {
    /// Makes one when it is its turn.
    pub(super) async fn make(self, item: Arc<Item>, plan: Plan) {
        let place = item.dropped.run_until_cancelled(self.0.making.acquire()).await;
        let made = match place {
            // What nobody asks about any more is not begun.
            Some(Ok(_place)) if self.begin(&item) => {
                // Hashing and writing would hold up those who wait for answers.
                let (own, item, runtime) = (self.clone(), item.clone(), Handle::current());
                let working = move || runtime.block_on(own.make_in_time(&item, plan));
                let worked = tokio::task::spawn_blocking(working).await;
                worked.unwrap_or_else(|error| Err(broke_off(error.to_string())))
            }
            _ if self.0.stop.is_cancelled() => Err(stopped()),
            _ => return,
        };
        let figures = &self.0.figures;
        match made {
            Ok(manifest) => {
                let Manifest { rows, bytes, .. } = manifest;
                tracing::info!(id = item.id, rows, bytes, "an export was made");
                Figures::add(&figures.made, 1);
                item.set(State::Ready(Box::new(manifest)));
            }
            Err(failure) => {
                tracing::warn!(id = item.id, why = failure.why, "an export could not be made");
                Figures::add(&figures.failed, 1);
                delete(&item.folder);
                item.set(State::Failed(failure));
            }
        }
        self.publish(&self.items());
    }

    /// Whether it is still wanted: from here on it is being made.
    fn begin(&self, item: &Item) -> bool {
        let items = self.items();
        let wanted = !item.dropped.is_cancelled();
        if wanted {
            item.set(State::Making(Progress { rows: None, all: 0, bytes: 0 }));
            self.publish(&items);
        }
        wanted
    }

    async fn make_in_time(&self, item: &Item, plan: Plan) -> Result<Manifest, Failure> {
        let seconds = self.0.config.longest_s;
        let making =
            tokio::time::timeout(Duration::from_secs(seconds.into()), self.write(item, plan));
        match self.0.stop.run_until_cancelled(making).await {
            None => Err(stopped()),
            Some(Ok(made)) => made,
            Some(Err(_)) => Err(Failure {
                status: StatusCode::GATEWAY_TIMEOUT,
                why: format!(
                    "it takes longer than {seconds} s (exports.longest_s), so ask for fewer rows or columns"
                ),
            }),
        }
    }

    async fn write(&self, item: &Item, plan: Plan) -> Result<Manifest, Failure> {
        let Inner { index, store, pace, config, key, .. } = &*self.0;
        let path = item.path();
        let begun = fs::create_dir(&item.folder)
            .map_err(|error| unusable(&item.folder, &error))
            .and_then(|()| Target::begin(&path, item.planned.format, false));
        let target = begun.map_err(|error| broke_off(error.to_string()))?;
        let mut full = None;
        let tell = |progress| {
            item.set(State::Making(progress));
            let disk = self.has_disk();
            let mut items = self.items();
            let room = self.has_bytes(&mut items, config.most_bytes.saturating_add(1));
            self.publish(&items);
            disk.and(room).map_err(|refusal| Error::Asked(full.insert(refusal).to_string()))
        };
        let made = plan.make(index, (store, *pace), target, key.as_ref(), tell).await;
        made.map_err(|error| {
            let status = match (&full, &error) {
                (Some(_), _) => StatusCode::INSUFFICIENT_STORAGE,
                // What was asked for was in order, or else it would not have been begun.
                (None, Error::Asked(_)) => StatusCode::INTERNAL_SERVER_ERROR,
                (None, error) => status_of(error),
            };
            Failure { status, why: error.to_string() }
        })
    }
}

fn stopped() -> Failure {
    let why = "the server ends, so ask it when it is there again".to_owned();
    Failure { status: StatusCode::SERVICE_UNAVAILABLE, why }
}

fn broke_off(why: String) -> Failure {
    Failure { status: StatusCode::INTERNAL_SERVER_ERROR, why }
}
