//! Somebody who works for a company, and uses its API with a wallet.

use std::{path::Path, sync::Arc, time::Duration};

use serde_json::Value;

use crate::{
    client::{Account, Address, Client, Credentials, Failure, Manners},
    figures::Meter,
    prng::SplitMix,
    witness::Witness,
    Error,
};

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a question is repeated that the service cannot take.
const GIVE_UP: Duration = Duration::from_secs(60);

/// Somebody who works for a company.
pub struct Person {
    name: String,
    account: Account,
}

impl Person {
    /// The person with this secret, at the API at `http://host:port`. She logs in when she first asks.
    ///
    /// # Errors
    /// The address is none, or the secret gives no key.
    pub fn new(url: &str, secret: &str, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let client = Client::new(Address::parse(url)?, 1, ANSWER, Arc::new(Meter::default()));
        let credentials = Credentials::wallet(secret, || name.clone())?;
        let manners = Manners { sends_twice: 0, loses_connection: 0, give_up: GIVE_UP };
        let dice = SplitMix::new(0);
        let witness = Arc::new(Witness::default());
        let account = Account::new(client, credentials, name.clone(), dice, manners, witness);
        Ok(Self { name, account })
    }

    /// Asks the API something, again while it cannot answer.
    ///
    /// # Errors
    /// The API says no, or does not answer within a minute.
    pub async fn ask(&mut self, method: &'static str, params: Value) -> Result<Value, Error> {
        let asked = self.account.ask(method, &params).await;
        asked.map_err(|failure| self.refused(method, &failure))
    }

    /// Downloads `path` of the API into a file, a piece at a time, and says how many bytes it has.
    ///
    /// # Errors
    /// The API says no, the download broke off, or the file cannot be written.
    pub async fn download(&mut self, path: &str, file: &Path) -> Result<u64, Error> {
        let token = self.account.token().await;
        let token = token.map_err(|failure| self.refused("GET", &failure))?;
        let downloaded = self.account.client().download(path, &token, file).await;
        downloaded.map_err(|failure| self.refused("GET", &failure))
    }

    fn refused(&self, what: &'static str, failure: &Failure) -> Error {
        Error::Refused { who: self.name.clone(), what, reason: failure.to_string() }
    }
}
