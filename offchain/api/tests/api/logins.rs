//! Logging in, staying in, being put out.

use serde_json::json;
use smartlink_api::{Code, Standing};
use smartlink_primitives::Permissions;

use super::{
    house::{House, Tokens},
    signing, town,
};

fn code(refused: super::house::Outcome) -> i32 {
    refused.unwrap_err().code
}

#[tokio::test]
async fn a_driver_logs_in_with_her_wallet_and_is_what_the_chain_says() {
    let house = House::open().await;
    let driver = house.wallet(&town::driver()).await;
    let whoami = house.ok(&driver.access, "auth_whoami", json!({})).await;
    assert_eq!(whoami["roles"], json!(["driver"]));
    assert_eq!((&whoami["driver"], &whoami["seat"]), (&json!(7), &json!(3)));
    // The same wallet is the same account, however often it logs in.
    assert_eq!(house.wallet(&town::driver()).await.account, driver.account);
    let stranger = house.try_wallet(&town::stranger()).await.unwrap_err();
    assert_eq!(stranger.code, Code::NoRole.number());
}

#[tokio::test]
async fn a_challenge_is_good_once_and_not_for_long() {
    let house = House::open().await;
    let wallet = town::driver();
    let account = format!("0x{}", hex::encode(wallet.public_key().0));
    let given = house.call(None, "auth_challenge", json!({ "account": account })).await.unwrap();
    let challenge = given["challenge"].as_str().unwrap();
    let signature = format!("0x{}", hex::encode(wallet.sign(challenge.as_bytes()).0));
    let login = json!({ "account": account, "challenge": challenge, "signature": signature });
    house.call(None, "auth_login", login.clone()).await.unwrap();
    let again = house.call(None, "auth_login", login).await;
    assert_eq!(code(again), Code::ChallengeUnknown.number());

    let given = house.call(None, "auth_challenge", json!({ "account": account })).await.unwrap();
    let challenge = given["challenge"].as_str().unwrap();
    let signature = format!("0x{}", hex::encode(wallet.sign(challenge.as_bytes()).0));
    house.pass(121_000);
    let login = json!({ "account": account, "challenge": challenge, "signature": signature });
    assert_eq!(code(house.call(None, "auth_login", login).await), Code::ChallengeUnknown.number());
}

#[tokio::test]
async fn wallets_with_other_kinds_of_keys_log_in_too() {
    let house = House::open().await;
    let auditor = Standing { permissions: Permissions::AUDIT, ..Default::default() };
    let challenge = async |account: [u8; 32]| {
        house.town.set_account(account, auditor);
        let params = json!({ "account": format!("0x{}", hex::encode(account)) });
        let given = house.call(None, "auth_challenge", params).await.unwrap();
        given["challenge"].as_str().unwrap().to_owned()
    };
    let hex = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
    let (account, _) = signing::signed_by_ed25519("");
    // As the extension of a browser has it signed.
    let text = challenge(account).await;
    let (_, signature) = signing::signed_by_ed25519(&format!("<Bytes>{text}</Bytes>"));
    let params =
        json!({ "account": hex(&account), "challenge": text, "signature": hex(&signature) });
    let whoami = house.call(None, "auth_login", params).await.unwrap()["whoami"].clone();
    assert_eq!(whoami["roles"], json!(["auditor"]));

    let (account, key, _) = signing::signed_by_ecdsa("");
    let text = challenge(account).await;
    let (.., signature) = signing::signed_by_ecdsa(&text);
    let mut params =
        json!({ "account": hex(&account), "challenge": text, "signature": hex(&signature) });
    let keyless = house.call(None, "auth_login", params.clone()).await;
    assert_eq!(code(keyless), Code::InvalidParams.number(), "the key has to come along");
    params["public_key"] = json!(hex(&key));
    house.call(None, "auth_login", params).await.unwrap();

    // A signature over another text.
    let text = challenge(account).await;
    let params = json!({
        "account": hex(&account), "challenge": text, "signature": hex(&signature), "public_key": hex(&key),
    });
    assert_eq!(code(house.call(None, "auth_login", params).await), Code::BadSignature.number());
}

