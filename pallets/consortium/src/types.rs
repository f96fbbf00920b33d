//! What the chain keeps of a company, of its people, and of those who want to join.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use smartlink_primitives::{CompanyId, CompanyKind, Permissions, H256};

/// The name of a company: 1 to 64 bytes of UTF-8.
pub type Name = BoundedVec<u8, ConstU32<64>>;

/// A member of the consortium.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Company<AccountId> {
    /// Its name.
    pub name: Name,
    /// What it does.
    pub kind: CompanyKind,
    /// The account that holds its money. No other company's.
    pub treasury: AccountId,
    /// Whether its people may act for it. The council decides.
    pub standing: Standing,
    /// When it joined, in seconds of the Unix epoch. Zero for the companies of the genesis.
    pub registered: u64,
    /// The first second of the Unix epoch at which its membership is void. `None`: without end.
    pub until: Option<u64>,
}

impl<AccountId> Company<AccountId> {
    /// The end of its membership of which the chain has to tell. Nothing is told of who was
    /// expelled.
    pub(crate) fn end(&self) -> Option<u64> {
        self.until.filter(|_| self.standing != Standing::Expelled)
    }
}

/// What the council thinks of a company.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Standing {
    /// Its people may act for it.
    #[default]
    Active,
    /// Nobody acts for it until the council resumes it.
    Suspended,
    /// Nobody acts for it any more.
    Expelled,
}

/// Seconds of a day.
pub(crate) const DAY: u64 = 24 * 60 * 60;

/// How many days before the end of a membership the chain reminds of it, in the order in which the
/// reminders come.
pub const REMINDERS: [u32; 3] = [30, 7, 1];

/// What stands in `Reminded` when the lapse of a membership was told as well.
pub const LAPSED: u8 = REMINDERS.len() as u8 + 1;

/// When a company whose membership ends at `until`, and which was given `given` notices, is given
/// the next. `None`: it was given all.
pub(crate) fn next_notice(until: u64, given: u8) -> Option<u64> {
    let given = usize::from(given);
    match REMINDERS.get(given) {
        Some(&days) => Some(until.saturating_sub(u64::from(days).saturating_mul(DAY))),
        None if given == REMINDERS.len() => Some(until),
        None => None,
    }
}

/// How many notices are due at `now` of a membership that ends at `until`.
pub(crate) fn notices_due(until: u64, now: u64) -> u8 {
    (0..LAPSED)
        .take_while(|&given| next_notice(until, given).is_some_and(|due| due <= now))
        .fold(0, |count, _| count + 1)
}

/// An application to join. Given by the chain, in the order of applications.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct ApplicationId(pub u32);

/// The most papers of an application.
pub type MaxPapers = ConstU32<16>;

/// The papers that an applicant shows.
pub type Papers = BoundedVec<Paper, MaxPapers>;

/// The papers of an application, each with the company that attested it, if one did.
pub type Submitted = BoundedVec<(Paper, Option<CompanyId>), MaxPapers>;

/// The papers of a company that was admitted, each with the company that attested it.
pub type Attested = BoundedVec<(Paper, CompanyId), MaxPapers>;

/// What a paper is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum PaperKind {
    /// That the company is registered.
    BusinessLicence,
    /// That it may carry people or goods.
    TransportLicence,
    /// That it pays its taxes.
    TaxCertificate,
    /// That it handles data as the law asks.
    DataSecurityReview,
    /// Anything else.
    Other,
}

/// A paper that an applicant shows. The paper itself is never on the chain.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Paper {
    /// What it is about.
    pub kind: PaperKind,
    /// The keccak hash of the document.
    pub hash: H256,
}

/// Somebody wants to join with a company.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Application<AccountId> {
    /// The company's name.
    pub name: Name,
    /// What it does.
    pub kind: CompanyKind,
    /// The account that would hold its money.
    pub treasury: AccountId,
    /// Who applied, and would be its first administrator.
    pub applicant: AccountId,
    /// Its papers, and who attested them.
    pub papers: Submitted,
    /// When it applied, in seconds of the Unix epoch.
    pub applied: u64,
}

/// What somebody may do for a company, and until when.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Role<AccountId> {
    /// What it permits.
    pub permissions: Permissions,
    /// The first second of the Unix epoch at which it is void. `None`: until it is revoked.
    pub expires: Option<u64>,
    /// Who granted it. The first administrator, whom the council names, stands for itself.
    pub granted_by: AccountId,
}

impl<AccountId> Role<AccountId> {
    /// Whether it is void at `now`, in seconds of the Unix epoch.
    pub fn has_expired(&self, now: u64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether its holder can always grant and revoke: a company must never be without.
    pub fn is_keeper(&self) -> bool {
        self.expires.is_none() && self.permissions.contains(Permissions::ROLES)
    }

    /// Whether it permits all of `permissions`, and for as long.
    pub fn covers(&self, permissions: Permissions, expires: Option<u64>) -> bool {
        self.permissions.contains(permissions) && self.outlasts(expires)
    }

    /// Whether it holds at least until `expires`.
    pub fn outlasts(&self, expires: Option<u64>) -> bool {
        match (self.expires, expires) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(other)) => other <= own,
        }
    }
}

/// How many roles a company has granted.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Count {
    /// All roles, expired ones too.
    pub roles: u32,
    /// Those without expiry that may grant roles. At least one.
    pub keepers: u32,
}
