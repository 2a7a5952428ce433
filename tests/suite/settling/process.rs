//! A process that writes and dies.

use tokio::runtime::{Builder, Runtime};

/// Work on a runtime of its own, which can be ended at any point as a crash ends a process: nothing
/// of it runs on. Its clients are to be opened within it.
pub(super) struct Process {
    runtime: Option<Runtime>,
}

impl Process {
    /// Starts the work.
    pub(super) fn start(work: impl Future<Output = ()> + Send + 'static) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(work);
        Process {
            runtime: Some(runtime),
        }
    }

    /// It dies.
    pub(super) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