#[tokio::test]
async fn a_rider_registers_and_comes_back_with_the_password() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let taken = json!({ "name": "ann", "password": "another horse" });
    assert_eq!(code(house.call(None, "auth_register", taken).await), Code::NameTaken.number());
    let right = json!({ "name": "ann", "password": "correct horse" });
    let back = Tokens::of(&house.call(None, "auth_password", right).await.unwrap());
    assert_eq!(back.account, ann.account);
    let wrong = json!({ "name": "ann", "password": "wrong horse!" });
    let nobody = json!({ "name": "bob", "password": "correct horse" });
    let wrong = house.call(None, "auth_password", wrong).await.unwrap_err();
    let nobody = house.call(None, "auth_password", nobody).await.unwrap_err();
    assert_eq!(wrong, nobody, "nobody learns which names there are");
    assert_eq!(wrong.code, Code::BadCredentials.number());
    for (name, password) in [("Ann", "correct horse"), ("cat", "too short")] {
        let params = json!({ "name": name, "password": password });
        let refused = house.call(None, "auth_register", params).await;
        assert_eq!(code(refused), Code::InvalidParams.number());
    }
}

#[tokio::test]
async fn two_who_take_the_same_name_at_once_do_not_both_get_it() {
    let house = House::open().await;
    let params = json!({ "name": "ann", "password": "correct horse" });
    let tries = (0..8).map(|_| house.call(None, "auth_register", params.clone()));
    let outcomes = futures::future::join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_refresh_token_is_used_up_and_a_copy_of_it_ends_the_session() {
    let house = House::open().await;
    let first = house.rider("ann").await;
    let refresh = |token: &str| json!({ "refresh_token": token });
    let second = house.call(None, "auth_refresh", refresh(&first.refresh)).await.unwrap();
    let second = Tokens::of(&second);
    assert_ne!(second.refresh, first.refresh);
    house.ok(&second.access, "auth_whoami", json!({})).await;

    // Somebody has a copy of the first.
    house.pass(30_000);
    let thief = house.call(None, "auth_refresh", refresh(&first.refresh)).await;
    assert_eq!(code(thief), Code::RefreshReused.number());
    let ended = house.refused(&second.access, "auth_whoami", json!({})).await;
    assert_eq!(ended.code, Code::SessionRevoked.number());
    let gone = house.call(None, "auth_refresh", refresh(&second.refresh)).await;
    assert_eq!(code(gone), Code::RefreshUnknown.number());
    let unknown = house.call(None, "auth_refresh", refresh("made up")).await;
    assert_eq!(code(unknown), Code::RefreshUnknown.number());
}

#[tokio::test]
async fn the_same_refresh_token_from_two_sides_at_once_gives_one_pair_and_no_other() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let params = json!({ "refresh_token": ann.refresh });
    let tries = (0..6).map(|_| house.call(None, "auth_refresh", params.clone()));
    let outcomes = futures::future::join_all(tries).await;
    let pairs: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert!(!pairs.is_empty() && pairs.iter().all(|pair| *pair == pairs[0]));
    for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert_eq!(refused.code, Code::Overloaded.number(), "to be sent again in a moment");
    }
    house.ok(&ann.access, "auth_whoami", json!({})).await;
}

#[tokio::test]
async fn who_lost_the_answer_to_a_refresh_asks_again_and_gets_the_same() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let params = json!({ "refresh_token": ann.refresh });
    let lost = house.call(None, "auth_refresh", params).await.unwrap();
    house.pass(29_000);
    let house = house.reopen().await;
    let refresh = async |token: &str| {
        house.call(None, "auth_refresh", json!({ "refresh_token": token })).await
    };
    let again = refresh(&ann.refresh).await.unwrap();
    assert_eq!(again, lost, "also by a service that was started again meanwhile");
    // Its successor is used: now the first one can only be a copy, however quickly it comes.
    let third = Tokens::of(&refresh(&Tokens::of(&again).refresh).await.unwrap());
    assert_eq!(code(refresh(&ann.refresh).await), Code::RefreshReused.number());
    assert_eq!(code(refresh(&third.refresh).await), Code::RefreshUnknown.number());
    let ended = house.refused(&third.access, "auth_whoami", json!({})).await;
    assert_eq!(ended.code, Code::SessionRevoked.number());
}

#[tokio::test]
async fn without_grace_every_second_use_ends_the_session() {
    let house = House::with(|config| config.login.refresh_grace_s = 0).await;
    let ann = house.rider("ann").await;
    let params = json!({ "refresh_token": ann.refresh });
    house.call(None, "auth_refresh", params.clone()).await.unwrap();
    let again = house.call(None, "auth_refresh", params).await;
    assert_eq!(code(again), Code::RefreshReused.number());
}

