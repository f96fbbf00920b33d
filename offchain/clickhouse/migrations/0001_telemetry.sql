-- Telemetry: what vehicles sent, what was found in it, and the batches that were anchored.
--
-- Every statement may run twice. {{...}} is filled in by src/migrations/dialect.rs.
--
-- Months are those in which the server received a record: a terminal's own clock may say anything, and a partition for
-- whatever it says would let one terminal refuse the inserts of all.
--
-- New rows are compressed by LZ4 (`Default`), which costs a third less than ZSTD while they are merged again and again; old
-- ones are compressed anew by ZSTD when the policy says so.

-- All records, as they were acknowledged. A row is a record; `sequence` is its place in the device log.
-- The projection holds the same rows in the order of the log: what a proof reads, a batch after another.
CREATE TABLE IF NOT EXISTS {{local records}} {{on cluster}} (
    sequence UInt64 CODEC(DoubleDelta, Default),
    batch UInt64 CODEC(DoubleDelta, Default),
    terminal UInt64 CODEC(Default),
    vehicle UInt32 CODEC(Default),
    received DateTime64(3, 'UTC') CODEC(DoubleDelta, Default),
    time DateTime64(3, 'UTC') CODEC(DoubleDelta, Default),
    channel UInt8 CODEC(Default),
    has_position UInt8 CODEC(Default),
    latitude Int32 CODEC(Delta, Default),
    longitude Int32 CODEC(Delta, Default),
    altitude Int16 CODEC(T64, Default),
    speed UInt16 CODEC(T64, Default),
    heading UInt16 CODEC(T64, Default),
    flags UInt32 CODEC(Default),
    alarms UInt32 CODEC(Default),
    reading_kinds Array(UInt16) CODEC(Default),
    reading_instances Array(UInt8) CODEC(Default),
    reading_values Array(Int64) CODEC(Default),
    has_attachment UInt8 CODEC(Default),
    attachment_kind UInt16 CODEC(Default),
    attachment String CODEC(Default),
    PROJECTION by_sequence (SELECT * ORDER BY sequence)
)
ENGINE = {{engine MergeTree}}
PARTITION BY toYYYYMM(received)
ORDER BY (vehicle, terminal, time, sequence)
SETTINGS {{settings}};

{{distribute records by vehicle}};

-- Positions along a space-filling curve within each hour: near places lie near each other, so that the smallest and
-- largest coordinate of each granule tell most of them apart from an area.
CREATE TABLE IF NOT EXISTS {{local positions_by_area}} {{on cluster}} (
    cell UInt64 CODEC(Delta, Default),
    vehicle UInt32 CODEC(Default),
    time DateTime64(3, 'UTC') CODEC(DoubleDelta, Default),
    received_on Date CODEC(Default),
    latitude Int32 CODEC(Delta, Default),
    longitude Int32 CODEC(Delta, Default),
    speed UInt16 CODEC(T64, Default),
    INDEX latitudes latitude TYPE minmax GRANULARITY 1,
    INDEX longitudes longitude TYPE minmax GRANULARITY 1
)
ENGINE = {{engine MergeTree}}
PARTITION BY toYYYYMM(received_on)
ORDER BY (toStartOfHour(time), cell, vehicle)
SETTINGS {{settings}};

{{distribute positions_by_area by vehicle}};

CREATE MATERIALIZED VIEW IF NOT EXISTS {{local positions_by_area}}_view {{on cluster}} TO {{local positions_by_area}} AS
SELECT
    mortonEncode(toUInt32(toInt64(latitude) + 90000000), toUInt32(toInt64(longitude) + 180000000)) AS cell,
    vehicle,
    time,
    toDate(received) AS received_on,
    latitude,
    longitude,
    speed
FROM {{local records}}
WHERE has_position = 1;

-- Readings one by one: a quantity of a vehicle over time lies in one piece. The numbers are smartlink_records::Quantity.
CREATE TABLE IF NOT EXISTS {{local sensors}} {{on cluster}} (
    vehicle UInt32 CODEC(Default),
    quantity UInt16 CODEC(Default),
    instance UInt8 CODEC(Default),
    time DateTime64(3, 'UTC') CODEC(DoubleDelta, Default),
    terminal UInt64 CODEC(Default),
    received_on Date CODEC(Default),
    value Int64 CODEC(Delta, Default)
)
ENGINE = {{engine MergeTree}}
PARTITION BY toYYYYMM(received_on)
ORDER BY (vehicle, quantity, instance, time)
SETTINGS {{settings}};

{{distribute sensors by vehicle}};

CREATE MATERIALIZED VIEW IF NOT EXISTS {{local sensors}}_view {{on cluster}} TO {{local sensors}} AS
SELECT vehicle, quantity, instance, time, terminal, toDate(received) AS received_on, value
FROM {{local records}}
ARRAY JOIN reading_kinds AS quantity, reading_instances AS instance, reading_values AS value;

