//! Child processes that never outlive this one.
//!
//! A child runs in a process group of its own, so that it and all it started can be ended together;
//! signals sent to us are forwarded. Should we be killed without a chance to forward anything, the
//! kernel sends the child SIGTERM.

use std::{
    io,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitCode, ExitStatus, Stdio},
    sync::atomic::{AtomicI32, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};

/// Whom a signal goes to, in the notation of kill(2): 0 nobody, a process, or minus a group.
static TARGET: AtomicI32 = AtomicI32::new(0);
/// The last signal that arrived, or 0.
static CAUGHT: AtomicI32 = AtomicI32::new(0);

/// Who receives the signals sent to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signals {
    /// The child and everything it started: compilers and their like.
    Group,
    /// The child alone, which ends what it started in good order.
    Leader,
    /// The child stays in our own group, for programs that may ask for a password on the terminal.
    Shared,
}

/// From now on SIGINT, SIGTERM and SIGHUP go to the running child; without one they end us.
pub fn forward_signals() {
    extern "C" fn forward(signal: libc::c_int) {
        // Only what signal-safety(7) allows, and errno as it was.
        unsafe {
            let errno = *libc::__errno_location();
            CAUGHT.store(signal, Ordering::SeqCst);
            match TARGET.load(Ordering::SeqCst) {
                0 => libc::_exit(128 + signal),
                target => libc::kill(target, signal),
            };
            *libc::__errno_location() = errno;
        }
    }
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: the structure is plain data for which zeros are valid, and the handler above does
        // only what a handler may.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = forward as extern "C" fn(libc::c_int) as libc::sighandler_t;
            action.sa_flags = libc::SA_RESTART;
            libc::sigaction(signal, &action, std::ptr::null_mut());
        }
    }
}

/// The signal that arrived while a child was running, if any did.
pub fn caught() -> Option<i32> {
    Some(CAUGHT.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
}

/// The exit code as a shell sees it.
pub fn exit_code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// The exit code that passes on how a child ended: its own, or 128 and the signal that ended it.
pub fn passed_on(status: ExitStatus) -> ExitCode {
    exit_code(status.code().or(status.signal().map(|s| 128 + s)).unwrap_or(1))
}

/// A child that is running. At most one at a time; dropping it kills it.
pub struct Running {
    child: Child,
    name: String,
    signals: Signals,
    waited: bool,
}

/// Starts `command`. Call it from the main thread: the kernel ties the child's life to the thread.
pub fn start(command: &mut Command, signals: Signals) -> Result<Running> {
    let name = command.get_program().to_string_lossy().into_owned();
    if signals != Signals::Shared {
        // Outside the terminal's foreground group a read from it would stop the child for good.
        command.process_group(0).stdin(Stdio::null());
    }
    let parent = std::process::id().cast_signed();
    // SAFETY: prctl and getppid are async-signal-safe; nothing is allocated after the fork.
    unsafe {
        command.pre_exec(move || {
            if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM) != 0 {
                return Err(io::Error::last_os_error());
            }
            if libc::getppid() != parent {
                return Err(io::Error::from_raw_os_error(libc::ESRCH));
            }
            Ok(())
        });
    }
    let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let pid = child.id().cast_signed();
    TARGET.store(if signals == Signals::Group { -pid } else { pid }, Ordering::SeqCst);
    Ok(Running { child, name, signals, waited: false })
}

impl Running {
    /// The child's standard streams, where they were piped.
    pub fn streams(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits for the end of the child and of all it started.
    pub fn wait(mut self) -> Result<ExitStatus> {
        self.reap().with_context(|| format!("cannot wait for {}", self.name))
    }

    /// Like [`Running::wait`], but kills the child when `limit` has passed and returns `None`.
    pub fn wait_at_most(self, limit: Duration) -> Result<Option<ExitStatus>> {
        let end = Instant::now() + limit;
        while !self.has_ended().with_context(|| format!("cannot wait for {}", self.name))? {
            if Instant::now() >= end {
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(50));
        }
        self.wait().map(Some)
    }

    /// Whether the child has ended; its id stays taken until it is reaped.
    fn has_ended(&self) -> io::Result<bool> {
        self.peek(libc::WNOHANG)
    }

    fn peek(&self, flags: libc::c_int) -> io::Result<bool> {
        loop {
            // SAFETY: the structure is plain data for which zeros are valid.
            let (code, ended) = unsafe {
                let mut info: libc::siginfo_t = std::mem::zeroed();
                let flags = libc::WEXITED | libc::WNOWAIT | flags;
                let code = libc::waitid(libc::P_PID, self.child.id(), &mut info, flags);
                (code, info.si_pid() != 0)
            };
            if code == 0 {
                return Ok(ended);
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }

    /// Waits, ends what is left of the child's group while its id is still ours, and reaps it.
    fn reap(&mut self) -> io::Result<ExitStatus> {
        self.waited = true;
        self.peek(0)?;
        self.kill_group();
        TARGET.store(0, Ordering::SeqCst);
        self.child.wait()
    }

    fn kill_group(&self) {
        if self.signals != Signals::Shared {
            // SAFETY: plain system call; a group that is already gone is what we want.
            unsafe { libc::kill(-self.child.id().cast_signed(), libc::SIGKILL) };
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.waited {
            self.kill_group();
            self.child.kill().ok();
            self.reap().ok();
        }
    }
}

/// Runs `command` to its end with our own output; an end other than success is an error.
pub fn run(command: &mut Command, signals: Signals) -> Result<()> {
    let status = start(command, signals)?.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs a quick question such as `rustc --version`; its output, or `None` if it failed in any way.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            match word.contains([' ', '*', '\'']) {
                true => format!("{word:?}"),
                false => word.into_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_end_with_their_status_within_their_time_and_with_all_they_started() -> Result<()> {
        assert!(run(&mut Command::new("true"), Signals::Group).is_ok());
        assert!(run(&mut Command::new("false"), Signals::Leader).is_err());

        let slow = start(Command::new("sleep").arg("60"), Signals::Group)?;
        assert_eq!(slow.wait_at_most(Duration::from_millis(100))?, None);
        let quick = start(&mut Command::new("true"), Signals::Group)?;
        assert!(quick.wait_at_most(Duration::from_secs(10))?.is_some_and(|s| s.success()));

        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 61 & echo $!"]).stdout(Stdio::piped());
        let mut parent = start(&mut shell, Signals::Leader)?;
        let mut heir = String::new();
        let Some(output) = parent.streams().stdout.take() else { bail!("stdout is piped") };
        io::BufRead::read_line(&mut io::BufReader::new(output), &mut heir)?;
        parent.wait()?;
        let heir: libc::pid_t = heir.trim().parse()?;
        let end = Instant::now() + Duration::from_secs(10);
        while alive(heir) {
            assert!(Instant::now() < end, "{heir} outlived its group");
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Whether the process runs; one that nobody has reaped yet does not.
    fn alive(pid: libc::pid_t) -> bool {
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z ") && !stat.contains(") X "))
    }

    #[test]
    fn a_command_reads_as_typed() {
        assert_eq!(line(Command::new("ls").args(["-l", "a b"])), "ls -l \"a b\"");
    }
}
