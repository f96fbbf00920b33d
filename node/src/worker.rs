//! Assigns the workers in this node to a company, or to nobody.
//!
//! The workers themselves are parts of the runtime (`smartlink_runtime::worker`). Each learns for whom it works from
//! the storage of off-chain workers, which is written anew at each start: what the command line says is what
//! holds.

use clap::ArgGroup;
use codec::Encode;
use sc_client_api::Backend;
use sc_offchain::STORAGE_PREFIX;
use sc_service::{Configuration, Error as ServiceError};
use smartlink_primitives::CompanyId;
use smartlink_runtime::worker::{Assignment, MAX_URL, RIDES, TELEMETRY};
use sp_core::offchain::OffchainStorage;
use std::net::IpAddr;

/// For whom the node carries ride batches and telemetry's anchors.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(
    next_help_heading = "Workers",
    group = ArgGroup::new("worker_services")
        .args(["worker_url", "worker_telemetry_url"])
        .multiple(true),
)]
pub struct WorkerArgs {
    /// Carry what this company's services have ready to the chain: closed ride batches of its orders service,
    /// and roots of its telemetry service.
    ///
    /// The node needs a key for it whose account the company has given the role, SETTLEMENT for rides and
    /// TELEMETRY for roots: `smartlink-node key insert --key-type slwk --scheme sr25519` with the --base-path and
    /// --chain of this node, which asks for the secret. The workers pay no fees. One node a company is
    /// enough; a second one does no harm.
    #[arg(long, value_name = "ID", requires = "worker_services")]
    pub worker_company: Option<u32>,

    /// Where the company's orders service gives its closed batches, such as http://127.0.0.1:9100.
    ///
    /// It must be on this machine, because nothing on the way protects what it says: see --worker-url-remote.
    #[arg(long, value_name = "URL", requires = "worker_company")]
    pub worker_url: Option<String>,

    /// Where the company's telemetry service gives the roots of its records, such as http://127.0.0.1:9101.
    ///
    /// It must be on this machine, because nothing on the way protects what it says: see --worker-url-remote.
    #[arg(long, value_name = "URL", requires = "worker_company")]
    pub worker_telemetry_url: Option<String>,

    /// Allow services on another machine, and https.
    ///
    /// Whoever can answer in their place can have the worker sign rides that nobody drove, or roots over
    /// records that no vehicle sent: use it with https, or in a network where only the company's own
    /// machines are.
    #[arg(long, requires = "worker_services")]
    pub worker_url_remote: bool,
}

/// For whom each worker of the node works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignments {
    /// Who carries ride batches.
    pub rides: Option<Assignment>,
    /// Who carries the anchors of telemetry.
    pub telemetry: Option<Assignment>,
}

impl Assignments {
    /// Whether any worker has work.
    fn any(&self) -> bool {
        self.rides.is_some() || self.telemetry.is_some()
    }
}

