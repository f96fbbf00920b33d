//! What the services say to each other: the messages, clients and servers of `proto/`.
//!
//! In one process a client is built on the server itself, which is a tower service; over the network it
//! is built on a channel. There is one way to call a service, wherever it runs.

pub mod refusal;

/// `proto/smartlink/orders.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod orders {
    tonic::include_proto!("smartlink.orders.v1");
}

/// `proto/smartlink/dispatch.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod dispatch {
    tonic::include_proto!("smartlink.dispatch.v1");
}

/// `proto/smartlink/notify.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod notify {
    tonic::include_proto!("smartlink.notify.v1");

    impl std::fmt::Debug for Channels {
        /// What is set, and nothing of it: addresses are people's, and a webhook's URL is often its password.
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Channels")
                .field("email", &!self.email.is_empty())
                .field("webhook", &!self.webhook_url.is_empty())
                .field("webhook_shape", &self.webhook_shape)
                .finish_non_exhaustive()
        }
    }

    #[cfg(test)]
    #[test]
    fn what_opens_a_channel_is_not_printed() {
        let channels = Channels {
            email: "rita@example.org".into(),
            webhook_url: "https://example.org/hook?token=letmein".into(),
            webhook_secret: "correct horse".into(),
            ..Channels::default()
        };
        let request = SetChannelsRequest { account: 7, channels: Some(channels) };
        let shown = format!("{request:?} {request:#?}");
        for hidden in ["rita", "letmein", "horse"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        assert!(shown.contains("email: true"), "{shown}");
    }
}

/// `proto/smartlink/devices.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod devices {
    tonic::include_proto!("smartlink.devices.v1");

    impl std::fmt::Debug for EnrolRequest {
        /// Without the key.
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("EnrolRequest")
                .field("protocol", &self.protocol)
                .field("identity", &self.identity)
                .field("vehicle", &self.vehicle)
                .field("key", &!self.key.is_empty())
                .finish_non_exhaustive()
        }
    }

    impl std::fmt::Debug for Enrolled {
        /// Without the key.
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Enrolled")
                .field("terminal", &self.terminal)
                .field("key", &!self.key.is_empty())
                .finish()
        }
    }

    #[cfg(test)]
    #[test]
    fn the_key_of_a_device_is_not_printed() {
        let request = EnrolRequest { key: "correct horse".into(), ..EnrolRequest::default() };
        let enrolled = Enrolled { key: "battery staple".into(), ..Enrolled::default() };
        let shown = format!("{request:?} {enrolled:?}");
        assert!(!shown.contains("horse") && !shown.contains("staple"), "{shown}");
        assert!(shown.contains("key: true"), "{shown}");
    }
}

/// `proto/smartlink/telemetry.proto`.
#[allow(missing_docs, clippy::all, clippy::pedantic)]
pub mod telemetry {
    tonic::include_proto!("smartlink.telemetry.v1");
}

/// All of the above for the reflection service, so that grpcurl and its like need no files.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("smartlink");
