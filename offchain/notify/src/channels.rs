//! Where messages to an account go besides its inbox.

use std::fmt;

use lettre::Address;
use reqwest::Url;
use smartlink_proto::notify::{self as proto, WebhookShape};
use smartlink_service::Secret;

use crate::delivery::guard::{Guard, Refused};

const LONGEST_EMAIL: usize = 254;
const LONGEST_URL: usize = 2_048;
const LONGEST_SECRET: usize = 256;
/// Digits of a telephone number (ITU-T E.164 has 15 at most; short numbers of a country have 3).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=15;
/// The parameter of a gateway's URL that holds the number. It is taken out before the request.
const PHONE: &str = "phone";

/// The channels of an account, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Channels {
    pub(crate) email: Option<Address>,
    pub(crate) webhook: Option<Webhook>,
}

/// A webhook, checked.
#[derive(Clone)]
pub(crate) struct Webhook {
    /// Without the telephone number.
    pub(crate) url: Url,
    pub(crate) shape: Shape,
    /// With what bodies are signed; empty when they are not.
    pub(crate) secret: Secret<String>,
}

/// What a webhook wants to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The message as JSON, signed.
    Ours,
    /// The markdown message of a DingTalk robot.
    Dingtalk,
    /// A short message to a telephone number.
    Sms(String),
}

/// Channels that cannot be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChannelsError {
    #[error(
        "the e-mail address is not one, or longer than {LONGEST_EMAIL} bytes: give name@domain"
    )]
    Email,
    #[error("the webhook's URL is not one ({0}): give http:// or https:// with a host")]
    Url(&'static str),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("the webhook's shape {0} is unknown: give 0 (ours), 1 (DingTalk) or 2 (SMS)")]
    Shape(i32),
    #[error(
        "a webhook of our shape is signed: give webhook_secret, at most {LONGEST_SECRET} bytes"
    )]
    NoSecret,
    #[error("webhook_secret has {0} bytes: give at most {LONGEST_SECRET}")]
    LongSecret(usize),
    #[error(
        "a gateway for short messages needs the telephone number as the parameter {PHONE} of its URL: \
         give ?{PHONE}=%2B8613800000000, 3 to 15 digits with or without a plus sign"
    )]
    Phone,
}

impl Channels {
    /// Checks channels as they came over the wire.
    pub(crate) fn parse(channels: &proto::Channels, guard: &Guard) -> Result<Self, ChannelsError> {
        let email = match channels.email.as_str() {
            "" => None,
            long if long.len() > LONGEST_EMAIL => return Err(ChannelsError::Email),
            email => Some(email.parse().map_err(|_| ChannelsError::Email)?),
        };
        let webhook = match channels.webhook_url.as_str() {
            "" => None,
            url => Some(Webhook::parse(url, channels, guard)?),
        };
        Ok(Self { email, webhook })
    }
}

impl Webhook {
    fn parse(url: &str, channels: &proto::Channels, guard: &Guard) -> Result<Self, ChannelsError> {
        let url = parse_url(url)?;
        guard.check(&url)?;
        let secret = Secret::new(channels.webhook_secret.clone());
        if secret.expose().len() > LONGEST_SECRET {
            return Err(ChannelsError::LongSecret(secret.expose().len()));
        }
        let shape = WebhookShape::try_from(channels.webhook_shape)
            .map_err(|_| ChannelsError::Shape(channels.webhook_shape))?;
        match shape {
            WebhookShape::Unspecified if secret.expose().is_empty() => Err(ChannelsError::NoSecret),
            WebhookShape::Unspecified => Ok(Self { url, shape: Shape::Ours, secret }),
            WebhookShape::Dingtalk => Ok(Self { url, shape: Shape::Dingtalk, secret }),
            WebhookShape::Sms => {
                let (url, phone) = take_phone(url)?;
                Ok(Self { url, shape: Shape::Sms(phone), secret })
            }
        }
    }
}

