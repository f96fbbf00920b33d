//! The runtime that was compiled with this test, asked as a release is.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

use smartlink_inspect::{difference, release, rules::rules, Code, Runtime};
use smartlink_runtime::{VERSION, WASM_BINARY};

#[test]
fn a_runtime_is_asked_kept_and_compared_with_what_was_kept() {
    let bytes = WASM_BINARY.expect("the runtime is built with the tests");
    let code = Code::of(bytes.to_vec()).unwrap();
    let runtime = Runtime::of_code(&code).unwrap();
    assert_eq!(runtime.version.spec_name, VERSION.spec_name);
    assert_eq!(runtime.version.spec_version, VERSION.spec_version);
    assert_eq!(runtime.version.transaction_version, VERSION.transaction_version);

    let card = release::card(&code, &runtime, &["commit 1".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    release::save(folder.path(), &code, &runtime, "an older one").unwrap();
    let files = release::save(folder.path(), &code, &runtime, &card).unwrap();
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        4,
        "nothing half written is left"
    );
    let spec = VERSION.spec_version;
    assert!(files.code.ends_with(format!("smartlink-runtime-{spec}.compact.compressed.wasm")));
    assert_eq!(std::fs::read(&files.code).unwrap(), bytes);
    let kept_card = std::fs::read_to_string(&files.hash).unwrap();
    assert_eq!(kept_card, card);
    assert!(card.contains("commit 1") && card.contains("metadata hash  0x"), "{card}");

    for kept in [&files.metadata, &files.module] {
        let kept = Runtime::read(kept).unwrap();
        assert_eq!((kept.name(), &kept.metadata), (runtime.name(), &runtime.metadata));
        let found = difference(&kept.metadata, &runtime.metadata).unwrap();
        assert!(found.changes.is_empty(), "{found}");
    }
    let kept = Runtime::read(&files.metadata).unwrap();
    let found = difference(&kept.metadata, &runtime.metadata).unwrap();
    assert!(rules(&kept, &runtime, &found).iter().all(|rule| rule.holds));
}
