//! Figures in Prometheus' text format, version 0.0.4.

use std::fmt::Write;

use super::health::lag;
use crate::{
    application::Tally,
    export::Figures,
    infra::{Index, Node},
};

/// All figures. Counts are of this process.
pub fn text(tally: &Tally, exports: &Figures, index: &Index, node: &Node) -> String {
    let (lag_blocks, lag_seconds) = lag(tally, None);
    let mut page = Page::default();
    let count = Tally::get;
    if let Some(last) = Tally::last(tally) {
        page.gauge("last_block", "Height of the last block that is stored.", last);
        let seconds = count(&tally.last_ms) as f64 / 1_000.0;
        page.gauge("last_block_time_seconds", "When it was made, since 1970.", seconds);
    }
    page.gauge(
        "head_block",
        "Height up to which blocks are known to be final.",
        count(&tally.goal),
    );
    page.gauge("lag_blocks", "Final blocks that are not stored.", lag_blocks);
    page.gauge(
        "lag_seconds",
        "Age of the last block that is stored, if others follow.",
        lag_seconds,
    );
    page.gauge("generation", "How often the index was begun anew.", index.generation());
    for (name, about, value) in [
        ("blocks_total", "Blocks stored.", &tally.blocks),
        ("extrinsics_total", "Extrinsics stored.", &tally.extrinsics),
        ("events_total", "Events stored.", &tally.events),
        (
            "rides_unproven_total",
            "Batches that were settled, and whose rides are not known.",
            &tally.rides_unproven,
        ),
        ("versions_total", "Rows of entities stored.", &tally.versions),
        ("chunks_total", "Chunks stored.", &tally.chunks),
    ] {
        page.counter(name, about, &[("", count(value) as f64)]);
    }
    page.counter(
        "stage_seconds_total",
        "Time spent in each stage; decoding is that of all threads.",
        &[
            ("{stage=\"fetching\"}", count(&tally.fetching_us) as f64 / 1e6),
            ("{stage=\"decoding\"}", count(&tally.decoding_us) as f64 / 1e6),
            ("{stage=\"folding\"}", count(&tally.folding_us) as f64 / 1e6),
            ("{stage=\"storing\"}", count(&tally.storing_us) as f64 / 1e6),
        ],
    );
    page.counter(
        "retries_total",
        "Attempts that failed and were made again.",
        &[
            ("{part=\"node\"}", node.failures() as f64),
            ("{part=\"clickhouse\"}", index.failures() as f64),
        ],
    );
    of_exports(&mut page, exports);
    page.0
}

fn of_exports(page: &mut Page, exports: &Figures) {
    let get = Figures::get;
    for (name, about, value) in [
        ("exports_waiting", "Exports over HTTP that wait to be made.", &exports.waiting),
        ("exports_making", "Exports that are being made.", &exports.making),
        ("exports_kept", "Exports that may be fetched.", &exports.kept),
        ("exports_bytes", "Bytes of all of them on the disk.", &exports.bytes),
    ] {
        page.gauge(name, about, get(value));
    }
    for (name, about, value) in [
        ("exports_made_total", "Exports made.", &exports.made),
        ("exports_failed_total", "Exports that could not be made.", &exports.failed),
        ("exports_refused_total", "Requests refused at a bound of exports.", &exports.refused),
        ("exports_downloads_total", "Downloads of files of exports begun.", &exports.downloads),
        ("exports_sent_bytes_total", "Bytes of them sent.", &exports.sent_bytes),
    ] {
        page.counter(name, about, &[("", get(value) as f64)]);
    }
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn gauge(&mut self, name: &str, about: &str, value: impl std::fmt::Display) {
        self.head(name, about, "gauge");
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "smartlink_index_{name} {value}");
    }

    fn counter(&mut self, name: &str, about: &str, values: &[(&str, f64)]) {
        self.head(name, about, "counter");
        for (labels, value) in values {
            let _ = writeln!(self.0, "smartlink_index_{name}{labels} {value}");
        }
    }

    fn head(&mut self, name: &str, about: &str, kind: &str) {
        let _ = writeln!(self.0, "# HELP smartlink_index_{name} {about}");
        let _ = writeln!(self.0, "# TYPE smartlink_index_{name} {kind}");
    }
}