fn parse_url(url: &str) -> Result<Url, ChannelsError> {
    if url.len() > LONGEST_URL {
        return Err(ChannelsError::Url("it has more than 2,048 bytes"));
    }
    let url = Url::parse(url).map_err(|_| ChannelsError::Url("it cannot be read"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ChannelsError::Url("its scheme is another"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(ChannelsError::Url("it has no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ChannelsError::Url("it carries a user or a password"));
    }
    Ok(url)
}

/// Takes the telephone number out of the URL of a gateway, so that it stands in the body alone and in
/// nobody's access log.
fn take_phone(mut url: Url) -> Result<(Url, String), ChannelsError> {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let (phones, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(key, _)| key == PHONE);
    let [(_, phone)] = phones.as_slice() else {
        return Err(ChannelsError::Phone);
    };
    // A plus sign that was not escaped is a space by the rules of forms.
    let phone = phone.replace(' ', "+");
    let digits = phone.strip_prefix('+').unwrap_or(&phone);
    let numeric = digits.bytes().all(|digit| digit.is_ascii_digit());
    if !numeric || !PHONE_DIGITS.contains(&digits.len()) {
        return Err(ChannelsError::Phone);
    }
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    Ok((url, phone))
}

impl fmt::Debug for Webhook {
    /// Only the host: the path and the query of many services are their password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        f.debug_struct("Webhook").field("host", &host).field("shape", &self.shape).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WebhookConfig;

    fn parse(url: &str, shape: WebhookShape) -> Result<Webhook, ChannelsError> {
        let channels = proto::Channels {
            webhook_url: url.into(),
            webhook_shape: shape.into(),
            webhook_secret: "correct horse".into(),
            ..Default::default()
        };
        let guard = Guard::new(&WebhookConfig::default());
        Channels::parse(&channels, &guard).map(|channels| channels.webhook.unwrap())
    }

    #[test]
    fn a_gateway_gets_the_number_in_the_body_alone() {
        let url = "https://sms.example/send?account=7&phone=%2B8613800000000&lang=zh";
        let webhook = parse(url, WebhookShape::Sms).unwrap();
        assert_eq!(webhook.url.as_str(), "https://sms.example/send?account=7&lang=zh");
        assert_eq!(webhook.shape, Shape::Sms("+8613800000000".into()));
        for wrong in ["", "?phone=", "?phone=12", "?phone=1380000x", "?phone=110&phone=120"] {
            let url = format!("https://sms.example/send{wrong}");
            let refused = parse(&url, WebhookShape::Sms);
            assert!(matches!(refused, Err(ChannelsError::Phone)), "{url}");
        }
    }

    #[test]
    fn what_is_no_webhook_is_refused() {
        let long = format!("https://example.com/{}", "x".repeat(LONGEST_URL));
        for url in
            ["ftp://example.com", "example.com", "https://u:p@example.com", "https://", &long]
        {
            let refused = parse(url, WebhookShape::Unspecified);
            assert!(matches!(refused, Err(ChannelsError::Url(_))), "{url}");
        }
        // The WHATWG parser reads all of these as 127.0.0.1.
        for url in ["http://127.0.0.1", "http://2130706433", "http://0x7f.1", "http://127.1:8080/"]
        {
            let refused = parse(url, WebhookShape::Unspecified);
            assert!(matches!(refused, Err(ChannelsError::Refused(_))), "{url}");
        }
    }

    #[test]
    fn what_opens_a_webhook_is_not_printed() {
        let url = "https://oapi.dingtalk.com/robot/send?access_token=letmein";
        let shown = format!("{:?}", parse(url, WebhookShape::Dingtalk).unwrap());
        assert!(!shown.contains("letmein") && !shown.contains("horse"), "{shown}");
    }

    #[test]
    fn any_channels_are_an_answer() {
        let guard = Guard::new(&WebhookConfig::default());
        bolero::check!().with_type::<(String, String, u8)>().for_each(|(email, url, shape)| {
            for url in [url.clone(), format!("http://{url}"), format!("https://x.y?phone={url}")] {
                let channels = proto::Channels {
                    email: email.clone(),
                    webhook_url: url,
                    webhook_shape: i32::from(shape % 4),
                    webhook_secret: "correct horse".into(),
                };
                if let Ok(Channels { webhook: Some(webhook), .. }) =
                    Channels::parse(&channels, &guard)
                {
                    assert!(webhook.url.has_host());
                    assert!(guard.check(&webhook.url).is_ok());
                }
            }
        });
    }
}