/// Why the address in a flag cannot be a service's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Another protocol.
    #[error(
        "{flag} '{url}' does not begin with http://: write it as http://127.0.0.1:PORT; https:// is \
         allowed with --worker-url-remote"
    )]
    Scheme { flag: &'static str, url: String },
    /// More than an address, or none.
    #[error(
        "{flag} '{url}' is not just a host and a port: write it as http://127.0.0.1:PORT, without \
         user, path or query"
    )]
    Shape { flag: &'static str, url: String },
    /// Not on this machine.
    #[error(
        "{flag} '{url}' is not on this machine: run the service here, or pass --worker-url-remote \
         when only the company's own machines can answer there"
    )]
    Remote { flag: &'static str, url: String },
    /// Too long for the worker.
    #[error("{flag} has {bytes} bytes, and may have {MAX_URL}: use a shorter name")]
    Long { flag: &'static str, bytes: usize },
}

impl WorkerArgs {
    /// What the command line says; clap lets company and addresses come only together.
    pub fn assignments(&self) -> Result<Assignments, UrlError> {
        Ok(Assignments {
            rides: self.assignment("--worker-url", self.worker_url.as_deref())?,
            telemetry: self
                .assignment("--worker-telemetry-url", self.worker_telemetry_url.as_deref())?,
        })
    }

    fn assignment(
        &self,
        flag: &'static str,
        url: Option<&str>,
    ) -> Result<Option<Assignment>, UrlError> {
        let (Some(company), Some(url)) = (self.worker_company, url) else { return Ok(None) };
        let url = service_address(flag, url, self.worker_url_remote)?;
        Ok(Some(Assignment { company: CompanyId(company), url: url.into() }))
    }
}

/// The address without a slash at its end, when it may be a service's.
fn service_address<'a>(
    flag: &'static str,
    url: &'a str,
    remote: bool,
) -> Result<&'a str, UrlError> {
    let shape = || UrlError::Shape { flag, url: url.to_owned() };
    let authority = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(authority), _) => authority,
        (_, Some(authority)) if remote => authority,
        _ => return Err(UrlError::Scheme { flag, url: url.to_owned() }),
    };
    let host = host(authority.strip_suffix('/').unwrap_or(authority)).ok_or_else(shape)?;
    let address = url.strip_suffix('/').unwrap_or(url);
    if address.len() > MAX_URL {
        return Err(UrlError::Long { flag, bytes: address.len() });
    }
    if !remote && !is_here(host) {
        return Err(UrlError::Remote { flag, url: url.to_owned() });
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

/// Refuses assignments on a node where no worker would ever run.
pub fn check(config: &Configuration, assignments: &Assignments) -> Result<(), ServiceError> {
    if !assignments.any() || config.offchain_worker.enabled {
        return Ok(());
    }
    Err(ServiceError::Other(
        "--worker-company is given, but this node runs no off-chain workers: add --offchain-worker \
         always, or run it as a validator without --offchain-worker never"
            .into(),
    ))
}

/// Writes for whom the workers work, before they run for the first time.
pub fn assign<B>(backend: &B, assignments: &Assignments) -> Result<(), ServiceError>
where
    B: Backend<smartlink_runtime::opaque::Block>,
{
    let Some(mut storage) = backend.offchain_storage() else {
        return Err(ServiceError::Other(
            "the database keeps nothing for off-chain workers: choose --database rocksdb or paritydb"
                .into(),
        ));
    };
    for (key, assignment) in [(RIDES, &assignments.rides), (TELEMETRY, &assignments.telemetry)] {
        match assignment {
            Some(assignment) => storage.set(STORAGE_PREFIX, key, &assignment.encode()),
            None => storage.remove(STORAGE_PREFIX, key),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAG: &str = "--worker-url";

    fn service_address(url: &str, remote: bool) -> Result<&str, UrlError> {
        super::service_address(FLAG, url, remote)
    }

    fn elsewhere(url: &str) -> UrlError {
        UrlError::Remote { flag: FLAG, url: url.into() }
    }

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
            assert_eq!(service_address(url, false), Err(elsewhere(url)));
            assert_eq!(service_address(url, true), Ok(url));
        }
        // A name that only looks like this machine.
        let url = "http://127.0.0.1.example";
        assert_eq!(service_address(url, false), Err(elsewhere(url)));
        assert!(matches!(
            service_address("https://localhost", false),
            Err(UrlError::Scheme { .. })
        ));
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
            assert_eq!(
                service_address(url, true),
                Err(UrlError::Shape { flag: FLAG, url: url.into() }),
                "{url}"
            );
        }
        for url in ["", "127.0.0.1:9100", "ftp://localhost", "HTTP://localhost"] {
            assert!(matches!(service_address(url, true), Err(UrlError::Scheme { .. })), "{url}");
        }
        let long = format!("http://{}", "a".repeat(MAX_URL));
        assert_eq!(
            service_address(&long, true),
            Err(UrlError::Long { flag: FLAG, bytes: MAX_URL + 7 })
        );
    }

    #[test]
    fn company_and_addresses_come_together() {
        use clap::Parser;
        #[derive(clap::Parser)]
        struct Line {
            #[clap(flatten)]
            worker: WorkerArgs,
        }
        let parse = |arguments: &[&str]| {
            Line::try_parse_from(["node"].iter().chain(arguments)).map(|line| line.worker)
        };
        assert_eq!(parse(&[]).unwrap().assignments(), Ok(Assignments::default()));
        assert!(parse(&["--worker-company", "1"]).is_err());
        assert!(parse(&["--worker-url", "http://localhost:1"]).is_err());
        assert!(parse(&["--worker-telemetry-url", "http://localhost:2"]).is_err());
        assert!(parse(&["--worker-url-remote"]).is_err());
        let assigned = |url: &[u8]| Some(Assignment { company: CompanyId(7), url: url.to_vec() });
        let rides = ["--worker-company", "7", "--worker-url", "http://localhost:1/"];
        let telemetry = ["--worker-company", "7", "--worker-telemetry-url", "http://localhost:2"];
        let both = [&rides[..], &telemetry[2..]].concat();
        for (line, on_rides, on_telemetry) in
            [(&rides[..], true, false), (&telemetry[..], false, true), (&both[..], true, true)]
        {
            let assignments = parse(line).unwrap().assignments().unwrap();
            let rides = assigned(b"http://localhost:1").filter(|_| on_rides);
            let telemetry = assigned(b"http://localhost:2").filter(|_| on_telemetry);
            assert_eq!(assignments, Assignments { rides, telemetry });
        }
        let wrong = ["--worker-company", "7", "--worker-telemetry-url", "http://10.0.0.7:1"];
        let refused = parse(&wrong).unwrap().assignments().unwrap_err().to_string();
        assert!(
            refused.starts_with("--worker-telemetry-url 'http://10.0.0.7:1' is not on"),
            "{refused}"
        );
    }
}
