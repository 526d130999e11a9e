//! The time that passes while a machine sleeps as well: what a lease is measured by.

use std::time::Duration;

/// The time since some moment in the past, the time of a suspended machine included.
pub fn now() -> Duration {
    #[cfg(target_os = "linux")]
    let id = rustix::time::ClockId::Boottime;
    #[cfg(all(unix, not(target_os = "linux")))]
    let id = rustix::time::ClockId::Monotonic;
    #[cfg(unix)]
    {
        let now = rustix::time::clock_gettime(id);
        let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or_default())
    }
    #[cfg(not(unix))]
    {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
    }
}
