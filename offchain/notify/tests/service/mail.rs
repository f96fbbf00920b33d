//! E-mail, seen by the mail server.

use smartlink_notify::{NotifyConfig, SmtpTls};
use smartlink_proto::notify::Channels;
use tonic::Code;

use crate::{about, dead_letters, mail_server::MailServer, quick, set, until, Delivering};

fn by_mail(email: &str) -> Channels {
    Channels { email: email.into(), ..Channels::default() }
}

async fn arrives(tls: SmtpTls) -> crate::mail_server::Mail {
    let folder = tempfile::tempdir().unwrap();
    let mut server = MailServer::start(folder.path(), tls).await;
    let config = NotifyConfig { smtp: server.config.clone(), ..quick() };
    let mut service = Delivering::start(&folder.path().join("store"), config);
    set(&mut service.client, 7, by_mail("rider@example.org")).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    let mail = server.next().await;
    until(async || service.notify.figures().delivered == 1).await;
    service.stop().await;
    mail
}

#[tokio::test]
async fn a_mail_arrives_through_a_plain_relay() {
    let mail = arrives(SmtpTls::Plain).await;
    assert_eq!(mail.to, "rider@example.org");
    assert!(!mail.over_tls && mail.login.is_empty());
    let has = |part: &str| assert!(mail.data.contains(part), "{part} in {}", mail.data);
    has("From: SmartLink <notify@example.com>");
    has("To: rider@example.org");
    has("Subject: =?utf-8?b?5oKo55qE5Y+45py65bey5Yiw6L6+?=");
    has("Content-Type: text/plain; charset=utf-8");
    has("@example.com>\n");
}

#[tokio::test]
async fn starttls_comes_before_the_password() {
    let mail = arrives(SmtpTls::Starttls).await;
    assert!(mail.over_tls);
    assert_eq!(mail.login, "AG5vdGlmeQBjb3JyZWN0IGhvcnNl", "base64 of \\0notify\\0correct horse");
}

#[tokio::test]
async fn tls_from_the_first_byte_works_too() {
    let mail = arrives(SmtpTls::Tls).await;
    assert!(mail.over_tls && !mail.login.is_empty());
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = MailServer::start(folder.path(), SmtpTls::Starttls).await;
    let mut config = NotifyConfig { smtp: server.config.clone(), ..quick() };
    config.smtp.ca_file = None;
    config.retry.attempts = 2;
    let mut service = Delivering::start(&folder.path().join("store"), config);
    set(&mut service.client, 7, by_mail("rider@example.org")).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    until(async || service.notify.figures().given_up == 1).await;
    let dead = dead_letters(&mut service.client).await.remove(0);
    assert_eq!((dead.channel.as_str(), dead.attempts), ("email", 2));
    assert!(!dead.last_error.contains("horse"), "{}", dead.last_error);
    assert!(server.mails.try_recv().is_err());
    service.stop().await;
}

#[tokio::test]
async fn a_busy_server_is_tried_again_and_an_unknown_mailbox_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = MailServer::start(folder.path(), SmtpTls::Plain).await;
    server.busy.send(true).unwrap();
    let mut config = NotifyConfig { smtp: server.config.clone(), ..quick() };
    config.retry.attempts = 1_000;
    let mut service = Delivering::start(&folder.path().join("store"), config);
    set(&mut service.client, 7, by_mail("rider@example.org")).await.unwrap();
    set(&mut service.client, 8, by_mail("nobody@example.org")).await.unwrap();
    service.client.send(about(7, "arrived")).await.unwrap();
    until(async || service.notify.figures().retried >= 3).await;
    service.client.send(about(8, "arrived")).await.unwrap();
    server.busy.send(false).unwrap();
    assert_eq!(server.next().await.to, "rider@example.org");
    until(async || service.notify.figures().waiting == 0).await;
    let dead = dead_letters(&mut service.client).await;
    assert_eq!(dead.len(), 1);
    assert!(dead[0].last_error.contains("no such mailbox"), "{}", dead[0].last_error);
    service.stop().await;
    assert!(server.mails.try_recv().is_err());
}

#[tokio::test]
async fn without_a_mail_server_nobody_can_ask_for_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Delivering::start(folder.path(), quick());
    let refused = set(&mut service.client, 7, by_mail("rider@example.org")).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let refused = set(&mut service.client, 7, by_mail("no mailbox")).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    service.stop().await;
}
