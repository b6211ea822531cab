//! Processes that the lab starts for a scenario.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Has the command run in a session of its own: it has no terminal to read from or to be stopped by (tty_ioctl(4)), a
/// signal to its process group reaches whatever it starts, and Ctrl-C reaches the lab alone. Where the system can
/// (PR_SET_PDEATHSIG, prctl(2)) it is killed when the thread that started it ends, and so when the lab is killed: that
/// thread has to wait for it.
pub fn live_apart(command: &mut Command) {
    let lab = rustix::process::getpid();
    // SAFETY: between fork and exec only system calls are made that are safe to make there; nothing is allocated.
    unsafe {
        command.pre_exec(move || {
            rustix::process::setsid()?;
            dies_with(lab)
        });
    }
}

#[cfg(all(target_os = "linux", not(lab_portable)))]
fn dies_with(lab: rustix::process::Pid) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    // It may be dead by now; then no signal comes.
    if rustix::process::getppid() == Some(lab) {
        Ok(())
    } else {
        Err(io::ErrorKind::NotConnected.into())
    }
}

#[cfg(not(all(target_os = "linux", not(lab_portable))))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn dies_with(_lab: rustix::process::Pid) -> io::Result<()> {
    Ok(())
}
