//! Starts processes that end with this one.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command},
    sync::{
        mpsc::{self, Sender},
        OnceLock,
    },
    thread,
};

type Job = (Command, Sender<io::Result<Child>>);

/// Starts a command whose process the kernel kills when this process ends, however it ends.
///
/// The kernel sends that signal when the *thread* ends that started the process, and threads of tokio
/// come and go: so one thread that stays starts them all.
pub fn spawn(mut command: Command) -> io::Result<Child> {
    let parent = std::process::id();
    let die_with_parent = move || {
        // SAFETY: both calls are async-signal-safe and take no pointers.
        let (set, now) =
            unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL), libc::getppid()) };
        if set != 0 {
            return Err(io::Error::last_os_error());
        }
        // The parent may have ended before the signal was asked for.
        if u32::try_from(now) != Ok(parent) {
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
        Ok(())
    };
    // SAFETY: the closure allocates nothing and takes no lock between fork and exec.
    unsafe { command.pre_exec(die_with_parent) };
    let (reply, answer) = mpsc::channel();
    let gone = || io::Error::other("the thread that starts processes is gone");
    thread_of_spawner()?.send((command, reply)).map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())?
}

fn thread_of_spawner() -> io::Result<&'static Sender<Job>> {
    static SPAWNER: OnceLock<Result<Sender<Job>, io::ErrorKind>> = OnceLock::new();
    let started = SPAWNER.get_or_init(|| {
        let (jobs, queue) = mpsc::channel::<Job>();
        let run = move || {
            for (mut command, reply) in queue {
                // A caller that is gone takes its process with it.
                if let Err(mpsc::SendError(Ok(mut child))) = reply.send(command.spawn()) {
                    let _ = child.kill();
                    let _ = child.wait();
                }
            }
        };
        let thread = thread::Builder::new().name("devnet-spawner".into()).spawn(run);
        thread.map(|_| jobs).map_err(|e| e.kind())
    });
    started.as_ref().map_err(|kind| io::Error::from(*kind))
}
