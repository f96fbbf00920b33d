//! Deliveries to webhooks, in three shapes. docs/notify.md describes them for receivers.

use std::{error::Error as _, fs, sync::Arc, time::Duration};

use base64::{engine::general_purpose::STANDARD, Engine as _};
use hmac::Mac as _;
use reqwest::{
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect, Client, Request, Response, StatusCode, Url,
};
use serde_json::json;

use super::{
    guard::{Guard, GuardedResolver, Refused},
    Attempt, NotifyError,
};
use crate::{
    channels::{Shape, Webhook},
    signature::{self, keyed},
    store::MessageRecord,
    SmsBody, WebhookConfig,
};

/// The header that says which delivery it is; the same at every attempt.
pub(crate) const DELIVERY: &str = "smartlink-delivery";
/// Characters of a short message: seven parts of 67, as gateways join them.
const SMS_CHARACTERS: usize = 469;
/// Connections that stay open to one host without being used.
const IDLE_CONNECTIONS: usize = 4;

/// The way to webhooks.
pub(crate) struct Poster {
    client: Client,
    guard: Arc<Guard>,
    config: WebhookConfig,
}

impl Poster {
    pub(crate) fn new(config: &WebhookConfig, guard: Arc<Guard>) -> Result<Self, NotifyError> {
        let mut builder = Client::builder()
            .user_agent(concat!("smartlink-notify/", env!("CARGO_PKG_VERSION")))
            .timeout(Duration::from_millis(config.timeout_ms))
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            // A redirect, or a proxy from the environment, would lead around the guard.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(GuardedResolver(Arc::clone(&guard))));
        if let Some(path) = &config.ca_file {
            let why = |why: String| NotifyError::Authority { path: path.clone(), why };
            let pem = fs::read(path).map_err(|source| why(source.to_string()))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|source| why(source.to_string()))?;
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let client = builder.build().map_err(|source| NotifyError::Tls(source.to_string()))?;
        Ok(Self { client, guard, config: config.clone() })
    }

    /// Posts a message. `delivery` is the same at every attempt.
    pub(crate) async fn post(
        &self,
        delivery: &str,
        webhook: &Webhook,
        message: &MessageRecord,
        now_ms: u64,
    ) -> Attempt {
        // The operator may have changed what is allowed since the channel was set.
        if let Err(refused) = self.guard.check(&webhook.url) {
            return Attempt::refused(refused.to_string());
        }
        let request = match self.request(delivery, webhook, message, now_ms) {
            Ok(request) => request,
            Err(error) => return Attempt::refused(said(error)),
        };
        let answer = match self.client.execute(request).await {
            Ok(answer) => answer,
            Err(error) => return unanswered(error),
        };
        let status = answer.status();
        let rest = rest_asked_for(&answer);
        let body = match read(answer, self.config.response_bytes as usize).await {
            Ok(body) => body,
            Err(error) => return unanswered(error),
        };
        let attempt = judge(status, &body, &webhook.shape);
        match webhook.shape {
            Shape::Dingtalk => attempt.resting(rest.max(self.config.dingtalk_interval_ms)),
            Shape::Ours | Shape::Sms(_) => attempt.resting(rest),
        }
    }

    fn request(
        &self,
        delivery: &str,
        webhook: &Webhook,
        message: &MessageRecord,
        now_ms: u64,
    ) -> Result<Request, reqwest::Error> {
        let secret = webhook.secret.expose();
        let (url, kind, body) = match &webhook.shape {
            Shape::Ours => (webhook.url.clone(), JSON, ours(delivery, message)),
            Shape::Dingtalk => {
                (dingtalk_url(&webhook.url, secret, now_ms), JSON, dingtalk(message))
            }
            Shape::Sms(phone) => {
                let (kind, body) = sms(self.config.sms_body, phone, message);
                (webhook.url.clone(), kind, body)
            }
        };
        let mut request =
            self.client.post(url).header(CONTENT_TYPE, kind).header(DELIVERY, delivery);
        // DingTalk's own signature is in the query.
        if !secret.is_empty() && webhook.shape != Shape::Dingtalk {
            let signature = signature::sign(secret, now_ms, body.as_bytes());
            request = request.header(signature::HEADER, signature);
        }
        request.body(body).build()
    }
}

const JSON: &str = "application/json; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded";

/// Numbers of 64 bits are strings: JavaScript reads larger ones than 2^53 wrongly.
fn ours(delivery: &str, message: &MessageRecord) -> String {
    json!({
        "delivery": delivery,
        "id": message.id.to_string(),
        "account": message.account.to_string(),
        "topic": message.topic,
        "title": message.title,
        "body": message.body,
        "order": message.order.to_string(),
        "at_ms": message.at_ms,
    })
    .to_string()
}

/// The markdown message of a robot. A line break is two of them there.
fn dingtalk(message: &MessageRecord) -> String {
    let text = format!("#### {}\n\n{}", message.title, message.body.replace('\n', "\n\n"));
    json!({ "msgtype": "markdown", "markdown": { "title": message.title, "text": text } })
        .to_string()
}

/// A robot's signature: the HMAC-SHA256 of the time in milliseconds, a line break and the secret, with the
/// secret as the key, in base64; time and signature in the query (open.dingtalk.com, "custom robot
/// security settings").
fn dingtalk_url(url: &Url, secret: &str, now_ms: u64) -> Url {
    let mut url = url.clone();
    if !secret.is_empty() {
        let mac = keyed(secret).chain_update(format!("{now_ms}\n{secret}")).finalize();
        let sign = STANDARD.encode(mac.into_bytes());
        let timestamp = now_ms.to_string();
        url.query_pairs_mut().append_pair("timestamp", &timestamp).append_pair("sign", &sign);
    }
    url
}

