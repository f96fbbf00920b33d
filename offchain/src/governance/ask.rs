//! The question before something is sent.

use std::io::{BufRead, IsTerminal, Read, Write};

use crate::Error;

/// The longest answer of a person that is read.
const ANSWER_BYTES: u64 = 64;

/// Goes on when somebody at the terminal says yes, or said so before, with --yes.
///
/// # Errors
/// Nobody said yes, or there is no terminal to ask on.
pub async fn agreed(yes: bool) -> Result<(), Error> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        let why = "nothing was sent: there is no terminal to ask on. Read what stands above, and give --yes";
        return Err(Error::Asked(why.to_owned()));
    }
    print!("send? [y/N] ");
    let answered = tokio::task::spawn_blocking(|| {
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().take(ANSWER_BYTES).read_line(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    });
    let answer = answered.await.map_err(Error::Thread)?;
    let answer = answer.map_err(|source| Error::Io { what: "reading the answer", source })?;
    match is_yes(&answer) {
        true => Ok(()),
        false => Err(Error::Asked("nothing was sent".to_owned())),
    }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(["y\n", "Y", " yes \n", "YES"].into_iter().all(is_yes));
        assert!(!["", "\n", "n", "no", "yess", "yn"].into_iter().any(is_yes));
    }

    #[tokio::test]
    async fn who_said_yes_before_is_not_asked() {
        assert!(agreed(true).await.is_ok());
    }
}
