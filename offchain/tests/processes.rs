//! What happens to a node's process on a machine that is not as it should be.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    ffi::CString,
    fs::{self, File},
    io::Write,
    net::TcpListener,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc,
    time::Duration,
};

use smartlink_chain::queries;
use smartlink_devnet::{Consortium, DevnetError, Options};
use smartlink_primitives::Money;
use support::{check_money, node, skip, start, Platform, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn an_occupied_port_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let options = Options::new(node()).validators(1).rpc_ports([port]);
    let error = Consortium::start(options).await.expect_err("the port is taken");
    assert!(matches!(error, DevnetError::PortOccupied { port: named } if named == port), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_start_shows_the_end_of_its_log() {
    let options = Options::new(node()).validators(1).extra_args(["--no-such-argument"]);
    let error = Consortium::start(options).await.expect_err("the argument is none");
    let said = error.to_string();
    assert!(said.contains("ended by itself") && said.contains("--no-such-argument"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_ends_with_the_consortium_that_is_dropped() {
    let consortium = start(1).await;
    let pid = consortium.node(0).pid().expect("it runs");
    assert!(Path::new(&format!("/proc/{pid}")).exists());
    drop(consortium);
    assert!(!Path::new(&format!("/proc/{pid}")).exists(), "process {pid} is still there");
}

/// A small disk of its own, in memory.
struct SmallDisk {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None`, with a notice, where this user may not mount.
    fn mount(mib: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let target = CString::new(path.as_os_str().as_bytes()).unwrap();
        let options = CString::new(format!("size={mib}m")).unwrap();
        // SAFETY: all pointers are to strings that end with a zero byte and outlive the call.
        let mounted = unsafe {
            libc::mount(
                c"tmpfs".as_ptr(),
                target.as_ptr(),
                c"tmpfs".as_ptr(),
                0,
                options.as_ptr().cast(),
            )
        };
        if mounted == 0 {
            return Some(Self { path, _folder: folder });
        }
        let error = std::io::Error::last_os_error();
        skip(&format!("this user may not mount a small disk ({error})"));
        None
    }

    /// Takes all space that is left, and what a database gives back, until the ballast is dropped.
    fn fill(&self) -> Ballast {
        let path = self.path.join("ballast");
        let mut file = File::create(&path).unwrap();
        let (thrown, is_thrown) = mpsc::channel::<()>();
        let filling = std::thread::spawn(move || loop {
            for size in [1 << 20, 1 << 12, 1] {
                while file.write_all(&vec![7; size]).and_then(|()| file.sync_data()).is_ok() {}
            }
            match is_thrown.recv_timeout(Duration::from_millis(20)) {
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        });
        Ballast { path, thrown: Some(thrown), filling: Some(filling) }
    }
}

/// What keeps a disk full. Thrown out when it is dropped.
struct Ballast {
    path: PathBuf,
    thrown: Option<mpsc::Sender<()>>,
    filling: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Ballast {
    fn drop(&mut self) {
        self.thrown.take();
        if let Some(filling) = self.filling.take() {
            let _ = filling.join();
        }
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazy, so that it cannot fail while a process still ends.
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_node_with_a_sentence_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount(400) else {
        return;
    };
    let options = Options::new(node()).validators(1).base_path(&disk.path);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap();
    let platform = Platform::ready(consortium.chain(0).unwrap(), 2, Money::yuan(1_000)).await;
    let call = smartlink_chain::calls::settle(platform.batch(1, 4));
    let settled = platform.chain.execute(&platform.staff.worker, &call, PATIENCE).await.unwrap();

    let ballast = disk.fill();
    let why = consortium.node_mut(0).wait_end(Duration::from_secs(180)).await;
    let why = why.expect("a node that cannot write ends");
    assert!(matches!(why, DevnetError::DiskFull { .. }), "{why}");
    assert!(why.to_string().contains("free some space"), "{why}");

    drop(ballast);
    consortium.restart(0).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(settled.number + 2, PATIENCE).await.unwrap();
    let after = consortium.chain(0).unwrap().at_finalized().await.unwrap();
    assert_eq!(queries::totals(&after, platform.company()).await.unwrap().rides, 4);
    check_money(&after).await;
    consortium.stop().await;
}
