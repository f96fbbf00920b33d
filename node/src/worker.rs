//! Assigns the settlement worker in this node to a company, or to nobody.
//!
//! The worker itself is a part of the runtime (`smartlink_runtime::worker`). It learns for whom it works from the
//! storage of off-chain workers, which is written anew at each start: what the command line says is what
//! holds.

use codec::Encode;
use sc_client_api::Backend;
use sc_offchain::STORAGE_PREFIX;
use sc_service::{Configuration, Error as ServiceError};
use smartlink_primitives::CompanyId;
use smartlink_runtime::worker::{Assignment, ASSIGNMENT, MAX_URL};
use sp_core::offchain::OffchainStorage;
use std::net::IpAddr;

/// For whom the node carries ride batches.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Settlement worker")]
pub struct WorkerArgs {
    /// Carry the closed ride batches of this company from its orders service to the chain.
    ///
    /// The node needs a key for it whose account the company has given the SETTLEMENT role:
    /// `smartlink-node key insert --key-type slwk --scheme sr25519` with the --base-path and --chain of this
    /// node, which asks for the secret. The worker pays no fees. One node a company is enough; a second one
    /// does no harm.
    #[arg(long, value_name = "ID", requires = "worker_url")]
    pub worker_company: Option<u32>,

    /// Where the company's orders service gives its closed batches, such as http://127.0.0.1:9100.
    ///
    /// It must be on this machine, because nothing on the way protects what it says: see --worker-url-remote.
    #[arg(long, value_name = "URL", requires = "worker_company")]
    pub worker_url: Option<String>,

    /// Allow an orders service on another machine, and https.
    ///
    /// Whoever can answer in its place can have the worker sign rides that nobody drove: use it with
    /// https, or in a network where only the company's own machines are.
    #[arg(long, requires = "worker_url")]
    pub worker_url_remote: bool,
}

/// Why an address cannot be the orders service's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Another protocol.
    #[error(
        "--worker-url '{0}' does not begin with http://: write it as http://127.0.0.1:PORT; https:// is \
         allowed with --worker-url-remote"
    )]
    Scheme(String),
    /// More than an address, or none.
    #[error(
        "--worker-url '{0}' is not just a host and a port: write it as http://127.0.0.1:PORT, without \
         user, path or query"
    )]
    Shape(String),
    /// Not on this machine.
    #[error(
        "--worker-url '{0}' is not on this machine: run the orders service here, or pass \
         --worker-url-remote when only the company's own machines can answer there"
    )]
    Remote(String),
    /// Too long for the worker.
    #[error("--worker-url has {0} bytes, and may have {MAX_URL}: use a shorter name")]
    Long(usize),
}

impl WorkerArgs {
    /// What the command line says; clap lets company and address come only together.
    pub fn assignment(&self) -> Result<Option<Assignment>, UrlError> {
        let (Some(company), Some(url)) = (self.worker_company, &self.worker_url) else {
            return Ok(None);
        };
        let url = service_address(url, self.worker_url_remote)?;
        Ok(Some(Assignment { company: CompanyId(company), url: url.into() }))
    }
}

/// The address without a slash at its end, when it may be the orders service's.
fn service_address(url: &str, remote: bool) -> Result<&str, UrlError> {
    let shape = || UrlError::Shape(url.to_owned());
    let authority = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(authority), _) => authority,
        (_, Some(authority)) if remote => authority,
        _ => return Err(UrlError::Scheme(url.to_owned())),
    };
    let host = host(authority.strip_suffix('/').unwrap_or(authority)).ok_or_else(shape)?;
    let address = url.strip_suffix('/').unwrap_or(url);
    if address.len() > MAX_URL {
        return Err(UrlError::Long(address.len()));
    }
    if !remote && !is_here(host) {
        return Err(UrlError::Remote(url.to_owned()));
    }
    Ok(address)
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (name(host)?, Some(port)),
            None => (name(authority)?, None),
        },
    };
    // A sign would parse as well.
    let is_port = |port: &str| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    port.is_none_or(is_port).then_some(host)
}

