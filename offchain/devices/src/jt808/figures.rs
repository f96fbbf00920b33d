//! What the listener has done, for its metrics.

use crate::tally::Count;

/// Numbers since the service started, and what there is now.
#[derive(Debug, Default)]
pub struct Jt808Figures {
    /// Connections of TCP now (`smartlink_devices_jt808_connections`).
    pub connections: Count,
    /// Terminals of UDP that are remembered now.
    pub udp_peers: Count,
    /// Connections that were closed at once because there were too many, in all or from their address.
    pub crowded: Count,
    /// Times when the system gave no connection: too many open files, most often.
    pub accept_failed: Count,
    /// Whole frames.
    pub frames: Count,
    /// Bytes.
    pub bytes: Count,
    /// Bad frames: a wrong checksum, too short, too long.
    pub bad_frames: Count,
    /// Bytes outside of frames.
    pub garbage_bytes: Count,
    /// Messages whose body cannot be read; answered with 2.
    pub bad_bodies: Count,
    /// Messages that are not known; answered with 3.
    pub unknown_messages: Count,
    /// Positions and other reports that were acknowledged.
    pub acknowledged: Count,
    /// Those that were not, because the log did not take them: the terminal sends them again.
    pub unacknowledged: Count,
    /// Messages of who is not authenticated; answered with 1.
    pub strangers: Count,
    /// Positions whose time cannot be read, which have that of their arrival.
    pub timeless: Count,
    /// Positions with coordinates that cannot be, or without a fix.
    pub placeless: Count,
    /// Connections that ended because the first frame, the authentication, or the next frame took too long.
    pub silent: Count,
    /// Connections that ended because most of what came was garbage.
    pub garbage: Count,
    /// Connections that ended because the terminal did not take what was sent to it.
    pub stuck: Count,
    /// Times when a connection was not read for a while because it sends too much.
    pub throttled: Count,
    /// Datagrams that were dropped because their sender sends too much.
    pub dropped_datagrams: Count,
    /// Messages in packages that were given up or refused.
    pub unfinished: Count,
    /// Uploads that were kept.
    pub media: Count,
    /// Commands that went out, each time counted.
    pub commands_sent: Count,
    /// Commands that were answered.
    pub commands_answered: Count,
}
