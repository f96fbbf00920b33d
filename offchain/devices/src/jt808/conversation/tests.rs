use super::*;
use crate::{config::DevicesConfig, registry::Enrolment, Devices};
use smartlink_jt808::{frame::Checksum, messages::Authentication, Package, Splitter};
use smartlink_records::Channel;
use smartlink_service::Secret;
use std::sync::OnceLock;

const PHONE: &str = "13800138000";
const CODE: &str = "a-code-of-its-own";

/// One role for all cases: what hostile frames leave behind is there for the next.
fn role() -> &'static (tokio::runtime::Runtime, Arc<Shared>, Devices, tempfile::TempDir) {
    static ROLE: OnceLock<(tokio::runtime::Runtime, Arc<Shared>, Devices, tempfile::TempDir)> =
        OnceLock::new();
    ROLE.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config =
            DevicesConfig { path: folder.path().to_owned(), ..DevicesConfig::default() };
        (config.jt808.tcp, config.jt808.udp) = (None, None);
        (config.mqtt.listen, config.http.listen) = (None, None);
        config.registry.wrong_keys_per_minute = 1_000_000;
        let jt808 = config.jt808.clone();
        let devices = runtime.block_on(Devices::start(config)).unwrap();
        let key = Some(Secret::new(CODE.to_owned()));
        let identity = Identity::phone(PHONE).unwrap();
        devices.gate().enrol(Enrolment { key, ..Enrolment::of(identity, 1) }).unwrap();
        let shared =
            Shared { gate: devices.gate().clone(), config: jt808, figures: Arc::default() };
        (runtime, Arc::new(shared), devices, folder)
    })
}

/// Says a message, and returns what is answered at once.
fn say(conversation: &mut Conversation, message: &Message) -> (Turn, Option<Outlet>) {
    let header = Header::new(message.id(), PHONE.parse().unwrap(), 7);
    let (mut bytes, mut turn) = (Vec::new(), Turn::default());
    smartlink_jt808::subpackage::encode(&header, message, &mut bytes).unwrap();
    let mut splitter = Splitter::new(Checksum::Required);
    let mut rest = &bytes[..];
    let frame = splitter.next_in(&mut rest).unwrap().unwrap();
    let outlet = conversation.frame(&frame, &mut turn);
    (turn, outlet)
}

/// The result of the last general reply.
fn result(turn: &Turn) -> Option<u8> {
    let mut splitter = Splitter::new(Checksum::Required);
    let (mut rest, mut last) = (&turn.out[..], None);
    while let Some(frame) = splitter.next_in(&mut rest) {
        let Frame { header, body } = frame.unwrap();
        if let Ok(Message::PlatformReply(reply)) =
            Message::decode_body(header.id, header.version(), body)
        {
            last = Some(reply.result);
        }
    }
    last
}

#[test]
fn whatever_frames_come_each_costs_only_itself() {
    const IDS: [u16; 12] = [
        0x0001, 0x0002, 0x0003, 0x0004, 0x0100, 0x0102, 0x0104, 0x0200, 0x0704, 0x0801, 0x0900,
        0x0705,
    ];
    bolero::check!().for_each(|bytes: &[u8]| {
        let (runtime, shared, ..) = role();
        let _inside = runtime.enter();
        for known in [false, true] {
            let peer = Peer { channel: Channel::Jt808, address: ([127, 0, 0, 1], 9).into() };
            let mut conversation = Conversation::new(shared.clone(), peer);
            let mut _outlet = None;
            if known {
                let code = Authentication { code: CODE.into(), imei: None, software: None };
                let (turn, outlet) = say(&mut conversation, &Message::Authenticate(code));
                assert_eq!(result(&turn), Some(0));
                _outlet = outlet;
            }
            let mut rest = bytes;
            while let [kind, low, total, index, length, after @ ..] = rest {
                let (body, after) = after.split_at(after.len().min(usize::from(*length)));
                rest = after;
                let id = match IDS.get(usize::from(*kind)) {
                    Some(id) => *id,
                    None => u16::from_be_bytes([*kind % 16, *low]),
                };
                let mut header = Header::new(id, PHONE.parse().unwrap(), u16::from(*low));
                header.encryption = u8::from(*low == 1);
                let package = Package { total: u16::from(*total), index: u16::from(*index) };
                header.package = (*kind % 2 == 1).then_some(package);
                let mut turn = Turn::default();
                conversation.frame(&Frame { header, body }, &mut turn);
                assert!(turn.out.len() <= 4_096, "{} bytes of answers", turn.out.len());
                let kept = conversation.assembler.as_ref().map_or(0, |of| of.unfinished());
                assert!(kept <= UNFINISHED, "{kept} messages are being put together");
            }
            let (turn, _) = say(&mut conversation, &Message::Heartbeat);
            // Whoever was let in stays so, and is answered.
            let expected = if known { Some(0) } else { result(&turn) };
            assert_eq!(result(&turn), expected);
            assert_eq!(conversation.admission().is_some(), known);
        }
    });
}