fn sms(shape: SmsBody, phone: &str, message: &MessageRecord) -> (&'static str, String) {
    let text = line(message);
    match shape {
        SmsBody::Json => (JSON, json!({ "phone": phone, "text": text }).to_string()),
        SmsBody::Form => {
            let mut form = Url::parse("form:?").expect("a scheme and an empty query are a URL");
            form.query_pairs_mut().append_pair("phone", phone).append_pair("text", &text);
            (FORM, form.query().unwrap_or_default().to_owned())
        }
    }
}

/// Title and body in one line of bounded length.
fn line(message: &MessageRecord) -> String {
    let both = format!("{} {}", message.title, message.body);
    let words: Vec<&str> = both.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SMS_CHARACTERS {
        return line;
    }
    let kept: String = line.chars().take(SMS_CHARACTERS - 1).collect();
    kept + "…"
}

/// Reads an answer as far as the bound.
async fn read(mut answer: Response, bound: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        let room = bound - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == bound {
            break;
        }
    }
    Ok(body)
}

/// How long the receiver wants to be left alone, in milliseconds: `retry-after` in seconds (RFC 9110, 10.2.3);
/// a date is not read.
fn rest_asked_for(answer: &Response) -> u64 {
    let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    seconds
        .and_then(|seconds| seconds.trim().parse::<u64>().ok())
        .unwrap_or(0)
        .saturating_mul(1_000)
}

/// What an answer means.
fn judge(status: StatusCode, body: &[u8], shape: &Shape) -> Attempt {
    if status == StatusCode::GONE {
        return Attempt::refused("the receiver says that the webhook is gone (410)".into());
    }
    if !status.is_success() {
        return Attempt::failed(format!("the receiver answered {}", status.as_u16()));
    }
    match shape {
        Shape::Ours | Shape::Sms(_) => Attempt::arrived(),
        Shape::Dingtalk => judge_dingtalk(body),
    }
}

/// A robot answers 200 always, and says in the body whether it took the message.
fn judge_dingtalk(body: &[u8]) -> Attempt {
    #[derive(serde::Deserialize)]
    struct Answer {
        errcode: i64,
        #[serde(default)]
        errmsg: String,
    }
    match serde_json::from_slice::<Answer>(body) {
        Ok(Answer { errcode: 0, .. }) => Attempt::arrived(),
        Ok(Answer { errcode, errmsg }) => {
            Attempt::failed(format!("the robot answered errcode {errcode}: {errmsg}"))
        }
        Err(_) => Attempt::failed("the robot's answer is not one of DingTalk's".into()),
    }
}

/// A request without an answer.
fn unanswered(error: reqwest::Error) -> Attempt {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return Attempt::refused(refused.to_string());
        }
        cause = inner.source();
    }
    Attempt::failed(said(error))
}

/// An error with its causes, and without the URL, which is the password of many webhooks.
fn said(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::schedule::Health;

    fn message(body: &str) -> MessageRecord {
        let title = "Order 7".into();
        MessageRecord { id: 1, account: 2, title, body: body.into(), ..Default::default() }
    }

    #[test]
    fn a_robots_signature_is_the_one_openssl_computes() {
        // printf '1700000000000\nSECxyz' | openssl dgst -sha256 -hmac SECxyz -binary | base64
        let url = "https://oapi.dingtalk.com/robot/send?access_token=t".parse().unwrap();
        let signed = dingtalk_url(&url, "SECxyz", 1_700_000_000_000);
        let pairs: Vec<_> = signed.query_pairs().into_owned().collect();
        assert_eq!(pairs[1], ("timestamp".into(), "1700000000000".into()));
        assert_eq!(
            pairs[2],
            ("sign".into(), "0PUR1j8g85Xg3vlFV/UrEcxXfF5HpCAGzcjrNfyJoyg=".into())
        );
        assert_eq!(dingtalk_url(&url, "", 1), url);
    }

    #[test]
    fn a_short_message_is_one_line_of_bounded_length() {
        assert_eq!(line(&message("Driver\n  arrives\tsoon ")), "Order 7 Driver arrives soon");
        let long = line(&message(&"快".repeat(1_300)));
        assert_eq!(long.chars().count(), SMS_CHARACTERS);
        let (kind, form) = sms(SmsBody::Form, "+86138", &message("a&b 快"));
        assert_eq!((kind, form.as_str()), (FORM, "phone=%2B86138&text=Order+7+a%26b+%E5%BF%AB"));
    }

    #[test]
    fn a_robot_that_answers_200_may_still_have_refused() {
        let judge = |body: &str| judge(StatusCode::OK, body.as_bytes(), &Shape::Dingtalk);
        assert_eq!(judge(r#"{"errcode":0,"errmsg":"ok"}"#), Attempt::arrived());
        let refused = judge(r#"{"errcode":310000,"errmsg":"sign not match"}"#);
        assert!(refused.error.unwrap().contains("310000: sign not match"));
        assert_eq!(judge("<html>").health, Health::Bad);
    }

    #[test]
    fn any_answer_of_a_robot_is_judged() {
        bolero::check!().for_each(|bytes| {
            let attempt = judge(StatusCode::OK, bytes, &Shape::Dingtalk);
            let arrived = attempt.error.is_none();
            assert_eq!(arrived, attempt.health == Health::Good);
            assert!(!arrived || serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
        });
    }
}
