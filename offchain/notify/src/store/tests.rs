//! The store against a model of it, and against its own bounds.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::*;
use crate::{figures::Tally, KeysConfig};

struct Opened {
    folder: tempfile::TempDir,
    config: NotifyConfig,
    tally: Arc<Tally>,
    store: Option<Store>,
}

impl Opened {
    fn new(config: NotifyConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut opened = Self { folder, config, tally: Arc::default(), store: None };
        opened.reopen();
        opened
    }

    fn reopen(&mut self) {
        self.store = None;
        let heralds = Heralds {
            message: Box::new(|_| {}),
            outbox: Arc::default(),
            tally: Arc::clone(&self.tally),
        };
        self.store = Some(Store::open(self.folder.path(), &self.config, heralds).unwrap());
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }
}

fn message(account: u64, key: &str, content: u8, at_ms: u64) -> NewMessage {
    let title = format!("content {content}");
    let message = MessageRecord { account, title, at_ms, ..MessageRecord::default() };
    NewMessage { key: key.into(), fingerprint: [content; 32], message }
}

fn with_webhook(account: u64) -> (u64, ChannelsRecord) {
    let webhook_url = "https://example.com/hook".into();
    (account, ChannelsRecord { webhook_url, ..ChannelsRecord::default() })
}

#[derive(Clone, Debug)]
enum Step {
    Send { account: u64, key: u8, content: u8 },
    Read { account: u64, back: u64 },
    Later { ms: u64 },
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => (1..4_u64, 0..12_u8, 0..2_u8)
            .prop_map(|(account, key, content)| Step::Send { account, key, content }),
        4 => (1..4_u64, 0..6_u64).prop_map(|(account, back)| Step::Read { account, back }),
        2 => (1..400_u64).prop_map(|ms| Step::Later { ms }),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..60)
}

/// What a reader of the interface expects, as simply as it can be said.
#[derive(Default)]
struct Model {
    now: u64,
    inboxes: BTreeMap<u64, VecDeque<(u64, bool)>>,
    /// The order of keys, with when, what and which message.
    keys: Vec<((u64, u8), u64, u8, u64)>,
}

const INBOX: u32 = 5;
const KEYS: u32 = 9;
const KEPT_MS: u64 = 1_000;

impl Model {
    fn known(&self, key: (u64, u8)) -> Option<(u8, u64)> {
        let found = self.keys.iter().rev().find(|known| known.0 == key)?;
        (self.now - found.1 <= KEPT_MS).then_some((found.2, found.3))
    }

    fn accept(&mut self, key: (u64, u8), content: u8, id: u64) {
        let inbox = self.inboxes.entry(key.0).or_default();
        inbox.push_back((id, false));
        if inbox.len() > INBOX as usize {
            inbox.pop_front();
        }
        let (now, over) = (self.now, |keys: &Vec<_>| keys.len() >= KEYS as usize);
        while over(&self.keys) || self.keys.first().is_some_and(|k| now - k.1 > KEPT_MS) {
            self.keys.remove(0);
        }
        self.keys.push((key, self.now, content, id));
    }

    fn read(&mut self, account: u64, up_to: u64) -> u32 {
        let Some(inbox) = self.inboxes.get_mut(&account) else { return 0 };
        inbox.iter_mut().filter(|(id, _)| *id <= up_to).for_each(|(_, read)| *read = true);
        u32::try_from(inbox.iter().filter(|(_, read)| !read).count()).unwrap()
    }
}

