//! libFuzzer at work on one target.

use std::{
    fmt, fs,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::Duration,
};

use anyhow::{ensure, Context, Result};

use super::{
    build::{inside, Fuzzer},
    corpus,
};
use crate::{
    process::{self, Signals},
    workspace::cache,
};

/// The longest that one input may take, in seconds. It is the clock's time, and the machine may be busy.
const INPUT_LIMIT: u32 = 25;
/// The most memory of a target, in MiB.
const MEMORY_LIMIT: u32 = 2_048;

/// One target, and where its files lie.
pub struct Session<'a> {
    fuzzer: &'a Fuzzer,
    /// Its corpus in the sources.
    corpus: PathBuf,
    /// What broke it, in the sources.
    crashes: PathBuf,
    /// Everything that was ever interesting, in the developer's cache.
    grown: PathBuf,
    log: PathBuf,
}

/// How a target came out of it.
pub struct Ended {
    pub figures: Figures,
    /// The input that broke it.
    pub broken: Option<String>,
}

/// What was kept in the sources.
pub struct Kept {
    pub added: usize,
    pub size: corpus::Size,
}

/// What libFuzzer says at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    executions: u64,
    edges: u64,
    features: u64,
    inputs: u64,
    /// Milliseconds of the processor.
    cpu_ms: u64,
}

impl<'a> Session<'a> {
    /// Makes the folders that are missing.
    pub fn of(fuzzer: &'a Fuzzer) -> Result<Self> {
        let package = fuzzer.target.package.file_name().unwrap_or_default();
        let name = fuzzer.test.replace("::", "__");
        let cache = cache()?.join("fuzz");
        let session = Self {
            fuzzer,
            corpus: fuzzer.folder.join("corpus"),
            crashes: fuzzer.folder.join("crashes"),
            grown: cache.join("corpus").join(package).join(&name),
            log: cache.join("log").join(package).join(name).with_extension("log"),
        };
        let logs = session.log.parent().unwrap_or(&cache);
        for folder in [&session.corpus, &session.crashes, &session.grown, logs] {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(session)
    }

    /// All that libFuzzer and the target said.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Fuzzes until the time is over or the target breaks.
    pub fn fuzz(&self, time: Duration) -> Result<Ended> {
        let before = corpus::files(&self.crashes)?;
        let started = processor_ms()?;
        let status = self.libfuzzer(
            &self.log,
            &[
                format!("-max_total_time={}", time.as_secs()),
                format!("-timeout={INPUT_LIMIT}"),
                format!("-rss_limit_mb={MEMORY_LIMIT}"),
                format!("-artifact_prefix={}/", text(&self.crashes)?),
                "-print_final_stats=1".to_owned(),
                text(&self.grown)?.to_owned(),
                text(&self.corpus)?.to_owned(),
                text(&self.crashes)?.to_owned(),
            ],
        )?;
        let log = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        let figures = Figures { cpu_ms: processor_ms()? - started, ..Figures::of(&log) };
        let broken = match status.success() || process::caught().is_some() {
            true => None,
            false => Some(self.broken(status, &before, &log)?),
        };
        // Git keeps no empty folders, and nobody wants to look into one.
        for folder in [&self.crashes, &self.corpus, &self.fuzzer.folder] {
            fs::remove_dir(folder).ok();
        }
        self.fuzzer.folder.parent().map(fs::remove_dir);
        Ok(Ended { figures, broken })
    }

    /// Where the input lies that ended the target.
    fn broken(&self, status: ExitStatus, before: &[(PathBuf, u64)], log: &str) -> Result<String> {
        let new = corpus::files(&self.crashes)?.into_iter().find(|file| !before.contains(file));
        if let Some((input, _)) = new {
            return Ok(input.display().to_string());
        }
        // What was known, and breaks it still, is not written once more.
        ensure!(
            log.contains("SUMMARY: "),
            "{} ended with {status} and without an input: see {}",
            self.fuzzer.target,
            self.log.display()
        );
        Ok(format!("an input that lies in {} already", self.fuzzer.folder.display()))
    }

    /// Adds to the corpus in the sources what reaches edges that nothing in it reaches.
    pub fn keep(&self) -> Result<Kept> {
        fs::create_dir_all(&self.corpus)
            .with_context(|| format!("cannot make {}", self.corpus.display()))?;
        let before = corpus::files(&self.corpus)?;
        let log = self.log.with_extension("merge.log");
        let status = self.libfuzzer(
            &log,
            &[
                // Few inputs that reach much, rather than many that reach little.
                "-set_cover_merge=1".to_owned(),
                // How often an edge is passed is of use while searching, and not worth a file.
                "-use_counters=0".to_owned(),
                format!("-timeout={INPUT_LIMIT}"),
                text(&self.corpus)?.to_owned(),
                text(&self.grown)?.to_owned(),
            ],
        )?;
        ensure!(status.success(), "the corpora cannot be joined: see {}", log.display());
        corpus::bound(&self.corpus, &before)?;
        let size = corpus::Size::of(&self.corpus)?;
        Ok(Kept { added: size.files.saturating_sub(before.len()), size })
    }

    /// Runs the program as libFuzzer, with what it says in a log.
    fn libfuzzer(&self, log: &Path, arguments: &[String]) -> Result<ExitStatus> {
        let log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut program: Command = inside(&self.fuzzer.program, &self.fuzzer.target);
        program
            .args([&self.fuzzer.test, "--exact", "--nocapture", "--quiet", "--test-threads", "1"])
            .env("BOLERO_TEST_NAME", &self.fuzzer.test)
            .env("BOLERO_LIBTEST_HARNESS", "1")
            .env("BOLERO_LIBFUZZER_ARGS", arguments.join(" "))
            .stdout(log.try_clone().context("cannot write the log twice")?)
            .stderr(log);
        process::start(&mut program, Signals::Group)?.wait()
    }
}

/// A path as libFuzzer takes it: bolero parts its arguments at spaces.
fn text(path: &Path) -> Result<&str> {
    path.to_str()
        .filter(|text| !text.contains(' '))
        .with_context(|| format!("{} has a space in it: fuzz a checkout elsewhere", path.display()))
}

/// The time that all children had of the processor so far.
fn processor_ms() -> Result<u64> {
    // SAFETY: the structure is plain data for which zeros are valid, and the call writes to it alone.
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        let code = libc::getrusage(libc::RUSAGE_CHILDREN, &mut used);
        (code == 0).then_some(used).context("the kernel does not say what children used")?
    };
    let ms = |time: libc::timeval| time.tv_sec * 1_000 + time.tv_usec / 1_000;
    u64::try_from(ms(used.ru_utime) + ms(used.ru_stime)).context("time went back")
}

