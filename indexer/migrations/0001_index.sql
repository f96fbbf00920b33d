-- The index: what is kept for ever, and how far the rest has come.
--
-- Every statement may run twice. {{...}} is filled in by the migrations of smartlink-clickhouse. The tables that follow from
-- these rows (blocks, extrinsics, calls, events, entities) are made by indexer/src/infra/store/schema.rs from their
-- descriptions: `reindex` drops and makes them anew.

-- Final blocks as the node had them. Re-indexing needs nothing else. Of block 0 the whole state but the code.
CREATE TABLE IF NOT EXISTS {{local raw_blocks}} {{on cluster}} (
    number UInt32 CODEC(Delta, ZSTD(1)),
    hash FixedString(32),
    parent FixedString(32),
    spec UInt32,
    header String,
    extrinsics Array(String) CODEC(ZSTD(1)),
    events String CODEC(ZSTD(1)),
    state_keys Array(String) CODEC(ZSTD(1)),
    state_values Array(String) CODEC(ZSTD(1))
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY number
SETTINGS {{settings}}, fsync_after_insert = 1, fsync_part_directory = 1;

{{distribute raw_blocks by number}};

-- The metadata of every runtime that ran a block.
CREATE TABLE IF NOT EXISTS {{local runtimes}} {{on cluster}} (
    spec UInt32,
    first UInt32,
    metadata String CODEC(ZSTD(3))
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY spec
SETTINGS {{settings}}, fsync_after_insert = 1, fsync_part_directory = 1;

{{distribute runtimes by spec}};

-- Each time that the index was begun anew, and in which form: a row when it is begun, and one when its tables are made. The
-- last one holds.
CREATE TABLE IF NOT EXISTS {{local generations}} {{on cluster}} (
    generation UInt32,
    form String,
    first UInt32,
    made Bool,
    begun DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = {{engine MergeTree}}
ORDER BY generation
SETTINGS {{settings}}, fsync_after_insert = 1, fsync_part_directory = 1;

{{distribute generations by toUInt32(0)}};

-- Which blocks are stored together: written down before the first of their rows is sent. Of several with the same first
-- block the last that was written holds; nothing was ever sent under the others.
CREATE TABLE IF NOT EXISTS {{local cuts}} {{on cluster}} (
    generation UInt32,
    first UInt32,
    last UInt32,
    written UInt64
)
ENGINE = {{engine MergeTree}}
ORDER BY (generation, first)
SETTINGS {{settings}}, fsync_after_insert = 1, fsync_part_directory = 1;

{{distribute cuts by generation}};

-- How far the index has come: all rows of all blocks up to `last` are stored.
CREATE TABLE IF NOT EXISTS {{local progress}} {{on cluster}} (
    generation UInt32,
    last UInt32,
    hash FixedString(32),
    digest FixedString(32)
)
ENGINE = {{engine MergeTree}}
ORDER BY (generation, last)
SETTINGS {{settings}}, fsync_after_insert = 1, fsync_part_directory = 1;

{{distribute progress by generation}};
