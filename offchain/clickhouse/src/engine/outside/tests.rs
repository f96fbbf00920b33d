use super::{super::statement::read, *};

#[test]
fn what_reaches_past_the_database_is_refused() {
    for text in [
        // Files, machines and programs, by functions that make tables.
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM URL ('http://127.0.0.1')",
        "SELECT * FROM icebergLocal('/etc')",
        "SELECT * FROM deltaLakeLocal('/etc')",
        "SELECT * FROM oss('http://127.0.0.1/x')",
        "SELECT * FROM cosn('http://127.0.0.1/x')",
        "SELECT * FROM cluster('other', system.one)",
        "SELECT * FROM clusterAllReplicas('other', system.one)",
        "SELECT * FROM remote('127.0.0.2', system.one)",
        "SELECT * FROM eval('SELECT * FROM file(''/etc/passwd'')')",
        "SELECT * FROM format(Values, 'a String', $$(file('/etc/passwd'))$$)",
        "SELECT * FROM executable('cat', 'TSV', 'a String')",
        "SELECT * FROM loop(file('/etc/passwd'))",
        "SELECT * FROM view(SELECT * FROM s3('http://127.0.0.1/x'))",
        "SELECT * FROM viewIfPermitted(SELECT 1 ELSE url('http://127.0.0.1'))",
        // And by those that nobody knows yet, wherever tables are named.
        "SELECT * FROM newKindOfStore('x')",
        "FROM newKindOfStore('x') SELECT *",
        "SELECT * FROM t, newKindOfStore('x')",
        "SELECT * FROM t AS limit, newKindOfStore('x')",
        "SELECT * FROM t JOIN newKindOfStore('x') USING a",
        "SELECT * FROM t JOIN u ON t.a = f(u.a), newKindOfStore('x')",
        "SELECT * FROM (t AS a JOIN newKindOfStore('x') AS b ON a.c = b.c)",
        "SELECT a IN (SELECT b FROM newKindOfStore('x')) FROM t",
        "WITH a AS (SELECT * FROM newKindOfStore('x')) SELECT * FROM a",
        "SELECT * FROM merge(currentDatabase(), '.*') UNION ALL SELECT * FROM newKindOfStore('x')",
        "EXPLAIN SELECT * FROM newKindOfStore('x')",
        "DESCRIBE TABLE newKindOfStore('x')",
        "DESC newKindOfStore('x')",
        "CREATE TABLE t AS newKindOfStore('x')",
        "CREATE TABLE t ENGINE = Memory AS SELECT * FROM newKindOfStore('x')",
        "CREATE MATERIALIZED VIEW v TO t AS SELECT * FROM u, newKindOfStore('x')",
        "INSERT INTO t SELECT * FROM newKindOfStore('x')",
        "INSERT INTO trim (FROM newKindOfStore('x') SELECT *)",
        "INSERT INTO FUNCTION newKindOfStore('x') SELECT 1",
        "INSERT INTO TABLE FUNCTION newKindOfStore('x') VALUES (1)",
        "INSERT INTO FUNCTION file('x.csv') SELECT 1",
        "INSERT INTO FUNCTION s3('x') VALUES (1)",
        "ALTER TABLE t EXPORT PART 'p' TO TABLE FUNCTION newKindOfStore('x')",
        "ALTER TABLE t DELETE WHERE a IN (SELECT a FROM newKindOfStore('x'))",
        // Names in all their forms.
        "SELECT * FROM `file`('/etc/passwd')",
        "SELECT * FROM “file”('/etc/passwd')",
        "SELECT * FROM file\u{a0}('/etc/passwd')",
        "SELECT * FROM file/**/('/etc/passwd')",
        "SELECT * FROM `fi\\x6ce`('/etc/passwd')",
        "SELECT * FROM \"newKindOfStore\"('x')",
        "SELECT * FROM {f:Identifier}('/etc/passwd')",
        "INSERT INTO FUNCTION {f:Identifier}('x') VALUES (1)",
        // Files by their names.
        "SELECT * FROM `/etc/passwd`",
        "SELECT * FROM default.\"../x\"",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM t, 'passwd'",
        "SELECT * FROM t JOIN $$passwd$$ AS u USING a",
        "DESCRIBE TABLE 'passwd'",
        "ATTACH TABLE t FROM '/tmp/t' (a Int8) ENGINE = MergeTree ORDER BY a",
        "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
        "SELECT 1 INTO OUTFILE 'x'",
        "BACKUP TABLE t TO Disk('a', 'b')",
        "RESTORE TABLE t FROM Memory('b')",
        // Ordinary functions.
        "SELECT file('/etc/passwd')",
        "SELECT catboostEvaluate('/tmp/model', 1)",
        "SELECT aiGenerate('x')",
        // Engines, dictionaries, disks.
        "CREATE TABLE t (a Int8) ENGINE = File(CSV)",
        "CREATE TABLE t (a Int8) ENGINE MySQL",
        "CREATE TABLE t (a Int8) ENGINE NewKindOfStore('x')",
        "CREATE TABLE t ENGINE = IcebergS3('http://127.0.0.1')",
        "CREATE TABLE t (a Int8) ENGINE = `File`(CSV)",
        "CREATE TABLE t (a Int8) ENGINE = NewKindOfStore('x')",
        "CREATE TABLE t (a Int8) ENGINE = {e:Identifier}",
        "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '/tmp/')",
        "CREATE DICTIONARY d (a Int8) PRIMARY KEY a SOURCE(HTTP(URL 'http://127.0.0.1'))",
        // Settings.
        "INSERT INTO t SETTINGS input_format_values_interpret_expressions = 1 VALUES (1)",
        "INSERT INTO t SETTINGS input_format_record_errors_file_path = 'x' FORMAT CSV 1",
        "SELECT 1 SETTINGS `output_format_schema` = 'x' FORMAT Protobuf",
        "SELECT 1 FORMAT Template SETTINGS format_template_row = '/etc/passwd'",
        "SET format_schema = '/etc/passwd'",
        "SYSTEM SHUTDOWN",
    ] {
        let refused = read(text.as_bytes()).expect_err(text);
        assert_eq!(refused.code, code::ACCESS_DENIED, "{text}");
    }
}