impl Figures {
    /// The last figures in a log.
    fn of(log: &str) -> Self {
        let mut figures = Self::default();
        for line in log.lines() {
            if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
                figures.executions = count.trim().parse().unwrap_or(0);
            }
            let mut words = line.split_ascii_whitespace();
            let Some(run) = words.next().and_then(|word| word.strip_prefix('#')) else { continue };
            let words: Vec<_> = words.collect();
            let behind = |name: &str| {
                let at = words.iter().position(|word| *word == name)?;
                words.get(at + 1)?.split('/').next()?.parse().ok()
            };
            if let (Some(edges), Some(features)) = (behind("cov:"), behind("ft:")) {
                figures.executions = run.trim_end_matches(':').parse().unwrap_or(0);
                (figures.edges, figures.features) = (edges, features);
                figures.inputs = behind("corp:").unwrap_or(0);
            }
        }
        figures
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let a_second = self.executions * 1_000 / self.cpu_ms.max(1);
        write!(
            f,
            "executions: {}  a CPU second: {a_second}  CPU s: {}  edges: {}  features: {}  corpus: {}",
            self.executions,
            self.cpu_ms / 1_000,
            self.edges,
            self.features,
            self.inputs
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_what_libfuzzer_says() {
        let log = "INFO: seed corpus: files: 3\n\
            #4\tINITED cov: 31 ft: 32 corp: 3/16b exec/s: 0 rss: 30Mb\n\
            #2097152\tpulse  cov: 200 ft: 410 corp: 57/1022b lim: 4096 exec/s: 1048576 rss: 30Mb\n\
            #3\tGENERATE\tvalid: 1 (33.33%) valid/s: 1 (33.33%)\n";
        let of = |executions, edges, features, inputs| Figures {
            executions,
            edges,
            features,
            inputs,
            cpu_ms: 0,
        };
        assert_eq!(Figures::of(log), of(2_097_152, 200, 410, 57));
        let whole = format!(
            "{log}#3000000\tDONE   cov: 201 ft: 412 corp: 58/12Kb lim: 4096 exec/s: 9 rss: 31Mb\n\
             stat::number_of_executed_units: 3000001\n"
        );
        assert_eq!(Figures::of(&whole), of(3_000_001, 201, 412, 58));
        assert_eq!(Figures::of("nothing"), Figures::default());
    }

    #[test]
    fn a_path_with_a_space_is_refused() {
        assert!(text(Path::new("/home/a b/c")).is_err_and(|e| e.to_string().contains("space")));
    }
}
