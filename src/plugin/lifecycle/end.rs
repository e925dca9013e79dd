//! When the process ends, and what it waits for before.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::{
    select,
    sync::mpsc::UnboundedReceiver,
    time::{sleep, timeout},
};

use super::handle::{Lifecycle, StartedBy};
use crate::plugin::signals::Signal;

/// How long the process waits for others.
#[derive(Debug, Clone)]
pub(in crate::plugin) struct Limits {
    /// Core's first request. Core itself waits one minute for a plugin to start.
    pub(in crate::plugin) first_request: Duration,
    /// Handlers that run when the process was told to end, or was left alone.
    pub(in crate::plugin) settling: Duration,
    /// After SIGTERM: core's next request, once no handler runs.
    pub(in crate::plugin) silence: Duration,
    /// A connection that has not proved yet who it is.
    pub(in crate::plugin) tls_handshake: Duration,
    /// The last answers, on their way out.
    pub(in crate::plugin) flushing: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(120),
            settling: Duration::from_secs(300),
            silence: Duration::from_secs(30),
            tls_handshake: Duration::from_secs(10),
            flushing: Duration::from_millis(100),
        }
    }
}

/// Why the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum End {
    /// Core called `Shutdown`.
    Shutdown,
    /// Core closed its connection without a word, or never came.
    CoreGone,
    /// A signal asked for it.
    Signal,
}

impl Lifecycle {
    /// Waits until the process has to end, and for what must be settled before.
    pub(in crate::plugin) async fn end(
        &self,
        mut signals: UnboundedReceiver<Signal>,
        limits: &Limits,
    ) -> End {
        let end = select! {
            biased;
            () = self.0.shutdown.cancelled() => End::Shutdown,
            end = async {
                match self.0.started_by {
                    StartedBy::Core => self.end_for_core(&mut signals, limits).await,
                    StartedBy::Person => self.end_for_person(&mut signals, limits).await,
                }
            } => end,
        };
        self.stop_for_good();
        end
    }

    async fn end_for_core(&self, signals: &mut UnboundedReceiver<Signal>, limits: &Limits) -> End {
        let end = select! {
            () = self.deserted(limits) => End::CoreGone,
            () = terminated(signals) => End::Signal,
        };
        self.stop_for_good();
        match end {
            // Core hears of the signal too, stops, and still wants the answers of what it began.
            End::Signal if self.0.connections.borrow().any => select! {
                () = self.deserted(limits) => self.settled(limits).await,
                () = self.silent(limits) => {}
            },
            _ => self.settled(limits).await,
        }
        end
    }

    /// A person is at the terminal: the first signal settles, the second does not wait for it.
    async fn end_for_person(
        &self,
        signals: &mut UnboundedReceiver<Signal>,
        limits: &Limits,
    ) -> End {
        signals.recv().await;
        self.stop_for_good();
        select! {
            () = self.settled(limits) => {}
            _ = signals.recv() => {}
        }
        End::Signal
    }

    /// Waits until core has closed its connection, or has not come in time.
    async fn deserted(&self, limits: &Limits) {
        let mut connections = self.0.connections.subscribe();
        let came = connections.wait_for(|connections| connections.any);
        if timeout(limits.first_request, came).await.is_ok() {
            // The sender lives in `self`, so there is no other end to this.
            let _ = connections.wait_for(|connections| connections.open == 0).await;
        }
    }

    async fn settled(&self, limits: &Limits) {
        if timeout(limits.settling, self.0.handlers.wait()).await.is_err() {
            let handlers = self.0.handlers.len();
            log::warn!(handlers; "gave up waiting for handlers to settle");
        }
    }