#[test]
fn what_keeps_to_the_database_is_served() {
    for text in [
        // Functions that make tables of their arguments.
        "SELECT number FROM numbers(10), zeros(2) AS z JOIN generateRandom('a UInt8') AS g ON g.a = number",
        "SELECT * FROM values('a UInt8, b String', (1, 'x')), view(SELECT 1 AS c)",
        "SELECT * FROM (VALUES (1, 2), (3, 4)) AS t(a, b)",
        "SELECT * FROM merge(currentDatabase(), '^records')",
        "SELECT generate_series FROM generate_series(1, 5)",
        "INSERT INTO FUNCTION null('a UInt8') SELECT number FROM numbers_mt(5)",
        "CREATE TABLE t ENGINE = Memory AS numbers(3)",
        "DESCRIBE TABLE numbers(3)",
        // Ordinary functions, in all places where tables are near.
        "SELECT count(a), domain(x), dictGet('d', 'a', b), joinGet('j', 'a', b), arrayJoin([1, 2]) FROM t",
        "SELECT `count`(a) FROM t WHERE a IN (1, 2) AND b IN tuple(1, 2) AND c = any(subtractDays(now(), 1))",
        "SELECT * FROM t AS a INNER JOIN u AS b ON lower(a.x) = lower(b.x) WHERE startsWith(a.x, 'y') GROUP BY toDate(z), f(w)",
        "SELECT * FROM t FINAL SAMPLE 1 / 10 PREWHERE f(a) WHERE g(b) ORDER BY h(c), i(d) LIMIT 1 BY j(e) LIMIT 5 SETTINGS max_threads = 1",
        "SELECT * FROM t ARRAY JOIN range(3) AS a, arrayEnumerate(b) AS c",
        "SELECT * FROM t LEFT ARRAY JOIN mapKeys(m) AS k, mapValues(m) AS v JOIN u USING (a, b)",
        "SELECT a, sum(b) OVER (PARTITION BY f(c) ORDER BY g(d)) FROM t WINDOW w AS (ORDER BY h(e), i(f))",
        "SELECT extract(DAY FROM toDate(a)), trim(BOTH ' ' FROM lower(b)), substring(c FROM toUInt8(2)), a IS DISTINCT FROM f(b) FROM t",
        "SELECT a FROM t ORDER BY a WITH FILL FROM toDate('2026-01-01') TO toDate('2026-02-01') STEP toIntervalDay(1)",
        "WITH (SELECT max(a) FROM t) AS most, b AS (SELECT f(1)) SELECT * FROM b WHERE a = most",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT plus(n, 1) FROM r WHERE n < 5) SELECT * FROM r",
        "SELECT tuple(1, 2) AS from, file FROM t WHERE a = url AND b = 'file(x)' -- file(x)",
        "SELECT * EXCEPT (a, b) REPLACE (f(c) AS c) FROM t",
        "SELECT {a:Identifier} FROM {t:Identifier} WHERE b = ‘file(x)’ AND c = {d:Array(UInt8)}",
        // Tables, also of the system, and what is done with them.
        "SELECT name FROM system.tables WHERE engine = name",
        "SELECT * FROM \".inner.v\"",
        "INSERT INTO t VALUES ('file(', 1)",
        "INSERT INTO {t:Identifier} (a, b) VALUES (1, 2)",
        "INSERT INTO remote_controls (a, b) VALUES (1, 2)",
        "INSERT INTO t (a, b) SELECT a, f(b) FROM u",
        "CREATE TABLE t (a Int8, engine LowCardinality(String)) ENGINE = ReplacingMergeTree ORDER BY a",
        "CREATE TABLE t (a Int8) ENGINE=Memory",
        "CREATE TABLE u AS t",
        "CREATE VIEW v AS WITH indexOf(a, 1) AS b, toInt64(2) AS c SELECT max(if(b = 0, c, a[b])), engine FROM t GROUP BY d",
        "CREATE FUNCTION linear AS (x, k, b) -> plus(k * x, b)",
        "ALTER TABLE t ATTACH PARTITION ALL FROM u",
        "ALTER TABLE t DELETE WHERE a IN (SELECT a FROM u WHERE f(a)) SETTINGS mutations_sync = 2",
        "SELECT dialect FROM t WHERE dialect = 'x'",
        "SHOW TABLES FROM d LIKE 'a%'",
        "SYSTEM FLUSH LOGS",
    ] {
        assert_eq!(read(text.as_bytes()).err(), None, "{text}");
    }
}

#[test]
fn all_statements_of_the_migrations_are_served() {
    use crate::migrations::{Layout, MIGRATIONS};
    for migration in MIGRATIONS {
        for statement in migration.statements(&Layout::Single) {
            assert_eq!(read(statement.as_bytes()).err(), None, "{statement}");
        }
    }
}

#[test]
fn what_is_refused_is_named_with_its_remedy() {
    let refused = |text: &str| read(text.as_bytes()).unwrap_err();
    let told = refused("SELECT * FROM newKindOfStore('x')").text().to_owned();
    assert!(told.contains("the table function newkindofstore is not served"), "{told}");
    assert!(told.contains("its own tables only"), "{told}");
}

#[test]
fn any_bytes_are_served_or_refused() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = refuse(bytes);
    });
}
