//! Registration: a terminal says what it is, and gets a code.

use super::{attempts::Tried, Gate, Peer, Refusal};
use crate::{
    clock::now_ms,
    config::Registration,
    registry::{Details, Enrolment, Identity, TerminalState},
};
use smartlink_service::Secret;

impl Gate {
    /// Registers a terminal of JT/T 808 (0x0100). Returns its authentication code. It may register as often as it
    /// likes: the code before stays good until the new one is used.
    ///
    /// # Errors
    /// Nobody enrolled it and registration is not open, or it says it is something else than it was enrolled as.
    pub fn register(
        &self,
        phone: &str,
        details: &Details,
        peer: Peer,
        frame: &[u8],
    ) -> Result<Secret<String>, Refusal> {
        let identity = Identity::phone(phone)?;
        let now_ms = now_ms();
        let tried = Tried { address: peer.address.ip(), identity: Some(&identity) };
        let unknown = Tried { identity: None, ..tried };
        let attempts = &self.inner.attempts;
        if attempts.too_many(tried, now_ms) || attempts.too_many(unknown, now_ms) {
            return Err(Refusal::TooManyAttempts);
        }
        let code = self.code_for(&identity, details, now_ms);
        if let Err(refusal) = &code {
            self.inner.figures.refused.add(1);
            let tried = if *refusal == Refusal::Unknown { unknown } else { tried };
            attempts.failed(tried, now_ms);
            self.stranger(&identity, peer, Some(details), refusal, frame);
        }
        code
    }

    fn code_for(
        &self,
        identity: &Identity,
        details: &Details,
        now_ms: u64,
    ) -> Result<Secret<String>, Refusal> {
        let registry = &self.inner.registry;
        let terminal = match registry.find(identity)? {
            Some(terminal) => terminal,
            None if self.inner.registration == Registration::Open => {
                let enrolment = Enrolment {
                    details: details.clone(),
                    ..Enrolment::of(identity.clone(), self.inner.company)
                };
                registry.enrol(enrolment, now_ms)?.0
            }
            None => return Err(Refusal::Unknown),
        };
        if !terminal.details.is_shown_by(details) {
            return Err(Refusal::Mismatch);
        }
        let first = self.inner.first_registration_proved
            && self.inner.registration != Registration::Open
            && !registry.has_key(terminal.id)?;
        if first && !terminal.details.is_proved_by(details) {
            return Err(Refusal::Unproved);
        }
        match terminal.state {
            TerminalState::Active => Ok(registry.give_code(terminal.id, details)?),
            TerminalState::Suspended => Err(Refusal::Suspended),
            TerminalState::Quarantined => Err(Refusal::Quarantined),
        }
    }

    /// Whether who is not known may stay connected, so that what it sends is seen.
    pub(crate) fn watches_strangers(&self) -> bool {
        self.inner.registration == Registration::Quarantine
    }
}
