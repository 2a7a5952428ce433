use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::Error;

/// How long one host of `MONGODB_URI` may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes sure that one host of a connection string takes connections.
///
/// `mongodb+srv` names hosts that only DNS knows, and sockets in the file system are the
/// driver's business: those are left unchecked.
pub(crate) fn check_reachable(uri: &str) -> Result<(), Error> {
    if uri.starts_with("mongodb+srv://") {
        return Ok(());
    }
    let hosts = hosts(uri)?;
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for host in hosts.split(',') {
        if host.contains("%2F") || host.contains("%2f") {
            return Ok(());
        }
        match connect(host) {
            Ok(()) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(Error::UriUnreachable {
        hosts: hosts.to_owned(),
        source: last,
    })
}

/// The hosts of a connection string, without user and password.
fn hosts(uri: &str) -> Result<&str, Error> {
    let rest = uri.strip_prefix("mongodb://").ok_or(Error::InvalidUri {
        problem: "it does not begin with `mongodb://`",
    })?;
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let hosts = authority
        .rsplit_once('@')
        .map_or(authority, |(_, hosts)| hosts);
    if hosts.is_empty() {
        return Err(Error::InvalidUri {
            problem: "it names no host",
        });
    }
    Ok(hosts)
}

fn connect(host: &str) -> io::Result<()> {
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port {
        host.to_owned()
    } else {
        format!("{host}:27017")
    };
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_leave_out_credentials_and_options() {
        let uri = "mongodb://ann:p%40ss@one:27017,two:27018/db?replicaSet=rs0";
        assert_eq!(hosts(uri).unwrap(), "one:27017,two:27018");
        assert_eq!(hosts("mongodb://[::1]:5?x=a@b").unwrap(), "[::1]:5");
    }

    #[test]
    fn a_uri_without_scheme_or_host_is_refused() {
        assert!(matches!(
            hosts("localhost:27017"),
            Err(Error::InvalidUri { .. })
        ));
        assert!(matches!(
            hosts("mongodb:///db"),
            Err(Error::InvalidUri { .. })
        ));
    }

    #[test]
    fn an_unreachable_host_is_named_without_the_password() {
        let error = check_reachable("mongodb://ann:secret@127.0.0.1:1/").unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains("MONGODB_URI names 127.0.0.1:1"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
