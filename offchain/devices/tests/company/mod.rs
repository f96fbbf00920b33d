//! A company with its devices role, in a folder that goes with it.
#![allow(dead_code)]

use smartlink_devices::{
    Admission, Credential, Devices, DevicesConfig, Enrolment, Gate, Identity, Peer,
};
use smartlink_records::Channel;
use smartlink_service::Secret;
use tempfile::TempDir;

/// The key of every device that [`Company::device`] enrols.
pub const KEY: &str = "correct horse battery";

pub struct Company {
    folder: TempDir,
    config: DevicesConfig,
    devices: Option<Devices>,
}

impl Company {
    /// With the settings that tests want: ports that are free, and no pause between writes.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut DevicesConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config =
            DevicesConfig { path: folder.path().to_owned(), ..DevicesConfig::default() };
        config.log.linger_us = 0;
        config.jt808.tcp = Some(([127, 0, 0, 1], 0).into());
        config.jt808.udp = Some(([127, 0, 0, 1], 0).into());
        change(&mut config);
        let devices = Some(Devices::start(config.clone()).await.unwrap());
        Self { folder, config, devices }
    }

    pub async fn restart(&mut self) {
        self.stop().await;
        self.devices = Some(Devices::start(self.config.clone()).await.unwrap());
    }

    pub async fn stop(&mut self) {
        if let Some(devices) = self.devices.take() {
            devices.stop().await;
        }
    }

    pub fn devices(&self) -> &Devices {
        self.devices.as_ref().unwrap()
    }

    pub fn gate(&self) -> &Gate {
        self.devices().gate()
    }

    pub fn peer(&self) -> Peer {
        Peer { channel: Channel::Http, address: ([127, 0, 0, 1], 4_000).into() }
    }

    /// A device with a key, enrolled when it is not, and let in.
    pub fn device(&self, name: &str) -> Admission {
        let identity = Identity::name(name).unwrap();
        let key = Some(Secret::new(KEY.to_owned()));
        self.gate().enrol(Enrolment { key, ..Enrolment::of(identity, 1) }).unwrap();
        let credential =
            Credential::Key { identity: name.to_owned(), key: KEY.as_bytes().to_vec() };
        self.gate().admit(credential, self.peer()).unwrap()
    }

    /// Enrols a terminal of JT/T 808 with a code, and returns its number.
    pub fn terminal(&self, phone: &str, code: &str) -> smartlink_devices::TerminalId {
        let identity = Identity::phone(phone).unwrap();
        let key = Some(Secret::new(code.to_owned()));
        self.gate().enrol(Enrolment { key, ..Enrolment::of(identity, 1) }).unwrap().0.id
    }
}