-- Records in which a terminal warned of something: bits of smartlink_records::Alarms.
CREATE TABLE IF NOT EXISTS {{local alarms}} {{on cluster}} (
    vehicle UInt32 CODEC(Default),
    terminal UInt64 CODEC(Default),
    time DateTime64(3, 'UTC') CODEC(DoubleDelta, Default),
    received_on Date CODEC(Default),
    sequence UInt64 CODEC(Delta, Default),
    alarms UInt32 CODEC(Default),
    has_position UInt8 CODEC(Default),
    latitude Int32 CODEC(Delta, Default),
    longitude Int32 CODEC(Delta, Default),
    speed UInt16 CODEC(T64, Default)
)
ENGINE = {{engine MergeTree}}
PARTITION BY toYYYYMM(received_on)
ORDER BY (vehicle, time, sequence)
SETTINGS {{settings}};

{{distribute alarms by vehicle}};

CREATE MATERIALIZED VIEW IF NOT EXISTS {{local alarms}}_view {{on cluster}} TO {{local alarms}} AS
SELECT vehicle, terminal, time, toDate(received) AS received_on, sequence, alarms, has_position, latitude, longitude, speed
FROM {{local records}}
WHERE alarms != 0;

-- Positions by the minute. Rows of the same minute are added up when they are read: sum(records), max(max_speed).
-- The mean speed is sum(speed_sum) / sum(records), and sixty seconds of it a distance, roughly.
CREATE TABLE IF NOT EXISTS {{local track_minutely}} {{on cluster}} (
    vehicle UInt32 CODEC(Default),
    minute DateTime('UTC') CODEC(DoubleDelta, Default),
    received_on SimpleAggregateFunction(max, Date) CODEC(Default),
    records SimpleAggregateFunction(sum, UInt64) CODEC(Default),
    max_speed SimpleAggregateFunction(max, UInt16) CODEC(T64, Default),
    speed_sum SimpleAggregateFunction(sum, UInt64) CODEC(Default)
)
ENGINE = {{engine AggregatingMergeTree}}
PARTITION BY toYYYYMM(received_on)
ORDER BY (vehicle, minute)
SETTINGS {{settings}};

{{distribute track_minutely by vehicle}};

CREATE MATERIALIZED VIEW IF NOT EXISTS {{local track_minutely}}_view {{on cluster}} TO {{local track_minutely}} AS
SELECT
    vehicle,
    toStartOfMinute(time) AS minute,
    max(toDate(received)) AS received_on,
    count() AS records,
    max(speed) AS max_speed,
    sum(speed) AS speed_sum
FROM {{local records}}
WHERE has_position = 1
GROUP BY vehicle, minute;

-- Counters of each vehicle by day (UTC): the smallest and the largest that was read. A day without any reading of a
-- quantity has its smallest above its largest.
CREATE TABLE IF NOT EXISTS {{local counters_daily}} {{on cluster}} (
    vehicle UInt32 CODEC(Default),
    day Date CODEC(DoubleDelta, Default),
    received_on SimpleAggregateFunction(max, Date) CODEC(Default),
    records SimpleAggregateFunction(sum, UInt64) CODEC(Default),
    odometer_min SimpleAggregateFunction(min, Int64) CODEC(Default),
    odometer_max SimpleAggregateFunction(max, Int64) CODEC(Default),
    fuel_used_min SimpleAggregateFunction(min, Int64) CODEC(Default),
    fuel_used_max SimpleAggregateFunction(max, Int64) CODEC(Default),
    energy_used_min SimpleAggregateFunction(min, Int64) CODEC(Default),
    energy_used_max SimpleAggregateFunction(max, Int64) CODEC(Default)
)
ENGINE = {{engine AggregatingMergeTree}}
PARTITION BY toYYYYMM(received_on)
ORDER BY (vehicle, day)
SETTINGS {{settings}};

{{distribute counters_daily by vehicle}};

CREATE MATERIALIZED VIEW IF NOT EXISTS {{local counters_daily}}_view {{on cluster}} TO {{local counters_daily}} AS
WITH
    indexOf(reading_kinds, 1) AS odometer_at,
    indexOf(reading_kinds, 5) AS fuel_at,
    indexOf(reading_kinds, 13) AS energy_at,
    9223372036854775807 AS none_min,
    toInt64(-9223372036854775807) AS none_max
SELECT
    vehicle,
    toDate(time) AS day,
    max(toDate(received)) AS received_on,
    count() AS records,
    min(if(odometer_at = 0, none_min, reading_values[odometer_at])) AS odometer_min,
    max(if(odometer_at = 0, none_max, reading_values[odometer_at])) AS odometer_max,
    min(if(fuel_at = 0, none_min, reading_values[fuel_at])) AS fuel_used_min,
    max(if(fuel_at = 0, none_max, reading_values[fuel_at])) AS fuel_used_max,
    min(if(energy_at = 0, none_min, reading_values[energy_at])) AS energy_used_min,
    max(if(energy_at = 0, none_max, reading_values[energy_at])) AS energy_used_max
