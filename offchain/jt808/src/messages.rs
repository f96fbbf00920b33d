//! Every message of the standard, both ways.

mod areas;
mod can;
mod dialogue;
mod driver;
mod media;
mod passthrough;
mod routes;
mod session;
mod terminal;

pub use areas::*;
pub use can::*;
pub use dialogue::*;
pub use driver::*;
pub use media::*;
pub use passthrough::*;
pub use routes::*;
pub use session::*;
pub use terminal::*;

use crate::{
    fields::{DecodeError, EncodeError, Field, Reader},
    frame::{Header, Package, Version},
    location::{LocationBatch, LocationReport},
    parameters::{ParameterAnswer, ParameterIds, Parameters},
};

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident $(($bind:ident: $body:ty))? = $id:literal,)*) => {
        /// A message of either direction. From 0x8000 on they go to the terminal.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Message {
            $($(#[$doc])* #[doc = concat!("`", stringify!($id), "`.")] $name $(($body))?,)*
            /// A maker's own, or one of another standard.
            Unknown {
                /// Its number.
                id: u16,
                /// Its body.
                body: Vec<u8>,
            },
        }

        impl Message {
            /// The numbers that the standard has.
            pub const IDS: &'static [u16] = &[$($id,)*];

            /// Its number.
            pub const fn id(&self) -> u16 {
                match self {
                    $(Self::$name { .. } => $id,)*
                    Self::Unknown { id, .. } => *id,
                }
            }

            /// Its name here, for logs and metrics.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($name),)*
                    Self::Unknown { .. } => "Unknown",
                }
            }

            fn read(id: u16, version: Version, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok(match id {
                    $($id => Self::$name $((<$body as Field>::read(reader, version, stringify!($name))?))?,)*
                    _ => Self::Unknown { id, body: reader.rest().to_vec() },
                })
            }

            fn write(&self, version: Version, out: &mut Vec<u8>) -> Result<(), EncodeError> {
                match self {
                    $(Self::$name $(($bind))? => { $($bind.write(out, version, stringify!($name))?;)? })*
                    Self::Unknown { body, .. } => out.extend_from_slice(body),
                }
                Ok(())
            }

            /// Any message of a number.
            #[cfg(test)]
            fn any(id: u16, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
                match id {
                    $($id => Self::$name $((<$body as Field>::any(entropy, version)))?,)*
                    _ => Self::Unknown { id, body: entropy.bytes(60) },
                }
            }
        }
    };
}

