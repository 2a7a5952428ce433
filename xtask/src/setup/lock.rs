use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::setup::diagnosis;
use crate::{Error, report};

/// How often a waiting run looks whether the other one is done.
const POLL: Duration = Duration::from_millis(500);
/// How often it says that it still waits.
const REMIND: Duration = Duration::from_secs(10);

/// Makes this the only run that installs into a cache, waiting for another one. The lock goes
/// with the process, however that ends.
pub(crate) fn acquire(cache: &Path) -> Result<File, Error> {
    let path = cache.join("lock");
    let failed = |source| diagnosis::of_cache(&path, source);
    let lock = File::create(&path).map_err(failed)?;
    let started = Instant::now();
    let mut next = Duration::ZERO;
    loop {
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(lock),
            Err(Errno::WOULDBLOCK) => {}
            Err(error) => return Err(failed(error.into())),
        }
        if started.elapsed() >= next {
            let seconds = started.elapsed().as_secs();
            report::line(&format!(
                "waiting for another setup that is installing the server, {seconds} s"
            ));
            next += REMIND;
        }
        std::thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_waits_for_the_first() {
        let cache = tempfile::tempdir().unwrap();
        let first = acquire(cache.path()).unwrap();
        let path = cache.path().to_owned();
        let second = std::thread::spawn(move || acquire(&path).is_ok());
        std::thread::sleep(Duration::from_millis(100));
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().unwrap());
    }
}
