//! Figures in Prometheus' text format, version 0.0.4.

use std::fmt::Write;

use super::health::lag;
use crate::{
    application::Tally,
    infra::{Index, Node},
};

/// All figures. Counts are of this process.
pub fn text(tally: &Tally, index: &Index, node: &Node) -> String {
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
    page.0
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