messages! {
    /// The terminal's answer to what has no answer of its own.
    TerminalReply(body: GeneralReply) = 0x0001,
    /// The terminal is alive.
    Heartbeat = 0x0002,
    /// The terminal leaves the platform.
    Logout = 0x0003,
    /// The terminal asks for the time (2019).
    TimeQuery = 0x0004,
    /// The terminal asks for parts again that it did not get.
    TerminalResend(body: Resend) = 0x0005,
    /// The terminal registers.
    Register(body: Registration) = 0x0100,
    /// The terminal authenticates with the code of its registration.
    Authenticate(body: Authentication) = 0x0102,
    /// The parameters asked for.
    ParameterAnswer(body: ParameterAnswer) = 0x0104,
    /// The properties asked for.
    PropertyAnswer(body: TerminalProperties) = 0x0107,
    /// How an upgrade went.
    UpgradeResult(body: UpgradeResult) = 0x0108,
    /// A position.
    Location(body: LocationReport<'static>) = 0x0200,
    /// The position asked for.
    LocationAnswer(body: LocationAnswer) = 0x0201,
    /// The driver reports an event of the menu (2011, 2013).
    Event(body: EventReport) = 0x0301,
    /// The driver answers a question (2011, 2013).
    Answer(body: QuestionAnswer) = 0x0302,
    /// The driver orders or cancels information (2011, 2013).
    InformationOrder(body: InformationOrder) = 0x0303,
    /// How the vehicle stands after control.
    VehicleControlAnswer(body: LocationAnswer) = 0x0500,
    /// The areas or routes asked for (2019).
    AreaAnswer(body: AreaAnswer) = 0x0608,
    /// What the recorder has.
    RecorderData(body: RecorderData) = 0x0700,
    /// An electronic waybill.
    Waybill(body: Waybill) = 0x0701,
    /// Who drives.
    Driver(body: DriverIdentity) = 0x0702,
    /// Positions that were collected.
    LocationBatch(body: LocationBatch<'static>) = 0x0704,
    /// What was seen on the CAN bus.
    Can(body: CanUpload) = 0x0705,
    /// A picture, sound or video was made.
    MediaEvent(body: MediaEvent) = 0x0800,
    /// A picture, sound or video.
    MediaUpload(body: MediaUpload) = 0x0801,
    /// What was found in the terminal's store.
    MediaSearchAnswer(body: MediaSearchAnswer) = 0x0802,
    /// What the camera did.
    CameraAnswer(body: CameraAnswer) = 0x0805,
    /// Data that the terminal passes on from others.
    Uplink(body: Passthrough) = 0x0900,
    /// Data compressed by gzip.
    Compressed(body: Compressed) = 0x0901,
    /// The terminal's public key.
    TerminalKey(body: RsaKey) = 0x0a00,

    /// The platform's answer to what has no answer of its own.
    PlatformReply(body: GeneralReply) = 0x8001,
    /// The platform asks for parts again that it did not get.
    PlatformResend(body: Resend) = 0x8003,
    /// The time asked for (2019).
    TimeAnswer(body: TimeAnswer) = 0x8004,
    /// The answer to a registration.
    RegisterReply(body: RegistrationReply) = 0x8100,
    /// Sets parameters.
    SetParameters(body: Parameters) = 0x8103,
    /// Asks for all parameters.
    QueryParameters = 0x8104,
    /// Upgrades, switches off, resets, connects elsewhere.
    ControlTerminal(body: TerminalControl) = 0x8105,
    /// Asks for some parameters.
    QuerySomeParameters(body: ParameterIds) = 0x8106,
    /// Asks for the terminal's properties.
    QueryProperties = 0x8107,
    /// Sends a new firmware.
    Upgrade(body: UpgradePackage) = 0x8108,
    /// Asks for a position.
    QueryLocation = 0x8201,
    /// Wants positions at an interval for some time.
    Track(body: Tracking) = 0x8202,
    /// A person has confirmed an alarm.
    ConfirmAlarm(body: AlarmConfirmation) = 0x8203,
    /// Asks whether the terminal is there (2019).
    LinkCheck = 0x8204,
    /// Text for the driver.
    Text(body: TextMessage) = 0x8300,
    /// The menu of events (2011, 2013).
    SetEvents(body: EventMenu) = 0x8301,
    /// A question for the driver (2011, 2013).
    Question(body: Question) = 0x8302,
    /// The menu of information (2011, 2013).
    SetInformation(body: InformationMenu) = 0x8303,
    /// Information that was ordered (2011, 2013).
    Information(body: Information) = 0x8304,
    /// The terminal shall call.
    CallBack(body: CallBack) = 0x8400,
    /// The phone book.
    SetContacts(body: PhoneBook) = 0x8401,
    /// Controls the vehicle.
    ControlVehicle(body: VehicleControl) = 0x8500,
    /// Sets circles.
    SetCircles(body: Circles) = 0x8600,
    /// Deletes circles.
    DeleteCircles(body: AreaIds) = 0x8601,
    /// Sets rectangles.
    SetRectangles(body: Rectangles) = 0x8602,
    /// Deletes rectangles.
    DeleteRectangles(body: AreaIds) = 0x8603,
    /// Sets a polygon.
    SetPolygon(body: Polygon) = 0x8604,
    /// Deletes polygons.
    DeletePolygons(body: AreaIds) = 0x8605,
    /// Sets a route.
    SetRoute(body: Route) = 0x8606,
    /// Deletes routes.
    DeleteRoutes(body: AreaIds) = 0x8607,
    /// Asks for areas or routes (2019).
    QueryAreas(body: AreaQuery) = 0x8608,
    /// Asks for what the recorder has.
    QueryRecorder(body: RecorderCommand) = 0x8700,
    /// Sets the recorder's parameters.
    SetRecorder(body: RecorderCommand) = 0x8701,
    /// Asks who drives.
    QueryDriver = 0x8702,
    /// Media arrived, or parts are missing.
    MediaReply(body: MediaReply) = 0x8800,
    /// The camera shall take pictures.
    Camera(body: CameraCommand) = 0x8801,
    /// Searches the terminal's store.
    MediaSearch(body: MediaSearch) = 0x8802,
    /// The terminal shall upload what it has stored.
    MediaRequest(body: MediaRequest) = 0x8803,
    /// The terminal shall record sound.
    Record(body: SoundCommand) = 0x8804,
    /// The terminal shall upload one piece that it has stored.
    MediaRequestOne(body: MediaRequestOne) = 0x8805,
    /// Data that the terminal shall pass on to others.
    Downlink(body: Passthrough) = 0x8900,
    /// The platform's public key.
    PlatformKey(body: RsaKey) = 0x8a00,
}

impl Message {
    /// Reads the body of a frame, or of a message whose parts were put together. What is behind the fields that the
    /// version has is ignored.
    pub fn decode(header: &Header, body: &[u8]) -> Result<Self, DecodeError> {
        if let Some(Package { total: total @ 2.., index }) = header.package {
            return Err(DecodeError::Part { index, total });
        }
        if header.encryption != 0 {
            return Err(DecodeError::Encrypted(header.encryption));
        }
        Self::decode_body(header.id, header.version(), body)
    }

    /// Reads a body of a given version.
    pub fn decode_body(id: u16, version: Version, body: &[u8]) -> Result<Self, DecodeError> {
        let version = if id == 0x0100 { Registration::edition(version, body) } else { version };
        Self::read(id, version, &mut Reader(body))
    }

    /// Appends its body in a version.
    pub fn encode_body(&self, version: Version, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.write(version, out)
    }

    /// Whether it goes from the platform to the terminal.
    pub const fn is_downlink(&self) -> bool {
        self.id() & 0x8000 != 0
    }
}

#[cfg(test)]
mod tests;