FROM {{local records}}
GROUP BY vehicle, day;

-- What vehicles drove and used in a day, by their own counters: metres, millilitres, watt-hours.
CREATE VIEW IF NOT EXISTS energy {{on cluster}} AS
SELECT
    vehicle,
    day,
    sum(records) AS reports,
    if(max(odometer_max) > min(odometer_min), max(odometer_max) - min(odometer_min), 0) AS distance_m,
    if(max(fuel_used_max) > min(fuel_used_min), max(fuel_used_max) - min(fuel_used_min), 0) AS fuel_ml,
    if(max(energy_used_max) > min(energy_used_min), max(energy_used_max) - min(energy_used_min), 0) AS energy_wh
FROM counters_daily
GROUP BY vehicle, day;

-- The batches whose roots are put on chain.
CREATE TABLE IF NOT EXISTS {{local batches}} {{on cluster}} (
    batch UInt64,
    first UInt64,
    count UInt32,
    root FixedString(32),
    closed_at DateTime64(3, 'UTC')
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY batch
SETTINGS {{settings}};

{{distribute batches by batch}};

-- Findings of the analysis. `detail` is the whole of it as JSON; rows of one thing replace each other by `version`.
CREATE TABLE IF NOT EXISTS {{local alerts}} {{on cluster}} (
    id UInt64,
    version UInt32,
    vehicle UInt32,
    driver UInt32,
    kind LowCardinality(String),
    key UInt32,
    state LowCardinality(String),
    opened DateTime64(3, 'UTC'),
    last DateTime64(3, 'UTC'),
    closed DateTime64(3, 'UTC'),
    acknowledged_by String,
    closed_by String,
    value Int64,
    threshold Int64,
    latitude Int32,
    longitude Int32,
    trip UInt64,
    detail String CODEC(ZSTD(1)),
    INDEX ids id TYPE bloom_filter GRANULARITY 1
)
ENGINE = {{engine ReplacingMergeTree version}}
ORDER BY (opened, id)
SETTINGS {{settings}};

{{distribute alerts by vehicle}};

CREATE TABLE IF NOT EXISTS {{local trips}} {{on cluster}} (
    id UInt64,
    version UInt32,
    vehicle UInt32,
    driver UInt32,
    started DateTime64(3, 'UTC'),
    ended DateTime64(3, 'UTC'),
    over UInt8,
    from_latitude Int32,
    from_longitude Int32,
    to_latitude Int32,
    to_longitude Int32,
    distance_m UInt64,
    moving_ms UInt64,
    idle_ms UInt64,
    fastest UInt16,
    safety UInt8,
    detail String CODEC(ZSTD(1))
)
ENGINE = {{engine ReplacingMergeTree version}}
ORDER BY (started, id)
SETTINGS {{settings}};

{{distribute trips by vehicle}};

CREATE TABLE IF NOT EXISTS {{local stops}} {{on cluster}} (
    vehicle UInt32,
    driver UInt32,
    trip UInt64,
    kind LowCardinality(String),
    since DateTime64(3, 'UTC'),
    until DateTime64(3, 'UTC'),
    latitude Int32,
    longitude Int32,
    overnight UInt8,
    detail String CODEC(ZSTD(1))
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY (vehicle, since)
SETTINGS {{settings}};

{{distribute stops by vehicle}};

CREATE TABLE IF NOT EXISTS {{local crossings}} {{on cluster}} (
    vehicle UInt32,
    fence UInt32,
    time DateTime64(3, 'UTC'),
    detail String CODEC(ZSTD(1))
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY (vehicle, time, fence)
SETTINGS {{settings}};

{{distribute crossings by vehicle}};

CREATE TABLE IF NOT EXISTS {{local driver_days}} {{on cluster}} (
    vehicle UInt32,
    driver UInt32,
    day UInt32,
    version UInt32,
    trips UInt32,
    distance_m UInt64,
    moving_ms UInt64,
    idle_ms UInt64,
    night_ms UInt64,
    speeding_ms UInt64,
    speedings UInt32,
    accelerations UInt32,
    brakings UInt32,
    cornerings UInt32,
    fuel_ml UInt64,
    fuel_known UInt8,
    energy_wh UInt64,
    energy_known UInt8,
    safety UInt8,
    detail String CODEC(ZSTD(1))
)
ENGINE = {{engine ReplacingMergeTree version}}
ORDER BY (day, vehicle, driver)
SETTINGS {{settings}};

{{distribute driver_days by vehicle}};
