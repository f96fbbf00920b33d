//! The field `proof`: a bundle that proves what is shown, made by the node that is configured and verified before it is given
//! out. `docs/proofs.md` says what it is worth, and `smartlink-indexer verify` checks it.

use async_graphql::{
    dynamic::{Field, FieldFuture, InputValue, ResolverContext, TypeRef},
    Value,
};
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId, VehicleId};

use super::{
    answer::AskError,
    literal::cell,
    object::{node, Node},
    shape::Shape,
};
use crate::{
    domain::{Cell, Kind},
    proving::Prover,
};

/// The argument that wants a proof on Ethereum.
const ON_ETHEREUM: &str = "onEthereum";

/// What of a shape can be proven, as a field of it.
pub fn field(shape: &Shape) -> Option<Field> {
    let about = match shape.table {
        "vehicles" => "Proves the vehicle as it is since its last change.",
        "anchors" => "Proves the anchor.",
        "batches" => "Proves what a ride of the batch paid to whom.",
        "rides" => "Proves what the ride paid to whom.",
        _ => return None,
    };
    let field = Field::new("proof", TypeRef::named(TypeRef::STRING), |ctx| {
        FieldFuture::new(async move { Ok(Some(Value::String(prove(&ctx).await?))) })
    });
    let field = field.description(format!(
        "{about} The text of a bundle, to be kept as it is: `smartlink-indexer verify` checks it without a network."
    ));
    let on_ethereum = InputValue::new(ON_ETHEREUM, TypeRef::named_nn(TypeRef::BOOLEAN));
    let on_ethereum = on_ethereum.default_value(false).description(
        "Whether it has to be by a root that the contract on Ethereum has, and to say where that is. Otherwise it is so where it \
         can be.",
    );
    let field = field.argument(on_ethereum);
    Some(match shape.table {
        "batches" => field.argument(
            InputValue::new("order", TypeRef::named_nn("BigInt")).description("The ride's order."),
        ),
        _ => field,
    })
}

async fn prove(ctx: &ResolverContext<'_>) -> async_graphql::Result<String> {
    let (node, prover) = (node(ctx)?, ctx.data::<Prover>()?);
    let prover = match ctx.args.try_get(ON_ETHEREUM)?.boolean()? {
        true => &prover.on_ethereum(),
        false => prover,
    };
    let bundle = match node.shape.table {
        "vehicles" => prover.vehicle(VehicleId(number(node, "vehicle")?)).await,
        "anchors" => {
            let company = CompanyId(number(node, "company")?);
            prover.anchor(company, AnchorNumber(number(node, "number")?)).await
        }
        "rides" => {
            let company = CompanyId(number(node, "company")?);
            prover.receipt(company, BatchNumber(batch(node)?), number(node, "order")?).await
        }
        _ => {
            let order = ctx.args.try_get("order")?;
            let order = match cell(Kind::U64, order.as_value()) {
                Ok(Cell::Number(order)) => order,
                Ok(_) => 0,
                Err(why) => return Err(AskError::Wrong(format!("order: {why}")).into()),
            };
            let company = CompanyId(number(node, "company")?);
            prover.receipt(company, BatchNumber(number(node, "number")?), order).await
        }
    };
    Ok(bundle.map_err(|why| AskError::Proof(why.to_string()))?.to_text())
}

/// What a row has in a column of integers.
fn number<T: TryFrom<u64>>(node: &Node, column: &str) -> Result<T, AskError> {
    let number = match node.cell(column) {
        Cell::Number(number) => T::try_from(*number).ok(),
        _ => None,
    };
    number.ok_or_else(|| unknown(column))
}

/// The number of a ride's batch, whose id is company-number.
fn batch(node: &Node) -> Result<u64, AskError> {
    let number = match node.cell("batch") {
        Cell::Text(id) => id.split_once('-').and_then(|(_, number)| number.parse().ok()),
        _ => None,
    };
    number.ok_or_else(|| unknown("batch"))
}

fn unknown(column: &str) -> AskError {
    AskError::Proof(format!("its {column} is not known, so it cannot be proven"))
}