#[tokio::test]
async fn a_token_is_over_after_ten_minutes_and_roles_are_read_anew() {
    let house = House::open().await;
    let operator = house.wallet(&town::operator()).await;
    house.pass(601_000);
    let over = house.refused(&operator.access, "ops_orders", json!({})).await;
    assert_eq!(over.code, Code::TokenExpired.number());
    // A token that is over does not stand in the way of a new one.
    let auditor = Standing { permissions: Permissions::AUDIT, ..Default::default() };
    house.town.set(&town::operator(), auditor);
    let params = json!({ "refresh_token": operator.refresh });
    let again = house.call(Some(&operator.access), "auth_refresh", params).await.unwrap();
    assert_eq!(again["whoami"]["roles"], json!(["auditor"]));
    // Who lost every role cannot go on, and keeps the refresh token for when it is granted again.
    house.town.set(&town::operator(), Standing::default());
    let refresh = json!({ "refresh_token": Tokens::of(&again).refresh });
    let lost = house.call(None, "auth_refresh", refresh.clone()).await;
    assert_eq!(code(lost), Code::NoRole.number());
    house.town.set(&town::operator(), auditor);
    house.call(None, "auth_refresh", refresh).await.unwrap();
}

#[tokio::test]
async fn who_logs_out_is_out_at_once_and_after_a_restart() {
    let house = House::open().await;
    let (ann, bob) = (house.rider("ann").await, house.rider("bob").await);
    house.ok(&ann.access, "auth_logout", json!({})).await;
    let house = house.reopen().await;
    let out = house.refused(&ann.access, "auth_whoami", json!({})).await;
    assert_eq!(out.code, Code::SessionRevoked.number());
    house.ok(&bob.access, "auth_whoami", json!({})).await;
    house.call(None, "auth_refresh", json!({ "refresh_token": bob.refresh })).await.unwrap();
}

#[tokio::test]
async fn operations_put_an_account_out_everywhere() {
    let house = House::open().await;
    let ann = house.rider("ann").await;
    let params = json!({ "name": "ann", "password": "correct horse" });
    let elsewhere = Tokens::of(&house.call(None, "auth_password", params).await.unwrap());
    let operator = house.wallet(&town::operator()).await;
    let revoke = json!({ "account": ann.account });
    let ended = house.ok(&operator.access, "ops_revoke", revoke.clone()).await;
    assert_eq!(ended["sessions"], json!(2));
    for token in [&ann.access, &elsewhere.access] {
        let out = house.refused(token, "auth_whoami", json!({})).await;
        assert_eq!(out.code, Code::SessionRevoked.number());
    }
    assert_eq!(house.ok(&operator.access, "ops_revoke", revoke).await["sessions"], json!(0));
}

#[tokio::test]
async fn one_session_too_many_ends_the_oldest() {
    let house = House::with(|config| config.login.sessions_per_account = 2).await;
    let first = house.rider("ann").await;
    let params = json!({ "name": "ann", "password": "correct horse" });
    for _ in 0..2 {
        house.pass(1_000);
        house.call(None, "auth_password", params.clone()).await.unwrap();
    }
    let out = house.refused(&first.access, "auth_whoami", json!({})).await;
    assert_eq!(out.code, Code::SessionRevoked.number());
}

#[tokio::test]
async fn a_token_of_another_company_is_refused_by_name() {
    let house = House::open().await;
    let key = house.folder.path().join("key");
    std::fs::write(&key, [7; 32]).unwrap();
    let theirs = House::with(|config| {
        config.company = 2;
        config.token_key_file = Some(key.clone());
    })
    .await;
    let ours = House::with(|config| config.token_key_file = Some(key.clone())).await;
    let ann = theirs.rider("ann").await;
    let refused = ours.refused(&ann.access, "auth_whoami", json!({})).await;
    assert_eq!(refused.code, Code::OtherCompany.number());
    assert!(refused.message.contains("company 2"), "{}", refused.message);
    let unknown = house.refused(&ann.access, "auth_whoami", json!({})).await;
    assert_eq!(unknown.code, Code::Unauthenticated.number(), "another key");
}
