-- Who writes the index: one at a time. A row when somebody comes, every two seconds while it works, and when it goes. The eldest
-- who is heard of holds the index; see indexer/src/infra/store/lease.rs.
CREATE TABLE IF NOT EXISTS {{local leases}} {{on cluster}} (
    holder String,
    claimed UInt64,
    released Bool,
    host String,
    boot String,
    process UInt32,
    started UInt64,
    seen DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = {{engine MergeTree}}
ORDER BY seen
TTL toDateTime(seen) + INTERVAL 1 HOUR
SETTINGS {{settings}};

{{distribute leases by toUInt32(0)}};
