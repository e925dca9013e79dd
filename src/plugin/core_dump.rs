//! Keeps the memory of the process, which holds credentials, out of core dumps and out of the reach
//! of other processes of the same user.

/// Forbids core dumps for the rest of the process. What the system does not allow is left as it is.
pub fn forbid() {
    #[cfg(unix)]
    if let Err(err) = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0)
    {
        log::warn!("core dumps cannot be forbidden: {err}");
    }
    // A program that takes dumps through a pipe is not bound by the limit (core(5)); and a process
    // that is not dumpable cannot be attached to either (prctl(2), PR_SET_DUMPABLE).
    #[cfg(target_os = "linux")]
    if let Err(err) = nix::sys::prctl::set_dumpable(false) {
        log::warn!("the memory of the process cannot be closed to others: {err}");
    }
}