    /// Waits until no handler runs and core has asked nothing for a while.
    async fn silent(&self, limits: &Limits) {
        loop {
            self.settled(limits).await;
            let started = self.0.started.load(Ordering::Relaxed);
            sleep(limits.silence).await;
            if started == self.0.started.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

/// Ctrl-C reaches core and every plugin at once; core alone decides what it means.
async fn terminated(signals: &mut UnboundedReceiver<Signal>) {
    loop {
        match signals.recv().await {
            Some(Signal::Terminate) => return,
            Some(Signal::Interrupt) => {}
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        sync::{mpsc, oneshot},
        task::JoinHandle,
    };

    use super::*;

    fn limits() -> Limits {
        Limits {
            first_request: Duration::from_secs(10),
            settling: Duration::from_secs(10),
            silence: Duration::from_millis(50),
            ..Limits::default()
        }
    }

    /// The lifecycle, its end when it comes, and the way to send it signals.
    fn started(
        by: StartedBy,
        limits: Limits,
    ) -> (Lifecycle, JoinHandle<End>, mpsc::UnboundedSender<Signal>) {
        let lifecycle = Lifecycle::new(by);
        let (signal, signals) = mpsc::unbounded_channel();
        let end = tokio::spawn({
            let lifecycle = lifecycle.clone();
            async move { lifecycle.end(signals, &limits).await }
        });
        (lifecycle, end, signal)
    }

    /// A handler that runs until the answer is used.
    fn busy(lifecycle: &Lifecycle) -> oneshot::Sender<()> {
        let (finish, finished) = oneshot::channel();
        lifecycle.spawn(finished);
        finish
    }

    async fn soon() {
        sleep(Duration::from_millis(20)).await;
    }

    #[tokio::test]
    async fn shutdown_waits_for_no_handler() {
        let (lifecycle, end, _signal) = started(StartedBy::Core, limits());
        let _core = lifecycle.connected();
        let _running = busy(&lifecycle);
        lifecycle.shut_down();
        assert_eq!(end.await.unwrap(), End::Shutdown);
        assert!(lifecycle.is_stopping());
    }

    #[tokio::test]
    async fn an_interrupt_of_core_is_ignored() {
        let (lifecycle, end, signal) = started(StartedBy::Core, limits());
        let _core = lifecycle.connected();
        signal.send(Signal::Interrupt).unwrap();
        soon().await;
        assert!(!end.is_finished() && !lifecycle.is_stopping());
    }

    #[tokio::test]
    async fn a_core_that_goes_is_followed_once_handlers_have_settled() {
        let (lifecycle, end, _signal) = started(StartedBy::Core, limits());
        let (core, running) = (lifecycle.connected(), busy(&lifecycle));
        drop(core);
        soon().await;
        assert!(lifecycle.is_stopping() && !end.is_finished());
        running.send(()).unwrap();
        assert_eq!(end.await.unwrap(), End::CoreGone);
    }

    #[tokio::test]
    async fn a_core_that_never_comes_is_not_waited_for() {
        let limits = Limits { first_request: Duration::from_millis(1), ..limits() };
        let (_lifecycle, end, _signal) = started(StartedBy::Core, limits);
        assert_eq!(end.await.unwrap(), End::CoreGone);
    }

    #[tokio::test]
    async fn termination_waits_for_handlers_and_then_for_core_to_go() {
        let (lifecycle, end, signal) =
            started(StartedBy::Core, Limits { silence: Duration::from_secs(10), ..limits() });
        let (core, running) = (lifecycle.connected(), busy(&lifecycle));
        signal.send(Signal::Terminate).unwrap();
        soon().await;
        assert!(lifecycle.is_stopping() && !end.is_finished());
        running.send(()).unwrap();
        soon().await;
        assert!(!end.is_finished(), "core may still ask for more");
        drop(core);
        assert_eq!(end.await.unwrap(), End::Signal);
    }

    #[tokio::test]
    async fn termination_does_not_wait_for_a_core_that_is_silent() {
        let (lifecycle, end, signal) = started(StartedBy::Core, limits());
        let _core = lifecycle.connected();
        let running = busy(&lifecycle);
        signal.send(Signal::Terminate).unwrap();
        sleep(limits().silence * 3).await;
        assert!(!end.is_finished(), "a handler runs");
        running.send(()).unwrap();
        assert_eq!(end.await.unwrap(), End::Signal);
    }

    #[tokio::test]
    async fn stuck_handlers_are_waited_for_up_to_a_bound() {
        let bounded = Limits { settling: Duration::from_millis(20), ..limits() };
        let (lifecycle, end, signal) = started(StartedBy::Core, bounded);
        let _core = lifecycle.connected();
        let _stuck = busy(&lifecycle);
        signal.send(Signal::Terminate).unwrap();
        assert_eq!(end.await.unwrap(), End::Signal);
    }

    #[tokio::test]
    async fn termination_before_core_came_ends_at_once() {
        let (_lifecycle, end, signal) =
            started(StartedBy::Core, Limits { silence: Duration::from_secs(10), ..limits() });
        signal.send(Signal::Terminate).unwrap();
        assert_eq!(end.await.unwrap(), End::Signal);
    }

    #[tokio::test]
    async fn a_person_interrupts_twice_to_end_at_once() {
        let (lifecycle, end, signal) = started(StartedBy::Person, limits());
        let _stuck = busy(&lifecycle);
        signal.send(Signal::Interrupt).unwrap();
        soon().await;
        assert!(lifecycle.is_stopping() && !end.is_finished());
        signal.send(Signal::Interrupt).unwrap();
        assert_eq!(end.await.unwrap(), End::Signal);
    }

    #[tokio::test]
    async fn connections_come_and_go_while_a_person_debugs() {
        let (lifecycle, end, _signal) = started(StartedBy::Person, limits());
        let first = lifecycle.connected();
        let token = lifecycle.stop_token();
        drop(first);
        assert!(token.is_cancelled(), "nobody hears the answers any more");
        let _second = lifecycle.connected();
        assert!(!lifecycle.is_stopping(), "another run");
        soon().await;
        assert!(!end.is_finished());
    }
}
