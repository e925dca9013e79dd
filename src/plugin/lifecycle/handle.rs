//! The handle through which handlers, services and connections take part in the life of the process.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::{sync::watch, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::plugin::panics::{Panicked, caught};

/// Who started this process, and therefore who ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartedBy {
    /// One run of core. It connects once, and ends the process by `Shutdown`.
    Core,
    /// A person, for debugging. Many runs of core connect, and Ctrl-C ends the process.
    Person,
}

/// The one handle on stopping: handlers ask it, `StopProvider` and signals tell it. Clones share it.
#[derive(Debug, Clone)]
pub struct Lifecycle(pub(super) Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) started_by: StartedBy,
    stop: Mutex<Stop>,
    pub(super) handlers: TaskTracker,
    /// How many handlers were ever started.
    pub(super) started: AtomicU64,
    pub(super) connections: watch::Sender<Connections>,
    pub(super) shutdown: CancellationToken,
    closing: CancellationToken,
}

#[derive(Debug, Default)]
struct Stop {
    token: CancellationToken,
    /// The process itself ends, so no further run renews the token.
    for_good: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Connections {
    pub(super) open: usize,
    /// Whether there ever was one.
    pub(super) any: bool,
}

impl Lifecycle {
    pub fn new(started_by: StartedBy) -> Self {
        let handlers = TaskTracker::new();
        // Closed, it can be waited for each time it is empty; it goes on taking tasks.
        handlers.close();
        Self(Arc::new(Shared {
            started_by,
            stop: Mutex::default(),
            handlers,
            started: AtomicU64::new(0),
            connections: watch::Sender::default(),
            shutdown: CancellationToken::new(),
            closing: CancellationToken::new(),
        }))
    }

    /// Runs a handler to its end, even if the caller goes away, and turns its panic into an error.
    ///
    /// Every handler that may touch the world outside goes through here: what runs is waited for
    /// before the process ends.
    pub async fn run<F>(&self, handler: F) -> Result<F::Output, Panicked>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        // The task itself ends badly only if dropping the handler panics.
        self.spawn(handler).await.unwrap_or_else(|_| Err(Panicked::somewhere()))
    }

    /// As [`run`](Self::run), without waiting: for the producer of a streamed answer.
    pub fn spawn<F>(&self, handler: F) -> JoinHandle<Result<F::Output, Panicked>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.0.started.fetch_add(1, Ordering::Relaxed);
        self.0.handlers.spawn(caught(handler))
    }

    /// Asks every handler to settle what is in flight and to answer with the best known state. The
    /// process goes on serving.
    pub fn stop(&self) {
        self.stop_token().cancel();
    }

    /// Cancelled once the current run shall stop. A handler takes it when it begins: the next run has
    /// another one.
    pub fn stop_token(&self) -> CancellationToken {
        self.stopping().token.clone()
    }

    /// Whether the current run shall stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping().token.is_cancelled()
    }

    /// Begins a run of core; `ConfigureProvider` calls it before it takes the stop token.
    ///
    /// Only a process that a person started sees a second run, and there the stop of the run before
    /// is forgotten. A process of core stays stopped: its `StopProvider` may come before Configure.
    pub fn begin_run(&self) {
        let mut stop = self.stopping();
        if self.0.started_by == StartedBy::Person && !stop.for_good && stop.token.is_cancelled() {
            stop.token = CancellationToken::new();
        }
    }

    /// Ends the process as soon as the answers that are ready have left it.
    pub(in crate::plugin) fn shut_down(&self) {
        self.0.shutdown.cancel();
    }

    /// Cancelled when the server closes its connections; streams that never end by themselves end then.
    pub(in crate::plugin) fn closing(&self) -> &CancellationToken {
        &self.0.closing
    }

    /// Counts a connection of core for as long as the answer lives.
    pub(in crate::plugin) fn connected(&self) -> Connected {
        self.0.connections.send_modify(|connections| {
            if connections.open == 0 {
                self.begin_run();
            }
            connections.open += 1;
            connections.any = true;
        });
        Connected(self.clone())
    }

    pub(super) fn stop_for_good(&self) {
        self.stopping().for_good = true;
        self.stop();
    }

    fn stopping(&self) -> MutexGuard<'_, Stop> {
        // Nothing in here can be left half done.
        self.0.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Core's presence on one connection.
#[derive(Debug)]
pub(in crate::plugin) struct Connected(Lifecycle);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.0.connections.send_modify(|connections| {
            connections.open -= 1;
            // Nobody is left to hear the answers: what runs shall settle.
            if connections.open == 0 {
                self.0.stop();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{sync::oneshot, time::timeout};

    use super::*;

    #[test]
    fn only_a_person_sees_a_second_run() {
        for (by, renewed) in [(StartedBy::Core, false), (StartedBy::Person, true)] {
            let lifecycle = Lifecycle::new(by);
            let first = lifecycle.stop_token();
            lifecycle.stop();
            lifecycle.begin_run();
            assert!(first.is_cancelled());
            assert_eq!(!lifecycle.is_stopping(), renewed, "{by:?}");
            lifecycle.stop_for_good();
            lifecycle.begin_run();
            assert!(lifecycle.is_stopping(), "{by:?}: the process ends");
        }
    }

    #[tokio::test]
    async fn a_handler_outlives_its_caller() {
        let lifecycle = Lifecycle::new(StartedBy::Core);
        let (finish, finished) = oneshot::channel::<()>();
        let (done, mut is_done) = oneshot::channel();
        let call = lifecycle.run(async move {
            finished.await.unwrap();
            done.send(()).unwrap();
        });
        assert!(timeout(Duration::from_millis(5), call).await.is_err(), "the caller gives up");
        assert!(is_done.try_recv().is_err());
        finish.send(()).unwrap();
        is_done.await.unwrap();
    }
}
