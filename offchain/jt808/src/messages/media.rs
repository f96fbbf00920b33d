//! Pictures, sound and video.

use crate::{
    fields::{
        body, DecodeError, EncodeError, Field, Layout, List, OptionalList, Plain, Reader, Rest,
        UplinkList,
    },
    frame::Version,
    location::Location,
    time::BcdTime,
};

body! {
    /// A piece of media was made.
    MediaEvent {
        /// The terminal's number of it, from 1.
        id: u32,
        /// 0: picture, 1: sound, 2: video.
        kind: u8,
        /// 0: JPEG, 1: TIF, 2: MP3, 3: WAV, 4: WMV.
        format: u8,
        /// 0: the platform's command, 1: by the clock, 2: robbery, 3: collision or roll-over, 4: doors opened,
        /// 5: doors closed, 6: doors closed and 20 km/h passed, 7: by the distance.
        event: u8,
        /// The camera or microphone.
        channel: u8,
    }
}

body! {
    /// A piece of media. It comes in parts.
    MediaUpload {
        /// The terminal's number of it, from 1.
        id: u32,
        /// As in [`MediaEvent`].
        kind: u8,
        /// As in [`MediaEvent`].
        format: u8,
        /// As in [`MediaEvent`].
        event: u8,
        /// The camera or microphone.
        channel: u8,
        /// Where it was made, since 2013.
        location: Option<Location> as MediaLocation,
        /// The file.
        data: Vec<u8> as Rest,
    }
}

/// Not there in 2011, whose headers look like those of 2013: the files of the standard's formats begin with what no
/// position begins with.
struct MediaLocation;

/// JPEG, TIFF of both byte orders, MP3, WAV, WMV.
const FILES: [&[u8]; 6] =
    [&[0xff, 0xd8], b"II*\0", b"MM\0*", b"ID3", b"RIFF", &[0x30, 0x26, 0xb2, 0x75]];

impl Layout<Option<Location>> for MediaLocation {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Option<Location>, DecodeError> {
        let absent = version == Version::V2011
            || version == Version::V2013 && FILES.iter().any(|file| reader.0.starts_with(file))
            || reader.0.len() < Location::LENGTH;
        (!absent).then(|| Location::read(reader, version, field)).transpose()
    }
    fn write(
        &self,
        value: &Option<Location>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match value {
            Some(location) if version != Version::V2011 => location.write(out, version, field),
            _ => Ok(()),
        }
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Option<Location> {
        let location = Location { alarms: 1, ..Location::any(entropy, version) };
        (version != Version::V2011).then_some(location)
    }
}

body! {
    /// A piece of media in the terminal's store.
    MediaItem {
        /// The terminal's number of it; 0 in 2011, which has none.
        id: u32 as Since2013,
        /// As in [`MediaEvent`].
        kind: u8,
        /// The camera or microphone.
        channel: u8,
        /// As in [`MediaEvent`].
        event: u8,
        /// Where it was made.
        location: Location,
    }
}

body! {
    /// What was found in the terminal's store.
    MediaSearchAnswer {
        /// The serial of the search.
        serial: u16,
        /// What was found.
        items: Vec<MediaItem> as MediaItems,
    }
}

/// 0, and not on the wire, in 2011.
struct Since2013;

impl Layout<u32> for Since2013 {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<u32, DecodeError> {
        if version == Version::V2011 {
            return Ok(0);
        }
        Plain.read(reader, version, field)
    }
    fn write(
        &self,
        value: &u32,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        if version == Version::V2011 {
            return Ok(());
        }
        Plain.write(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> u32 {
        let id = u32::any(entropy, version);
        if version == Version::V2011 {
            0
        } else {
            id
        }
    }
}

/// Headers of 2011 and 2013 look the same: the length of the items tells whether they have numbers.
struct MediaItems;

impl MediaItems {
    /// Bytes of an item of 2011; since 2013 four more.
    const ITEM_2011: usize = 3 + Location::LENGTH;

    fn edition(version: Version, list: &[u8]) -> Version {
        let Some((count, items)) = list.split_first_chunk() else { return version };
        let of_2011 = usize::from(u16::from_be_bytes(*count)) * Self::ITEM_2011;
        if version == Version::V2013 && of_2011 == items.len() {
            return Version::V2011;
        }
        version
    }
}

impl Layout<Vec<MediaItem>> for MediaItems {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Vec<MediaItem>, DecodeError> {
        let edition = Self::edition(version, reader.0);
        UplinkList::<2>.read(reader, edition, field)
    }
    fn write(
        &self,
        value: &Vec<MediaItem>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        UplinkList::<2>.write(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Vec<MediaItem> {
        Layout::any(&UplinkList::<2>, entropy, version)
    }
}

body! {
    /// What the camera did.
    CameraAnswer {
        /// The serial of the command.
        serial: u16,
        /// 0: done, 1: failed, 2: no such channel.
        result: u8,
        /// The numbers of the pictures, when it was done.
        ids: Vec<u32> as OptionalList(UplinkList::<2>),
    }
}

body! {
    /// Media arrived, or parts are missing.
    MediaReply {
        /// The terminal's number of it.
        id: u32,
        /// The parts that are missing, from 1; none when all arrived.
        missing: Vec<u16> as OptionalList(List::<1>),
    }
}

body! {
    /// The camera shall take pictures.
    CameraCommand {
        /// From 1.
        channel: u8,
        /// 0: stop, 0xffff: video, else how many pictures.
        command: u16,
        /// Seconds between pictures or of video; 0: as short as possible, or without end.
        seconds: u16,
        /// 1: store, 0: upload at once.
        store: u8,
        /// 0: lowest, 1: 320x240, 2: 640x480, 3: 800x600, 4: 1024x768, 5: QCIF, 6: CIF, 7: HD1, 8: D1, 0xff: highest.
        resolution: u8,
        /// 1: best to 10: smallest.
        quality: u8,
        /// 0 to 255.
        brightness: u8,
        /// 0 to 127.
        contrast: u8,
        /// 0 to 127.
        saturation: u8,
        /// 0 to 255.
        chroma: u8,
    }
}

body! {
    /// Searches the terminal's store.
    MediaSearch {
        /// As in [`MediaEvent`].
        kind: u8,
        /// 0: all.
        channel: u8,
        /// As in [`MediaEvent`].
        event: u8,
        /// From; zeros: no bound.
        start: BcdTime,
        /// To; zeros: no bound.
        end: BcdTime,
    }
}

body! {
    /// The terminal shall upload what it has stored.
    MediaRequest {
        /// As in [`MediaEvent`].
        kind: u8,
        /// 0: all.
        channel: u8,
        /// As in [`MediaEvent`].
        event: u8,
        /// From; zeros: no bound.
        start: BcdTime,
        /// To; zeros: no bound.
        end: BcdTime,
        /// 1: delete it then, 0: keep it.
        delete: u8,
    }
}

body! {
    /// The terminal shall record sound.
    SoundCommand {
        /// 0: stop, 1: start.
        command: u8,
        /// Seconds; 0: without end.
        seconds: u16,
        /// 1: store, 0: upload at once.
        store: u8,
        /// 0: 8 kHz, 1: 11 kHz, 2: 23 kHz, 3: 32 kHz.
        rate: u8,
    }
}

body! {
    /// The terminal shall upload one piece that it has stored.
    MediaRequestOne {
        /// The terminal's number of it.
        id: u32,
        /// 1: delete it then, 0: keep it.
        delete: u8,
    }
}
