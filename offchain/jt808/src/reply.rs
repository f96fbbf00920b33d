//! The replies that a listener sends for nearly every frame, appended to a buffer that is used again.

use crate::{
    frame::{self, Header},
    messages::{GeneralReply, Message, RegistrationReply, Resend, TimeAnswer},
    subpackage,
    text::Text,
    time::{BcdTime, TimeError},
};

/// 0x8001, the platform's general reply to a frame: see [`GeneralReply::SUCCESS`] and so on.
pub fn general(to: &Header, serial: u16, result: u8, out: &mut Vec<u8>) {
    let [serial_high, serial_low] = to.serial.to_be_bytes();
    let [id_high, id_low] = to.id.to_be_bytes();
    let body = [serial_high, serial_low, id_high, id_low, result];
    frame::encode(&to.reply(0x8001, serial), &body, out).expect("five bytes fit into a frame");
}

/// 0x0001, the terminal's general reply to a frame.
pub fn terminal(to: &Header, serial: u16, result: u8, out: &mut Vec<u8>) {
    let message = Message::TerminalReply(GeneralReply { serial: to.serial, id: to.id, result });
    encode(to, serial, &message, out);
}

/// 0x8100, the answer to a registration, with the code when it succeeded. Of a code only the first 255 bytes are sent.
pub fn registration(to: &Header, serial: u16, result: u8, code: &str, out: &mut Vec<u8>) {
    let code = Text::from(code);
    let code = Text::from_wire(code.as_bytes().get(..255).unwrap_or(code.as_bytes()));
    let message = Message::RegisterReply(RegistrationReply { serial: to.serial, result, code });
    encode(to, serial, &message, out);
}

/// 0x8004, the platform's clock.
pub fn time(to: &Header, serial: u16, now_ms: u64, out: &mut Vec<u8>) -> Result<(), TimeError> {
    let time = BcdTime::from_utc_millis(now_ms)?;
    encode(to, serial, &Message::TimeAnswer(TimeAnswer { time }), out);
    Ok(())
}

/// 0x8003, parts that are missing. More than 255 of them are asked for the next time.
pub fn resend(to: &Header, serial: u16, mut resend: Resend, out: &mut Vec<u8>) {
    resend.parts.truncate(255);
    encode(to, serial, &Message::PlatformResend(resend), out);
}

fn encode(to: &Header, serial: u16, message: &Message, out: &mut Vec<u8>) {
    subpackage::encode(&to.reply(message.id(), serial), message, out)
        .expect("each of these replies has less than a frame's 1023 bytes");
}
