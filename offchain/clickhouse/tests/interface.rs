//! The engine as any HTTP client sees it.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[allow(dead_code)]
mod support;

use std::{io::Write, process::Command, time::Duration};

use reqwest::{Client, Response, StatusCode};
use smartlink_clickhouse::{code, Engine, EngineError};
use support::{engine, engine_with};

/// Sends a statement with parameters of the URL.
async fn send(url: &str, parameters: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Response {
    Client::new().post(url).query(parameters).body(body).send().await.unwrap()
}

async fn ask(url: &str, sql: &str) -> String {
    let response = send(url, &[], sql.to_owned()).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{sql}: {text}");
    text
}

/// The code and the status that a request is refused with.
async fn refusal(response: Response) -> (i32, StatusCode) {
    let status = response.status();
    let header =
        response.headers()["x-clickhouse-exception-code"].to_str().unwrap().parse().unwrap();
    let text = response.text().await.unwrap();
    assert!(text.starts_with(&format!("Code: {header}. DB::Exception: ")), "{text}");
    (header, status)
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_reaches_it_like_a_server() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    let curl = |arguments: &[&str]| {
        let output = Command::new("curl").arg("-sS").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(curl(&[&format!("{url}/ping")]), "Ok.\n");
    assert_eq!(curl(&[&format!("{url}/replicas_status")]), "Ok.\n");
    assert_eq!(curl(&[&format!("{url}/?query=SELECT%201%2B1")]), "2\n");
    assert_eq!(curl(&[&url, "-d", "SELECT 1 AS a FORMAT JSONEachRow"]), "{\"a\":1}\n");
    assert_eq!(curl(&["--compressed", &url, "-d", "SELECT repeat('x', 9)"]), "xxxxxxxxx\n");
    curl(&[&url, "-d", "CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a"]);
    let head = curl(&[
        "-i",
        &format!("{url}/?query=INSERT%20INTO%20t%20FORMAT%20CSV&query_id=mine"),
        "--data-binary",
        "1,x\n2,y\n",
    ]);
    assert!(
        head.contains("\"written_rows\":\"2\"") && head.contains("x-clickhouse-query-id: mine"),
        "{head}"
    );
    assert_eq!(
        curl(&[&format!("{url}/?param_b=y"), "-d", "SELECT a FROM t WHERE b = {b:String}"]),
        "2\n"
    );
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_back_from_every_format_as_they_went_in() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(
        &url,
        "CREATE TABLE source (a UInt64, b String, c Array(Int32)) ENGINE = MergeTree ORDER BY a",
    )
    .await;
    ask(&url, "INSERT INTO source SELECT number, concat('it''s; \\n, ', toString(number)), [number, -1] FROM numbers(1000)").await;
    let expected = ask(&url, "SELECT * FROM source ORDER BY a").await;
    for format in [
        "RowBinary",
        "RowBinaryWithNames",
        "RowBinaryWithNamesAndTypes",
        "JSONEachRow",
        "JSONCompactEachRow",
        "Parquet",
        "CSV",
        "CSVWithNames",
        "TSV",
        "TabSeparatedWithNames",
        "Values",
        "Native",
        "Arrow",
    ] {
        let sql = format!("SELECT * FROM source ORDER BY a FORMAT {format}");
        let rows = send(&url, &[], sql).await;
        assert_eq!(rows.headers()["x-clickhouse-format"], format);
        let rows = rows.bytes().await.unwrap();
        ask(&url, "CREATE OR REPLACE TABLE target AS source ENGINE = MergeTree ORDER BY a").await;
        // The statement in the URL and the data in the body, and both in the body.
        let sql = format!("INSERT INTO target (a, b, c) FORMAT {format}");
        let one = send(&url, &[("query", &sql)], rows.clone()).await;
        assert_eq!(one.status(), StatusCode::OK, "{format}: {}", one.text().await.unwrap());
        assert_eq!(ask(&url, "SELECT * FROM target ORDER BY a").await, expected, "{format}");
        ask(&url, "TRUNCATE TABLE target").await;
        let both = [format!("{sql}\n").as_bytes(), &rows].concat();
        let both = send(&url, &[], both).await;
        assert_eq!(both.status(), StatusCode::OK, "{format}: {}", both.text().await.unwrap());
        assert_eq!(ask(&url, "SELECT * FROM target ORDER BY a").await, expected, "{format}");
    }
    // Data that the engine would take for nothing is refused.
    let input = "INSERT INTO target SELECT a, b, [] FROM input('a UInt64, b String') FORMAT CSV";
    assert_eq!(
        refusal(send(&url, &[("query", input)], "5000,z\n").await).await.0,
        code::NOT_IMPLEMENTED
    );
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_clickhouses_codes_and_statuses() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(&url, "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a").await;
    for (parameters, body, expected, status) in [
        (vec![], "SELECT * FROM nowhere", 60, StatusCode::NOT_FOUND),
        (vec![], "SELECT nothing", 47, StatusCode::NOT_FOUND),
        (vec![], "SELECT", 62, StatusCode::BAD_REQUEST),
        (vec![], "garbage", 62, StatusCode::BAD_REQUEST),
        (vec![], "", code::SYNTAX_ERROR, StatusCode::BAD_REQUEST),
        (vec![], "SELECT 1; SELECT 2", code::SYNTAX_ERROR, StatusCode::BAD_REQUEST),
        (vec![], "SELECT 1 FORMAT Nonsense", code::UNKNOWN_FORMAT, StatusCode::NOT_FOUND),
        (vec![], "SELECT {a:UInt8}", 456, StatusCode::INTERNAL_SERVER_ERROR),
        (vec![], "SELECT * FROM file('/etc/passwd')", code::ACCESS_DENIED, StatusCode::FORBIDDEN),
        (vec![], "SELECT throwIf(1)", 395, StatusCode::INTERNAL_SERVER_ERROR),
        (vec![("database", "nowhere")], "SELECT 1", 81, StatusCode::NOT_FOUND),
        (vec![("max_treads", "1")], "SELECT 1", code::UNKNOWN_SETTING, StatusCode::NOT_FOUND),
        (vec![("max_threads", "many")], "SELECT 1", 27, StatusCode::BAD_REQUEST),
        (vec![("session_id", "a")], "SELECT 1", code::NOT_IMPLEMENTED, StatusCode::NOT_IMPLEMENTED),
        (
            vec![("max_execution_time", "0.2")],
            "SELECT sum(sipHash64(number)) FROM numbers(100000000000)",
            159,
            StatusCode::REQUEST_TIMEOUT,
        ),
        (vec![("query", "INSERT INTO t FORMAT CSV")], "x\n", 117, StatusCode::BAD_REQUEST),
        (vec![("query", "INSERT INTO nowhere FORMAT CSV")], "1\n", 60, StatusCode::NOT_FOUND),
        (
            vec![("query", "INSERT INTO t FORMAT RowBinary"), ("decompress", "1")],
            "no block",
            code::CANNOT_DECOMPRESS,
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let refused = refusal(send(&url, &parameters, body).await).await;
        assert_eq!(refused, (expected, status), "{parameters:?} {body}");
    }
    // A GET changes nothing.
    let create = format!("{url}/?query=CREATE%20TABLE%20u%20(a%20UInt8)%20ENGINE=Memory");
    assert_eq!(refusal(Client::new().get(create).send().await.unwrap()).await.0, 164);
    assert_eq!(
        Client::new().get(format!("{url}/nowhere")).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        Client::new().put(&url).send().await.unwrap().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_values_may_be_expressions_that_reach_nothing_outside() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(&url, "CREATE TABLE t (a String, b UInt8) ENGINE = MergeTree ORDER BY a").await;
    let insert = [("query", "INSERT INTO t VALUES")];
    let inserted = send(&url, &insert, "(concat('a', 'b'), 1 + 1), ('file(', '3')").await;
    assert_eq!(inserted.status(), StatusCode::OK, "{}", inserted.text().await.unwrap());
    ask(&url, "INSERT INTO t (b, a) FORMAT Values (length('abcd'), 'c')").await;
    assert_eq!(ask(&url, "SELECT * FROM t ORDER BY a").await, "ab\t2\nc\t4\nfile(\t3\n");
    for data in [
        "(file('/etc/passwd'), 1)",
        "((SELECT line FROM file('/etc/passwd', LineAsString) LIMIT 1), 1)",
        "((SELECT a FROM newKindOfStore('x')), 1)",
        "('a', 1), (`file`('/etc/passwd'), 1)",
    ] {
        let refused = refusal(send(&url, &insert, data).await).await;
        assert_eq!(refused, (code::ACCESS_DENIED, StatusCode::FORBIDDEN), "{data}");
    }
    // More than a statement may be long: literals alone, whatever is behind them.
    let long = |last: &str| {
        let rows = (0..100_000).map(|n| format!("('row number {n}', 7), "));
        rows.chain([last.to_owned()]).collect::<String>()
    };
    let literals = send(&url, &insert, long("('last', 7)")).await;
    assert_eq!(literals.status(), StatusCode::OK, "{}", literals.text().await.unwrap());
    assert_eq!(ask(&url, "SELECT count() FROM t WHERE b = 7").await, "100001\n");
    let hidden = send(&url, &insert, long("(file('/etc/passwd'), 7)")).await;
    let told = hidden.text().await.unwrap();
    assert!(told.contains("Interpreting expressions is disabled"), "{told}");
    // No setting turns that off.
    for (name, value) in [
        ("input_format_values_interpret_expressions", "1"),
        ("input_format_values_deduce_templates_of_expressions", "1"),
        ("dialect", "prql"),
    ] {
        let refused = refusal(send(&url, &[insert[0], (name, value)], "('a', 1)").await).await;
        assert_eq!(refused.0, code::ACCESS_DENIED, "{name}");
    }
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engines_table_functions_are_served_or_refused_by_one_list() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    let names = ask(&url, "SELECT name FROM system.table_functions ORDER BY name").await;
    let mut served = Vec::new();
    for name in names.lines() {
        let answer = send(&url, &[], format!("SELECT * FROM {name}()")).await;
        let status = answer.status();
        match status {
            StatusCode::FORBIDDEN => assert_eq!(refusal(answer).await.0, code::ACCESS_DENIED),
            _ => served.push(name),
        }
    }
    // A new version of the library has more of them: look what they reach before they get on the list.
    let expected = [
        "SQLStandardValues",
        "dictionary",
        "generateRandom",
        "generateSeries",
        "generate_series",
        "merge",
        "mergeTreeIndex",
        "mergeTreeProjection",
        "null",
        "numbers",
        "numbers_mt",
        "primes",
        "values",
        "view",
        "zeros",
        "zeros_mt",
    ];
    assert_eq!(served, expected);
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_session_outlives_a_request() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(&url, "CREATE DATABASE other").await;
    ask(&url, "SET max_threads = 7").await;
    ask(&url, "USE other").await;
    ask(&url, "CREATE TEMPORARY TABLE mine (a UInt8)").await;
    let with = send(
        &url,
        &[("max_threads", "5"), ("database", "other"), ("param_a", "1")],
        "SELECT getSetting('max_threads'), currentDatabase(), {a:UInt8}",
    )
    .await;
    assert_eq!(with.text().await.unwrap(), "5\tother\t1\n");
    for _ in 0..20 {
        let seen = ask(&url, "SELECT getSetting('max_threads'), currentDatabase()").await;
        assert_eq!(seen, "2\tdefault\n");
        let refused = send(&url, &[], "SELECT * FROM mine").await;
        assert_eq!(refusal(refused).await.0, 60);
        assert_eq!(refusal(send(&url, &[], "SELECT {a:UInt8}").await).await.0, 456);
    }
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_answers_may_be_compressed() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(&url, "CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a").await;
    let rows: String = (0..10_000).map(|n| format!("{n}\n")).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(rows.as_bytes()).unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(rows.as_bytes()).unwrap();
    for (encoding, body) in [("gzip", gzip.finish().unwrap()), ("deflate", zlib.finish().unwrap())]
    {
        let sent = Client::new()
            .post(&url)
            .query(&[("query", "INSERT INTO t FORMAT TSV")])
            .header("content-encoding", encoding)
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
    }
    assert_eq!(ask(&url, "SELECT count(), sum(a) FROM t").await, "20000\t99990000\n");
    // ClickHouse's own blocks, there and back.
    let blocks =
        send(&url, &[("compress", "1")], "SELECT a FROM t ORDER BY a LIMIT 5000 FORMAT TSV").await;
    let blocks = blocks.bytes().await.unwrap();
    assert!(blocks.len() < 20_000 && blocks[16] == 0x82);
    let back =
        send(&url, &[("query", "INSERT INTO t FORMAT TSV"), ("decompress", "1")], blocks).await;
    assert_eq!(back.status(), StatusCode::OK, "{}", back.text().await.unwrap());
    assert_eq!(ask(&url, "SELECT count() FROM t").await, "25000\n");
    for (accept, magic) in
        [("gzip", &[0x1f, 0x8b][..]), ("deflate", &[0x78]), ("lz4", &[0x04, 0x22, 0x4d, 0x18])]
    {
        let answer = Client::new()
            .post(&url)
            .header("accept-encoding", accept)
            .body("SELECT * FROM t")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["content-encoding"], accept);
        assert!(answer.bytes().await.unwrap().starts_with(magic));
    }
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_the_middle_is_seen_by_the_caller() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    let failing = "SELECT number, throwIf(number = 3000000, 'in the middle') FROM numbers(5000000)";
    let mut answer = send(&url, &[("max_threads", "1")], failing).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let tag = answer.headers()["x-clickhouse-exception-tag"].to_str().unwrap().to_owned();
    let mut end = Vec::new();
    let broken = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => {
                end.extend_from_slice(&chunk);
                let surplus = end.len().saturating_sub(2_000);
                end.drain(..surplus);
            }
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    let end = String::from_utf8(end).unwrap();
    assert!(broken, "the answer looks whole");
    assert!(end.ends_with(&format!("{tag}\r\n__exception__\r\n")), "{end}");
    assert!(end.contains("Code: 395") && end.contains("in the middle"), "{end}");
    // With the answer kept until it is whole, it is an error from the start.
    let kept = send(&url, &[("wait_end_of_query", "1"), ("max_threads", "1")], failing).await;
    assert_eq!(refusal(kept).await, (395, StatusCode::INTERNAL_SERVER_ERROR));
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_is_one_whole_in_every_format() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(&url, "CREATE TABLE back (number UInt64, s String) ENGINE = MergeTree ORDER BY number")
        .await;
    for format in [
        "RowBinary",
        "RowBinaryWithNames",
        "RowBinaryWithNamesAndTypes",
        "CSV",
        "CSVWithNames",
        "CSVWithNamesAndTypes",
        "TSVWithNames",
        "TSVWithNamesAndTypes",
        "JSONEachRow",
        "JSONCompactEachRow",
        "JSONCompactEachRowWithNames",
        "JSONCompactEachRowWithNamesAndTypes",
        "JSON",
        "JSONCompact",
        "JSONColumns",
        "Native",
        "Parquet",
        "Arrow",
        "ArrowStream",
        "ORC",
        "Avro",
        "MsgPack",
        "TSKV",
        "Values",
    ] {
        let sql = format!("SELECT number, toString(number) AS s FROM numbers({{n:UInt32}}) ORDER BY number -- all\n FORMAT {format}; ");
        let rows = send(&url, &[("param_n", "200000")], sql).await;
        let (status, rows) = (rows.status(), rows.bytes().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{format}: {}", String::from_utf8_lossy(&rows));
        ask(&url, "TRUNCATE TABLE back").await;
        let insert = format!("INSERT INTO back FORMAT {format}");
        let inserted = send(&url, &[("query", &insert)], rows).await;
        assert_eq!(
            inserted.status(),
            StatusCode::OK,
            "{format}: {}",
            inserted.text().await.unwrap()
        );
        let sums = "SELECT count(), sum(number), sum(length(s)) FROM back";
        assert_eq!(ask(&url, sums).await, "200000\t19999900000\t1088890\n", "{format}");
    }
    let default =
        send(&url, &[("default_format", "JSON")], "SELECT 1 AS a;").await.text().await.unwrap();
    let default: serde_json::Value = serde_json::from_str(&default).unwrap();
    assert_eq!((&default["data"][0]["a"], &default["rows"]), (&1.into(), &1.into()));
    // What went by way of files is gone.
    let spool = running.folder.path().join("data/smartlink-spool");
    assert_eq!(std::fs::read_dir(spool).unwrap().count(), 0);
    running.engine.stop().await;
}

/// Resident memory of this process, in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1_024
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_million_rows_stream_through_little_memory() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    let mut answer =
        send(&url, &[], "SELECT number, toString(number) FROM numbers(10000000) FORMAT TSV").await;
    let (mut rows, mut bytes, mut most, before) = (0, 0, 0, memory());
    while let Some(chunk) = answer.chunk().await.unwrap() {
        rows += chunk.iter().filter(|byte| **byte == b'\n').count();
        bytes += chunk.len();
        most = most.max(memory().saturating_sub(before));
    }
    assert_eq!(rows, 10_000_000);
    println!("{} MB streamed, {} MB more memory at most", bytes / 1_000_000, most / 1_000_000);
    assert!(
        bytes > 150_000_000 && most < 150_000_000,
        "{most} bytes more for {bytes} bytes of answer"
    );
    running.engine.stop().await;
}

async fn running_queries(url: &str) -> String {
    ask(url, "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_nobody_waits_for_is_stopped() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    for endless in [
        "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)",
        "SELECT sipHash64(number) FROM numbers(1000000000000)",
    ] {
        let request = Client::new().post(&url).body(endless).timeout(Duration::from_millis(500));
        let answer = match request.send().await {
            Ok(answer) => answer.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(answer.is_err());
        let stopped = async {
            while running_queries(&url).await != "0\n" {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), stopped).await.expect("the query goes on");
    }
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_queries_are_refused_and_the_others_wait() {
    let Some(running) = engine_with(|config| {
        config.max_queries = 2;
        config.max_waiting = 2;
    })
    .await
    else {
        return;
    };
    let url = running.engine.url();
    let slow = || {
        let url = url.clone();
        tokio::spawn(async move { send(&url, &[], "SELECT sleep(1)").await })
    };
    let mut answers = Vec::new();
    for task in (0..8).map(|_| slow()).collect::<Vec<_>>() {
        let answer = task.await.unwrap();
        answers.push((answer.status(), answer.headers().get("retry-after").is_some()));
        if answer.status() != StatusCode::OK {
            assert_eq!(refusal(answer).await.0, code::TOO_MANY_SIMULTANEOUS_QUERIES);
        }
    }
    let refused = answers.iter().filter(|a| **a == (StatusCode::SERVICE_UNAVAILABLE, true)).count();
    assert_eq!((refused, answers.len() - refused), (4, 4), "{answers:?}");
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_asked_for() {
    let secret = "correct horse".to_owned();
    let Some(running) =
        engine_with(|config| config.password = smartlink_service::Secret::new(secret)).await
    else {
        return;
    };
    let url = running.engine.url();
    let good = [
        Client::new()
            .post(&url)
            .header("x-clickhouse-user", "default")
            .header("x-clickhouse-key", "correct horse"),
        Client::new().post(&url).query(&[("user", "default"), ("password", "correct horse")]),
        Client::new().post(&url).basic_auth("default", Some("correct horse")),
    ];
    for request in good {
        assert_eq!(request.body("SELECT 1").send().await.unwrap().text().await.unwrap(), "1\n");
    }
    let bad =
        [Client::new().post(&url), Client::new().post(&url).basic_auth("default", Some("battery"))];
    for request in bad {
        let refused = refusal(request.body("SELECT 1").send().await.unwrap()).await;
        assert_eq!(refused, (code::AUTHENTICATION_FAILED, StatusCode::FORBIDDEN));
    }
    assert_eq!(
        Client::new().get(format!("{url}/ping")).send().await.unwrap().status(),
        StatusCode::OK
    );
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_has_one_engine_and_opens_again_after_it() {
    let Some(running) = engine().await else { return };
    let url = running.engine.url();
    ask(&url, "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a").await;
    ask(&url, "INSERT INTO t VALUES (1), (2)").await;
    // This process has one already.
    let second = Engine::start(support::config(running.folder.path())).await.err().unwrap();
    assert!(matches!(second, EngineError::Running), "{second}");
    // Another process is told who has it.
    let other = Command::new(env!("CARGO_BIN_EXE_smartlink-clickhouse"))
        .arg(running.folder.path().join("data"))
        .arg("127.0.0.1:0")
        .output()
        .unwrap();
    let told = String::from_utf8(other.stderr).unwrap();
    assert!(
        !other.status.success() && told.contains(&format!("(process {})", std::process::id())),
        "{told}"
    );
    running.engine.stop().await;
    let again = Engine::start(support::config(running.folder.path())).await.unwrap();
    assert_eq!(ask(&again.url(), "SELECT sum(a) FROM t").await, "3\n");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_queries_end_and_stops_those_that_do_not() {
    let Some(running) = engine_with(|config| config.stop_ms = 1_500).await else { return };
    let url = running.engine.url();
    let ask = |sql: &'static str| {
        let url = url.clone();
        tokio::spawn(async move { Client::new().post(&url).body(sql).send().await?.text().await })
    };
    let (short, endless) =
        (ask("SELECT sleep(1)"), ask("SELECT sum(sipHash64(number)) FROM numbers(1000000000000)"));
    let both = async {
        while support_count(&url).await != "2\n" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), running.engine.stop())
        .await
        .expect("it does not stop");
    assert_eq!(short.await.unwrap().unwrap(), "0\n");
    assert!(endless.await.unwrap().is_err());
}

/// Queries that run, this one left out.
async fn support_count(url: &str) -> String {
    ask(url, "SELECT count() FROM system.processes WHERE query NOT LIKE '%processes%'").await
}
