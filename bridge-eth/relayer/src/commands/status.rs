//! `smartlink-bridge status`: both sides beside each other.

use smartlink_bridge::{
    chain::Node, config::BridgeConfig, ethereum::KeyError, status::Status, Error,
};

use crate::{key, Outcome};

pub async fn perform(config: &BridgeConfig) -> Result<Outcome, Error> {
    let key = match key(config).await {
        Ok(key) => Some(key),
        Err(Error::Key(KeyError::Missing)) => None,
        Err(error) => return Err(error),
    };
    print!("{}", Status::of(config, &Node::of(config), key.as_ref()).await?);
    Ok(Outcome::Done)
}
