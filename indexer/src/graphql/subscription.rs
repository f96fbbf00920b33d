//! Subscriptions: what comes with each block, from any block on, so that nothing is missed between two connections.

use std::{collections::VecDeque, sync::Arc};

use async_graphql::dynamic::{
    FieldValue, InputValue, ResolverContext, Subscription, SubscriptionField,
    SubscriptionFieldFuture, TypeRef,
};
use futures::stream;
use tokio::sync::watch;

use super::{
    answer::AskError,
    copy::find::Wanted,
    filter::Filter,
    input::filter_name,
    literal::sql,
    live,
    load::At,
    meta,
    object::Node,
    read::{Reader, Row, RowsRead},
    shape::{Life, Shape, Shapes},
    tip::Tip,
};
use crate::infra::store::schema;

/// Rows that are read at once.
const STEP: usize = 500;

/// All subscriptions.
pub fn subscription(shapes: &Shapes) -> Subscription {
    let meta = SubscriptionField::new("_meta", TypeRef::named_nn("_Meta_"), |ctx| {
        SubscriptionFieldFuture::new(async move {
            let reader = ctx.data::<Reader>()?.clone();
            Ok(stream::try_unfold(
                (reader.watch(), reader, true),
                |(mut tip, reader, first)| async move {
                    if !first && tip.changed().await.is_err() {
                        return Ok(None);
                    }
                    let now = *tip.borrow_and_update();
                    let value = meta::meta(&reader, &now, now.last).await?;
                    Ok(Some((FieldValue::value(value), (tip, reader, false))))
                },
            ))
        })
    });
    let all = Subscription::new("Subscription")
        .field(meta.description("How far the index is: now, and each time that it goes on."))
        .field(live::subscription());
    shapes.all().iter().fold(all, |all, shape| all.field(field(shape)))
}

fn field(shape: &Arc<Shape>) -> SubscriptionField {
    let of = shape.clone();
    let field =
        SubscriptionField::new(&shape.many, TypeRef::named_nn(&shape.type_name), move |ctx| {
            let shape = of.clone();
            SubscriptionFieldFuture::new(async move {
                let following = Following::begin(&ctx, shape)?;
                Ok(stream::try_unfold(following, |mut following| async move {
                    let next = following.next().await?;
                    Ok(next.map(|node| (node.value(), following)))
                }))
            })
        });
    let what = match shape.life {
        Life::Changing => format!("Every version of {} as it comes to be", shape.many),
        _ => format!("{} as they become final", shape.type_name),
    };
    let from = InputValue::new("fromBlock", TypeRef::named(TypeRef::INT)).description(
        "The first block of which they are given, also of the past: after a reconnect, the block of the last one that was \
         seen, so that nothing is missed. Without it, those from now on.",
    );
    field
        .description(format!("{what}, in order, each once."))
        .argument(InputValue::new("where", TypeRef::named(filter_name(shape))))
        .argument(from)
}

/// Rows block after block.
struct Following {
    reader: Reader,
    shape: Arc<Shape>,
    filter: Filter,
    tip: watch::Receiver<Tip>,
    /// The next block.
    next: u32,
    /// The last row that was read, where there are more behind it.
    behind: Option<Arc<Row>>,
    rows: VecDeque<Arc<Row>>,
}

impl Following {
    fn begin(ctx: &ResolverContext<'_>, shape: Arc<Shape>) -> async_graphql::Result<Self> {
        let reader = ctx.data::<Reader>()?.clone();
        let filter = Filter::read(&shape, ctx.args.get("where").map(|value| value.as_value()));
        let filter = filter.map_err(AskError::Wrong)?;
        let tip = reader.watch();
        let now = reader.tip();
        let next = match ctx.args.get("fromBlock").filter(|value| !value.is_null()) {
            None => now.last.map_or(now.first, |last| last.saturating_add(1)),
            Some(from) => {
                let from = from.u64().ok().and_then(|from| u32::try_from(from).ok());
                let wrong = || AskError::Wrong("fromBlock: a height belongs here".to_owned());
                from.ok_or_else(wrong)?.max(now.first)
            }
        };
        Ok(Self { reader, shape, filter, tip, next, behind: None, rows: VecDeque::new() })
    }

    /// The next row; nothing when the index is closed.
    async fn next(&mut self) -> Result<Option<Node>, AskError> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Ok(Some(Node { shape: self.shape.clone(), row, at: At::Now }));
            }
            let last = self.tip.borrow_and_update().last;
            match last.filter(|last| *last >= self.next) {
                Some(last) => self.read(last).await?,
                None if self.tip.changed().await.is_err() => return Ok(None),
                None => {}
            }
        }
    }

    async fn read(&mut self, last: u32) -> Result<(), AskError> {
        let rows = match self.copied(last)? {
            Some(rows) => rows.into(),
            None => self.asked(last).await?,
        };
        match rows.last() {
            Some(end) if rows.len() == STEP => self.behind = Some(end.clone()),
            _ => {
                self.next = last.saturating_add(1);
                self.behind = None;
            }
        }
        self.rows.extend(rows.iter().cloned());
        Ok(())
    }

    /// Rows of the copy. `None`: it does not have them in this order, or more is asked of them.
    fn copied(&self, last: u32) -> Result<Option<Vec<Arc<Row>>>, AskError> {
        let (shape, filter) = (&*self.shape, &self.filter);
        if shape.life == Life::Changing || filter.more {
            return Ok(None);
        }
        let after = self
            .behind
            .as_ref()
            .map(|row| shape.key.iter().map(|place| row.cells[*place].clone()).collect::<Vec<_>>());
        let blocks = (filter.blocks.0.max(self.next), filter.blocks.1.min(last));
        let wanted =
            Wanted { after: after.as_deref(), first: STEP, ..Wanted::of(&filter.equal, blocks) };
        let rows = self.reader.copy().list(shape, &wanted);
        rows.map_err(|error| AskError::of(error, self.reader.config().query_ms))
    }

    async fn asked(&self, last: u32) -> Result<RowsRead, AskError> {
        let shape = &self.shape;
        let block = schema::quoted(shape.columns[shape.block].name);
        let mut conditions = self.filter.sql.clone();
        conditions.push(format!("{block} >= {} AND {block} <= {last}", self.next));
        // Of an entity the order is that of its versions; a version may have several.
        let order = match shape.life {
            Life::Plain => shape.key.clone(),
            _ => vec![1, 0],
        };
        let names: Vec<_> =
            order.iter().map(|place| schema::quoted(shape.columns[*place].name)).collect();
        let names = names.join(", ");
        if let Some(row) = &self.behind {
            let cells: Vec<_> = order.iter().map(|place| sql(&row.cells[*place])).collect();
            conditions.push(format!("({names}) > ({})", cells.join(", ")));
        }
        let conditions = conditions.join(" AND ");
        let from = format!("{} WHERE {conditions} ORDER BY {names} LIMIT {STEP}", shape.table);
        self.reader.rows(shape, &from).await
    }
}