/// A name of the DNS or an address of IPv4.
fn name(host: &str) -> Option<&str> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_';
    (!host.is_empty() && host.bytes().all(allowed)).then_some(host)
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Refuses an assignment on a node where no worker would ever run.
pub fn check(config: &Configuration, assignment: Option<&Assignment>) -> Result<(), ServiceError> {
    if assignment.is_none() || config.offchain_worker.enabled {
        return Ok(());
    }
    Err(ServiceError::Other(
        "--worker-company is given, but this node runs no off-chain workers: add --offchain-worker \
         always, or run it as a validator without --offchain-worker never"
            .into(),
    ))
}

/// Writes for whom the worker works, before it runs for the first time.
pub fn assign<B>(backend: &B, assignment: Option<Assignment>) -> Result<(), ServiceError>
where
    B: Backend<smartlink_runtime::opaque::Block>,
{
    let Some(mut storage) = backend.offchain_storage() else {
        return Err(ServiceError::Other(
            "the database keeps nothing for off-chain workers: choose --database rocksdb or paritydb"
                .into(),
        ));
    };
    match assignment {
        Some(assignment) => storage.set(STORAGE_PREFIX, ASSIGNMENT, &assignment.encode()),
        None => storage.remove(STORAGE_PREFIX, ASSIGNMENT),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_on_this_machine_is_taken_as_it_is() {
        for url in [
            "http://127.0.0.1:9100",
            "http://127.3.2.1",
            "http://localhost:1",
            "http://[::1]:65535",
            "http://[::1]",
        ] {
            assert_eq!(service_address(url, false), Ok(url));
        }
        assert_eq!(service_address("http://127.0.0.1:9100/", false), Ok("http://127.0.0.1:9100"));
    }

    #[test]
    fn an_address_elsewhere_must_be_asked_for() {
        for url in ["http://10.0.0.7:9100", "http://orders.example", "http://[2001:db8::1]:80"] {
            assert_eq!(service_address(url, false), Err(UrlError::Remote(url.into())));
            assert_eq!(service_address(url, true), Ok(url));
        }
        // A name that only looks like this machine.
        let url = "http://127.0.0.1.example";
        assert_eq!(service_address(url, false), Err(UrlError::Remote(url.into())));
        assert!(matches!(service_address("https://localhost", false), Err(UrlError::Scheme(_))));
        assert_eq!(service_address("https://orders.example", true), Ok("https://orders.example"));
    }

    #[test]
    fn what_is_more_or_less_than_host_and_port_is_refused() {
        for url in [
            "http://",
            "http://:9100",
            "http://127.0.0.1:",
            "http://127.0.0.1:0",
            "http://127.0.0.1:+80",
            "http://127.0.0.1:65536",
            "http://127.0.0.1:80:80",
            "http://127.0.0.1:80/orders",
            "http://127.0.0.1:80//",
            "http://127.0.0.1@evil.example",
            "http://127.0.0.1#evil",
            "http://127.0.0.1\\@evil.example",
            "http://[::1",
            "http://[::1]80",
            "http://[localhost]",
            "http://local host",
        ] {
            assert_eq!(service_address(url, true), Err(UrlError::Shape(url.into())), "{url}");
        }
        for url in ["", "127.0.0.1:9100", "ftp://localhost", "HTTP://localhost"] {
            assert!(matches!(service_address(url, true), Err(UrlError::Scheme(_))), "{url}");
        }
        let long = format!("http://{}", "a".repeat(MAX_URL));
        assert_eq!(service_address(&long, true), Err(UrlError::Long(MAX_URL + 7)));
    }

    #[test]
    fn company_and_address_come_together() {
        use clap::Parser;
        #[derive(clap::Parser)]
        struct Line {
            #[clap(flatten)]
            worker: WorkerArgs,
        }
        let parse = |arguments: &[&str]| {
            Line::try_parse_from(["node"].iter().chain(arguments)).map(|line| line.worker)
        };
        assert_eq!(parse(&[]).unwrap().assignment(), Ok(None));
        assert!(parse(&["--worker-company", "1"]).is_err());
        assert!(parse(&["--worker-url", "http://localhost:1"]).is_err());
        let both = ["--worker-company", "7", "--worker-url", "http://localhost:1/"];
        let assignment = parse(&both).unwrap().assignment().unwrap().unwrap();
        assert_eq!(assignment.company, CompanyId(7));
        assert_eq!(assignment.url, b"http://localhost:1");
    }
}