/// Reads an inbox page by page.
fn whole_inbox(store: &Store, account: u64, limit: u32) -> Vec<(u64, bool)> {
    let (mut before, mut found) = (0, Vec::new());
    loop {
        let page = store.inbox(account, before, limit).unwrap();
        assert!(page.messages.len() <= limit as usize);
        assert!(page.next == 0 || page.messages.len() == limit as usize);
        found.extend(page.messages.iter().map(|message| (message.id, message.read)));
        before = page.next;
        if before == 0 {
            return found;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_store_is_what_the_model_says(steps in steps(), limit in 1..8_u32) {
        let keys = KeysConfig { kept_ms: KEPT_MS, count: KEYS };
        let config = NotifyConfig { inbox_messages: INBOX, keys, ..NotifyConfig::default() };
        let (mut opened, mut model) = (Opened::new(config), Model { now: 1_000_000, ..Model::default() });
        let runtime = Runtime::new().unwrap();
        let mut last_id = 0_u64;
        for step in steps {
            match step {
                Step::Later { ms } => model.now += ms,
                Step::Reopen => opened.reopen(),
                Step::Read { account, back } => {
                    let up_to = last_id.saturating_sub(back);
                    let unread = runtime.block_on(opened.store().mark_read(account, up_to));
                    prop_assert_eq!(unread.unwrap(), model.read(account, up_to));
                }
                Step::Send { account, key, content } => {
                    let new = message(account, &key.to_string(), content, model.now);
                    let outcome = runtime.block_on(opened.store().send(new));
                    match model.known((account, key)) {
                        Some((known, id)) if known == content => {
                            prop_assert_eq!(outcome.unwrap(), id);
                        }
                        Some(_) => {
                            let taken = matches!(outcome, Err(StoreError::KeyTaken { .. }));
                            prop_assert!(taken, "another message took the key");
                        }
                        None => {
                            let id = outcome.unwrap();
                            prop_assert!(id > last_id, "ids ascend, also after a restart");
                            last_id = id;
                            model.accept((account, key), content, id);
                        }
                    }
                }
            }
            for account in 1..4 {
                let mut expected: Vec<_> =
                    model.inboxes.get(&account).into_iter().flatten().copied().collect();
                expected.reverse();
                let unread = expected.iter().filter(|(_, read)| !read).count();
                let page = opened.store().inbox(account, 0, 1).unwrap();
                prop_assert_eq!(page.unread as usize, unread);
                prop_assert_eq!(whole_inbox(opened.store(), account, limit), expected);
            }
        }
    }
}

#[tokio::test]
async fn a_full_outbox_makes_dead_letters_and_loses_no_message() {
    let opened = Opened::new(NotifyConfig { outbox_deliveries: 2, ..NotifyConfig::default() });
    let store = opened.store();
    for account in [7, 8] {
        let (account, channels) = with_webhook(account);
        store.set_channels(account, channels).await.unwrap();
    }
    for key in ["a", "b"] {
        store.send(message(7, key, 0, 1)).await.unwrap();
    }
    let id = store.send(message(8, "c", 0, 1)).await.expect("one account fills the outbox of none");
    assert_eq!(store.inbox(8, 0, 10).unwrap().messages[0].id, id);
    assert_eq!(store.waiting_after(0, 10).unwrap().len(), 2);
    let dead = store.dead_letters(0, 10).unwrap().letters.remove(0);
    let said = "2 deliveries waited already, which is all that the outbox holds";
    assert_eq!((dead.attempts, dead.last_error.as_str(), dead.given_up_at_ms), (0, said, 1));
    let refused = store.redeliver(dead.id, 2).await;
    assert!(matches!(refused, Err(StoreError::OutboxFull { deliveries: 2 })));
    assert_eq!(store.dead_letters(0, 10).unwrap().letters.len(), 1, "it is not lost by asking");
    let first = store.waiting_after(0, 10).unwrap()[0];
    store.conclude(first.place, Outcome::Delivered).await.unwrap();
    store.redeliver(dead.id, 3).await.expect("there is room again");
    assert!(store.dead_letters(0, 10).unwrap().letters.is_empty());
}

#[tokio::test]
async fn dead_letters_of_two_channels_at_once_are_bounded_and_counted() {
    let config = NotifyConfig { outbox_deliveries: 1, dead_letters: 3, ..NotifyConfig::default() };
    let opened = Opened::new(config);
    let store = opened.store();
    let (account, channels) = with_webhook(7);
    let channels = ChannelsRecord { email: "rider@example.com".into(), ..channels };
    store.set_channels(account, channels).await.unwrap();
    // The first delivery waits, and every other of the twelve is a dead letter.
    for key in 0..6_u8 {
        store.send(message(7, &key.to_string(), 0, 1)).await.unwrap();
    }
    let letters = store.dead_letters(0, 10).unwrap().letters;
    let ids: Vec<u64> = letters.iter().map(|dead| dead.id).collect();
    assert_eq!(ids, [18, 17, 15], "each message has an id, and then its two deliveries");
    let figures = opened.tally.figures();
    assert_eq!((figures.given_up, figures.dropped_dead, figures.dead), (11, 8, 3));
    assert_eq!(store.inbox(7, 0, 10).unwrap().messages.len(), 6);
}

#[tokio::test]
async fn one_channel_with_too_many_deliveries_makes_dead_letters_and_bounds_them() {
    let config = NotifyConfig { outbox_per_channel: 1, dead_letters: 3, ..NotifyConfig::default() };
    let opened = Opened::new(config);
    let store = opened.store();
    let (account, channels) = with_webhook(7);
    store.set_channels(account, channels).await.unwrap();
    for key in 0..6_u8 {
        store.send(message(7, &key.to_string(), 0, 1)).await.unwrap();
    }
    assert_eq!(store.waiting_after(0, 10).unwrap().len(), 1);
    let page = store.dead_letters(0, 2).unwrap();
    let rest = store.dead_letters(page.next, 2).unwrap();
    assert_eq!((page.letters.len(), rest.letters.len(), rest.next), (2, 1, 0));
    let ids: Vec<u64> = page.letters.iter().chain(&rest.letters).map(|dead| dead.id).collect();
    assert_eq!(ids, [12, 10, 8], "the oldest two were dropped");
    assert_eq!(opened.tally.figures().dropped_dead, 2);
    assert_eq!(store.inbox(7, 0, 10).unwrap().messages.len(), 6);
}

#[tokio::test]
async fn a_dead_letter_comes_back_once_and_keeps_its_id() {
    let mut opened = Opened::new(NotifyConfig::default());
    let (account, channels) = with_webhook(7);
    opened.store().set_channels(account, channels).await.unwrap();
    opened.store().send(message(7, "a", 0, 1)).await.unwrap();
    let first = opened.store().waiting_after(0, 10).unwrap()[0];
    let given_up = Outcome::GivenUp { attempted: true, error: "410".into(), at_ms: 2 };
    for _ in 0..2 {
        opened.store().conclude(first.place, given_up.clone()).await.unwrap();
    }
    let dead = opened.store().dead_letters(0, 10).unwrap().letters.remove(0);
    assert_eq!((dead.attempts, dead.last_error.as_str(), dead.given_up_at_ms), (1, "410", 2));
    opened.store().redeliver(dead.id, 3).await.unwrap();
    opened.reopen();
    opened.store().redeliver(dead.id, 4).await.expect("once more changes nothing");
    assert!(opened.store().dead_letters(0, 10).unwrap().letters.is_empty());
    let again = opened.store().waiting_after(first.place, 10).unwrap();
    assert_eq!(again.len(), 1);
    let delivery = opened.store().delivery(again[0].place).unwrap().unwrap();
    assert_eq!((delivery.id, delivery.attempts, delivery.due_ms), (dead.id, 0, 3));
    let unknown = opened.store().redeliver(dead.id + 1, 4).await;
    assert!(matches!(unknown, Err(StoreError::NoDeadLetter { .. })));
}

#[tokio::test]
async fn many_senders_share_a_sync_and_a_key_sent_by_all_is_one_message() {
    let opened = Opened::new(NotifyConfig::default());
    let store = opened.store();
    let before = store.tables.syncs();
    for n in 0..10_u64 {
        store.send(message(2, &n.to_string(), 0, 1)).await.unwrap();
        assert!(store.tables.syncs() - before > n, "acknowledged before it was synced");
    }
    let before = store.tables.syncs();
    let sends = (0..500_u64).map(|n| {
        let key = if n % 2 == 0 { "same".into() } else { n.to_string() };
        store.send(message(1, &key, 0, 1))
    });
    let ids = futures::future::try_join_all(sends).await.unwrap();
    let syncs = store.tables.syncs() - before;
    assert!((1..100).contains(&syncs), "{syncs} syncs for 500 messages");
    let same: std::collections::BTreeSet<u64> = ids.iter().step_by(2).copied().collect();
    assert_eq!(same.len(), 1);
    assert_eq!(whole_inbox(store, 1, 100).len(), 251);
    let figures = opened.tally.figures();
    assert_eq!((figures.accepted, figures.repeated), (261, 249));
}

#[test]
fn any_record_is_read_or_refused() {
    use prost::Message;
    bolero::check!().for_each(|bytes| {
        let _ = DeliveryRecord::decode(bytes).map(|record| record.into_dead_letter(false));
        let _ = ChannelsRecord::decode(bytes).map(|record| format!("{record:?}"));
        let _ = AccountRecord::decode(bytes);
        let _ = Counters::decode(bytes);
    });
}
