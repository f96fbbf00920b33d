// Made from docs/openrpc.json by `npm run generate:api`. Not edited by hand.

/** An alert. */
export type Alert = {
  /** Who acknowledged it. Missing: nobody did. */
  readonly acknowledged?: Deed;
  /** Who closed it. Missing: it is open, or the end of its condition closed it. */
  readonly closed?: Deed;
  /** When it was closed. Missing: it is not. */
  readonly closed_ms?: number;
  /** How often its condition began. */
  readonly count: number;
  /** Who drove. Missing: not known. */
  readonly driver?: number;
  /** When its condition ended. Missing: it lasts. */
  readonly ended_ms?: number;
  /** Its id. */
  readonly id: Id;
  /** Which of several: the geofence, the sensor, the terminal's bit. 0 where there is one. */
  readonly key: number;
  /** What it is about. docs/telemetry.md lists the kinds. */
  readonly kind: string;
  /** When its condition was last seen. */
  readonly last_ms: number;
  /** The mean value, where its kind has one. */
  readonly mean?: number;
  /** When its condition began, in milliseconds of the Unix epoch. */
  readonly opened_ms: number;
  /** Where it began. Missing: no position was known. */
  readonly place?: Coordinates;
  /** How urgent it is. */
  readonly severity?: Severity;
  /** Where it is in its life. */
  readonly state?: AlertState;
  /** What the value was compared with. */
  readonly threshold: number;
  /** The trip during which it began. Missing: none. */
  readonly trip?: Id;
  /** The worst value, in the unit of its kind. */
  readonly value: number;
  /** The vehicle. */
  readonly vehicle: number;
  /** Rises with every change: the highest is the truth. */
  readonly version: number;
};

/** Where an alert is in its life. */
export type AlertState = "open" | "acknowledged" | "closed";

/** What happened to an alert. */
export type AlertStep = "opened" | "updated" | "ended" | "reopened" | "acknowledged" | "closed";

/** A page of alerts, those that were opened last first. */
export type Alerts = {
  /** The alerts. */
  readonly alerts: ReadonlyArray<Alert>;
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: string;
};

/** A rectangle that holds its borders, and does not reach over the antimeridian. */
export type Area = {
  /** Its highest longitude. */
  readonly east: number;
  /** Its highest latitude. */
  readonly north: number;
  /** Its lowest latitude. */
  readonly south: number;
  /** Its lowest longitude. */
  readonly west: number;
};

/** Drivers near a place. */
export type Around = {
  /** The nearest first. */
  readonly drivers: ReadonlyArray<Nearby>;
};

/** A change that somebody made, or tried to make. */
export type AuditEntry = {
  /** Who. Missing: nobody was logged in. */
  readonly account?: Id;
  /** From which address. */
  readonly address: string;
  /** When, in milliseconds of the Unix epoch. */
  readonly at_ms: number;
  /** As the caller gave it. */
  readonly idempotency_key?: string;
  /** The method. */
  readonly method: string;
  /** 0: done. Otherwise the code of the error. */
  readonly outcome: number;
  /** SHA-256 of the entry before. */
  readonly previous: string;
  /** The request, as the log of the service names it. */
  readonly request: string;
  /** With which roles. */
  readonly roles: ReadonlyArray<string>;
  /** Its place in the log, from 1. */
  readonly sequence: Id;
  /** Order, account, vehicle or name that it was about. */
  readonly subject?: string;
};

/** A page of the audit log, the newest first. */
export type AuditPage = {
  /** The entries that fit what was asked for. */
  readonly entries: ReadonlyArray<AuditEntry>;
  /** `before` of the next page. Missing: there are no more. A page may be short, or empty, and still
have a next one: a call reads at most 10,000 entries. */
  readonly next?: Id;
};

/** A batch on its way to the chain. */
export type Batch = {
  /** The block. Missing until it is final. */
  readonly block?: number;
  /** When it was closed, in milliseconds of the Unix epoch. */
  readonly closed_at_ms: number;
  /** Its number. */
  readonly number: Id;
  /** Why the chain does not take it. */
  readonly refusal?: string;
  /** Rides in it. */
  readonly rides: number;
};

/** A page of batches, the newest first. */
export type Batches = {
  /** The batches. */
  readonly batches: ReadonlyArray<Batch>;
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: Id;
};

/** How an order ended before the trip. */
export type Cancellation = {
  /** Who ended it. */
  readonly by?: Party;
  /** Whose fault it was. */
  readonly fault?: Party;
  /** What the rider pays for it. */
  readonly fee: Money;
  /** In the canceller's words. */
  readonly reason: string;
};

/** A driver who could have had the order. */
export type Candidate = {
  /** What stood against this candidate. Missing for the one that was chosen. */
  readonly binding?: string;
  /** What the assignment minimises, in thousandths of a second: the sum of the parts. */
  readonly cost: number;
  /** Metres to the pick-up. */
  readonly distance_m: number;
  /** The driver. */
  readonly driver: number;
  /** Seconds to the pick-up. */
  readonly eta_s: number;
  /** The parts. */
  readonly parts: ReadonlyArray<CostPart>;
};

/** Between which temperatures a cargo has to stay, in degrees Celsius, to the tenth. */
export type CargoRange = {
  /** The highest. */
  readonly highest_c: number;
  /** The lowest. */
  readonly lowest_c: number;
};

/** What to sign. */
export type Challenged = {
  /** The text, to be signed as it is or in <Bytes></Bytes>. */
  readonly challenge: string;
  /** Until when, in milliseconds of the Unix epoch. */
  readonly expires_at_ms: number;
};

/** What a subscription pushes. */
export type Change = {
  readonly kind: "order";
  /** The order. */
  readonly order: Order;
} | {
  /** The driver. */
  readonly driver: Driver;
  readonly kind: "driver";
} | {
  readonly kind: "gone";
  /** The order. */
  readonly order: Id;
} | {
  readonly kind: "caught_up";
};

/** Where messages go besides the inbox. */
export type Channels = {
  /** The e-mail address. */
  readonly email?: string;
  /** What waits for its code. */
  readonly pending: ReadonlyArray<PendingChannel>;
  /** What it gets. */
  readonly webhook_shape?: WebhookShape;
  /** The webhook's address. */
  readonly webhook_url?: string;
};

/** A command and what became of it. */
export type Command = {
  /** What the terminal answered: `done`, the protocol's `code`, and `content`. Missing: nothing yet. */
  readonly answer?: unknown;
  /** Since when it is in its state. Missing: it is queued. */
  readonly at_ms?: number;
  /** How often it was given to a connection. */
  readonly attempts: number;
  /** What to do. */
  readonly command: unknown;
  /** When it is over without an answer. */
  readonly expires_ms: number;
  /** Its number. */
  readonly id: Id;
  /** When it was taken on, in milliseconds of the Unix epoch. */
  readonly issued_ms: number;
  /** Where it is. */
  readonly state?: CommandState;
  /** To which terminal. */
  readonly terminal: Id;
  /** Why it failed. Missing: it has not. */
  readonly why?: string;
};

/** Where a command is. */
export type CommandState = "queued" | "sent" | "answered" | "expired" | "failed";

/** Commands of a terminal, the newest first. */
export type Commands = {
  /** The commands. */
  readonly commands: ReadonlyArray<Command>;
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: Id;
};

/** What is set in the process that answers. Roles that run in other processes (`peers`) have their own. */
export type Configuration = {
  /** Every key there is, in order. */
  readonly settings: ReadonlyArray<Setting>;
};

/** What is confirmed by a code before messages go there. */
export type Confirmable = "email" | "sms";

/** The connection that a terminal has. */
export type Connection = {
  /** From where. */
  readonly address: string;
  /** jt808 or mqtt. */
  readonly channel: string;
  /** Since when, in milliseconds of the Unix epoch. */
  readonly since_ms: number;
};

/** A place. */
export type Coordinates = {
  /** North positive. */
  readonly latitude: number;
  /** East positive. */
  readonly longitude: number;
};

/** A part of a cost. */
export type CostPart = {
  /** Thousandths of a second. */
  readonly cost: number;
  /** eta, rating, class, idle, cancellation, homeward or waiting. */
  readonly name: string;
};

/** What coordinates are in. Inside everything is WGS 84. */
export type Datum = "wgs84" | "gcj02";

/** A day of the company's local clock: 2026-06-01. */
export type Day = string;

/** A delivery that was given up. */
export type DeadLetter = {
  /** To whom. */
  readonly account?: Id;
  /** How often it was tried. */
  readonly attempts: number;
  /** email or webhook. */
  readonly channel: string;
  /** When it was given up, in milliseconds of the Unix epoch. */
  readonly given_up_at_ms: number;
  /** Its id. */
  readonly id: Id;
  /** What went wrong the last time. */
  readonly last_error: string;
  /** What was to be delivered. */
  readonly message?: Message;
};

/** A page of deliveries that were given up, the newest first. */
export type DeadLetters = {
  /** The deliveries. */
  readonly letters: ReadonlyArray<DeadLetter>;
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: Id;
};

/** What one tick of the dispatcher decided for an order. */
export type Decision = {
  /** When, in milliseconds of the Unix epoch. */
  readonly at_ms: number;
  /** Who else could have. */
  readonly candidates: ReadonlyArray<Candidate>;
  /** Who got the offer. */
  readonly driver?: number;
  /** Drivers likewise. */
  readonly drivers_in_tick: number;
  /** Orders that were weighed against each other in this tick. */
  readonly orders_in_tick: number;
  /** What was decided. */
  readonly outcome?: Outcome;
  /** For people. */
  readonly reason: string;
  /** Rings of the spatial index that were searched. */
  readonly rings: number;
  /** The tick. */
  readonly tick: Id;
};

/** Who did something, and when. */
export type Deed = {
  /** When, in milliseconds of the Unix epoch. */
  readonly at_ms: number;
  /** The account of the person, or a name that another service gave. */
  readonly by: string;
};

/** What is written on a terminal and its vehicle, as far as it is known. */
export type Details = {
  /** The terminal's manufacturer. */
  readonly manufacturer?: string;
  /** The terminal's model. */
  readonly model?: string;
  /** The vehicle's plate. */
  readonly plate?: string;
  /** By JT/T 415: 1 blue, 2 yellow, 3 black, 4 white, 9 other. 0: no plate. */
  readonly plate_colour?: number;
  /** The number that the manufacturer gave the terminal. */
  readonly serial?: string;
  /** The vehicle's VIN. */
  readonly vin?: string;
};

/** The OpenRPC document. */
export type Document = unknown;

/** Nothing to say but that it was done. */
export type Done = Record<string, unknown>;

/** A driver at work. */
export type Driver = {
  /** Those that were given back after that. */
  readonly abandoned: number;
  /** Those that were accepted. */
  readonly accepted: number;
  /** The vehicle's class. */
  readonly class?: VehicleClass;
  /** The driver's id on the chain. */
  readonly id: number;
  /** Since when there is nothing to do, in milliseconds of the Unix epoch. */
  readonly idle_since_ms: number;
  /** The order that comes after it. */
  readonly next_order?: Id;
  /** The order that is offered to the driver now. */
  readonly offered?: Id;
  /** Offers made to the driver. */
  readonly offers: number;
  /** Whether the driver takes orders now. */
  readonly on_duty: boolean;
  /** The order that the driver is on, from acceptance on. */
  readonly order?: Id;
  /** The mean of the ratings in thousandths of a star. */
  readonly rating_permille?: number;
  /** The place in the company's ledger. */
  readonly seat: number;
  /** Trips made. */
  readonly trips: number;
  /** The vehicle's id on the chain. */
  readonly vehicle?: number;
};

/** A page of drivers, in the order of their ids. */
export type Drivers = {
  /** The drivers. */
  readonly drivers: ReadonlyArray<Driver>;
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: number;
};

/** How somebody drove. */
export type Driving = {
  /** Harsh accelerations. */
  readonly accelerations: number;
  /** Harsh brakings. */
  readonly brakings: number;
  /** Harsh cornerings. */
  readonly cornerings: number;
  /** Metres. */
  readonly distance_m: number;
  /** Watt hours. Missing: not known. */
  readonly energy_wh?: number;
  /** Millilitres of fuel. Missing: not known. */
  readonly fuel_ml?: number;
  /** Milliseconds that the engine ran in vain. */
  readonly idle_ms: number;
  /** Milliseconds in motion. */
  readonly moving_ms: number;
  /** Milliseconds in motion at night. */
  readonly night_ms: number;
  /** Milliseconds above the limit. */
  readonly speeding_ms: number;
  /** Times above the limit. */
  readonly speedings: number;
};

/** What a driver did with a vehicle on a day. */
export type DrivingDay = {
  /** The day, of the company's local clock. */
  readonly day: Day;
  /** Who drove. Missing: not known. */
  readonly driver?: number;
  /** How they were driven. */
  readonly driving: Driving;
  /** The grade for economy: 0 to 100. Missing: not known. */
  readonly economy?: number;
  /** The grade for safety: 0 to 100. */
  readonly safety: number;
  /** Trips. */
  readonly trips: number;
  /** The vehicle. */
  readonly vehicle: number;
  /** Rises with every change. */
  readonly version: number;
};

/** A page of days, by day, vehicle and driver. */
export type DrivingDays = {
  /** The days. */
  readonly days: ReadonlyArray<DrivingDay>;
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: string;
};

/** What the company owes a driver on the chain. */
export type Earnings = {
  /** Where a withdrawal goes, as SS58. */
  readonly account: string;
  /** Whether the seat takes new rides. */
  readonly active: boolean;
  /** What can be withdrawn. */
  readonly balance: Money;
  /** The driver. */
  readonly driver: number;
  /** The place in the company's ledger. */
  readonly seat: number;
};

/** A terminal that was enrolled, or got a new key. */
export type Enrolled = {
  /** Its key, shown this once. Missing: none was made, or it was shown before; a lost one is renewed. */
  readonly key?: string;
  /** The terminal. */
  readonly terminal: Terminal;
};

/** Something that happened to an order. */
export type Event = {
  /** When, in milliseconds of the Unix epoch. */
  readonly at_ms: number;
  /** What it says. */
  readonly details: unknown;
  /** Its name, as in docs/orders.md. */
  readonly name: string;
  /** Its place in the log. */
  readonly sequence: Id;
};

/** Why an order was offered to whom, and why to nobody else. The oldest decision first. */
export type Explanation = {
  /** The decisions. */
  readonly decisions: ReadonlyArray<Decision>;
  /** The order. */
  readonly order: Id;
};

/** Figures of the services. */
export type Figures = {
  /** Entries in the audit log. */
  readonly audit_entries: number;
  /** Hash of the last of them: whoever keeps it can tell later whether the log was changed. */
  readonly audit_head: string;
  /** Batches closed. */
  readonly batches_closed: number;
  /** Batches settled. */
  readonly batches_settled: number;
  /** Calls to the api since it started. */
  readonly calls: number;
  /** Drivers on duty. */
  readonly drivers_on_duty: number;
  /** Drivers whose position is fresh. */
  readonly drivers_with_fresh_position: number;
  /** Events in the log of orders. */
  readonly events: number;
  /** Whether the chain has settled a batch that is none of the orders service's: no ride goes out until somebody
has looked. */
  readonly halted: boolean;
  /** Microseconds of the last tick. */
  readonly last_tick_us: number;
  /** Offers made. */
  readonly offers: number;
  /** Open orders by state. */
  readonly open: ReadonlyArray<StateCount>;
  /** Orders for which a driver is looked for. */
  readonly orders_searching: number;
  /** Those that were shed because there were too many. */
  readonly shed: number;
  /** Ticks of the dispatcher. */
  readonly ticks: number;
  /** Calls that were refused with nobody identified, since the start: the audit log does not have them. */
  readonly unidentified: number;
};

/** What a file is written as. */
export type FileFormat = "csv" | "geojson" | "gpx" | "parquet";

/** What a file is of. */
export type FileOf = "track" | "mileage" | "behaviour" | "energy" | "stops";

/** A fix of a track. */
export type Fix = {
  /** What the terminal warned of, by the names of docs/devices.md. */
  readonly alarms: ReadonlyArray<string>;
  /** Metres above sea level. */
  readonly altitude_m: number;
  /** What was on, by the names of docs/devices.md. */
  readonly flags: ReadonlyArray<string>;
  /** Degrees clockwise from north. */
  readonly heading: number;
  /** North positive. */
  readonly latitude: number;
  /** East positive. */
  readonly longitude: number;
  /** The record that it is of: what telemetry_prove takes. */
  readonly sequence: Id;
  /** km/h, to the tenth. */
  readonly speed_kmh: number;
  /** The terminal. */
  readonly terminal: Id;
  /** When it was there, by the terminal's clock, in milliseconds of the Unix epoch. */
  readonly time_ms: number;
  /** The vehicle. */
  readonly vehicle: number;
};

/** A page of fixes, in the order of vehicle, terminal and time. */
export type Fixes = {
  /** The fixes. */
  readonly fixes: ReadonlyArray<Fix>;
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: string;
};

/** A geofence. */
export type Geofence = {
  /** The account that did that. */
  readonly changed_by: string;
  /** When it was made or changed, in milliseconds of the Unix epoch. */
  readonly changed_ms: number;
  /** It, as a Feature of GeoJSON (docs/telemetry.md). Missing: too large for the answer to a change of many. */
  readonly feature?: Record<string, unknown>;
  /** Its number. */
  readonly id: number;
  /** 1 when it was made, and one more with every change. */
  readonly version: number;
};

/** A page of geofences, in the order of their numbers. */
export type Geofences = {
  /** The geofences. */
  readonly geofences: ReadonlyArray<Geofence>;
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: number;
};

/** Who answers. */
export type Health = {
  /** Height of its last final block. */
  readonly block?: number;
  /** The chain. */
  readonly chain: boolean;
  /** The dispatcher. */
  readonly dispatch: boolean;
  /** Whether all of them do. */
  readonly healthy: boolean;
  /** Messages. */
  readonly notify: boolean;
  /** Orders. */
  readonly orders: boolean;
};

/** Everything that happened to an order, the oldest first. */
export type History = {
  /** The events. */
  readonly events: ReadonlyArray<Event>;
};

/** A 64-bit id, as a decimal string. */
export type Id = string;

/** A page of the inbox, the newest first. */
export type Inbox = {
  /** The messages. */
  readonly messages: ReadonlyArray<Message>;
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: Id;
  /** Messages that were not read, in the whole inbox. */
  readonly unread: number;
};

/** What a subscription to the inbox pushes. */
export type InboxChange = {
  /** The first page. */
  readonly inbox: Inbox;
  readonly kind: "inbox";
} | {
  readonly kind: "message";
  /** The message. */
  readonly message: Message;
};

/** What a vehicle is told. docs/devices.md lists the kinds and what each takes. */
export type Instruction = {
  readonly kind: string;
};

/** Tells a repeated command from a new one. Chosen by the caller, for each command its own. */
export type Key = string;

/** The last position of a vehicle that is believed. */
export type LastFix = {
  /** Metres above sea level. */
  readonly altitude_m: number;
  /** Degrees clockwise from north. */
  readonly heading: number;
  /** North positive. */
  readonly latitude: number;
  /** East positive. */
  readonly longitude: number;
  /** km/h, to the tenth. */
  readonly speed_kmh: number;
  /** When it was there, by the terminal's clock, in milliseconds of the Unix epoch. */
  readonly time_ms?: number;
};

/** A link to a file. */
export type Link = {
  /** Until when a download can be begun, in milliseconds of the Unix epoch. */
  readonly expires_at_ms: number;
  /** The name that the file will have. */
  readonly file_name: string;
  /** Where it is, at this host and port. */
  readonly path: string;
};

/** Uploads of a terminal, the newest first. */
export type Media = {
  /** The uploads. */
  readonly media: ReadonlyArray<Medium>;
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: Id;
};

/** A photo, a sound or a film that a terminal uploaded. */
export type Medium = {
  /** Its size. */
  readonly bytes: number;
  /** The camera or microphone. */
  readonly channel: number;
  /** JT/T 808: 0 by the platform, 1 regular, 2 robbery, 3 collision, and others. */
  readonly event: number;
  /** JT/T 808: 0 JPEG, 1 TIF, 2 MP3, 3 WAV, 4 WMV. */
  readonly format: number;
  /** Its number. */
  readonly id: Id;
  /** JT/T 808: 0 a picture, 1 sound, 2 video. */
  readonly kind: number;
  /** When it came. */
  readonly received_ms: number;
  /** The terminal. */
  readonly terminal: Id;
  /** When it was taken, by the terminal's clock. */
  readonly time_ms: number;
  /** The vehicle that the terminal was in. Missing: none. */
  readonly vehicle?: number;
};

/** A message to an account. */
export type Message = {
  /** When it came, in milliseconds of the Unix epoch. */
  readonly at_ms: number;
  /** The text. */
  readonly body: string;
  /** Its id. */
  readonly id: Id;
  /** The order it is about. */
  readonly order?: Id;
  /** Whether it was marked as read. */
  readonly read: boolean;
  /** One line. */
  readonly title: string;
  /** order, money, papers or system. */
  readonly topic: string;
};

/** An amount in units of 10^-6 CNY, as a decimal string. */
export type Money = string;

/** A driver near a place. */
export type Nearby = {
  /** The driver. */
  readonly driver: number;
  /** Where the driver was. */
  readonly position: Position;
};

/** The driver who was asked, or who took the order. */
export type Offer = {
  /** Names this offer among those of the order: what accepting and declining refer to. */
  readonly attempt: number;
  /** The driver. */
  readonly driver: number;
  /** Seconds to the pick-up when it was made. */
  readonly eta_s: number;
  /** Until when it can be accepted, in milliseconds of the Unix epoch. */
  readonly expires_at_ms: number;
  /** The driver finishes another trip first. */
  readonly forward: boolean;
  /** The vehicle. */
  readonly vehicle: number;
};

/** An order. */
export type Order = {
  /** When the driver was at the pick-up. */
  readonly arrived_at_ms?: number;
  /** How it ended before the trip. */
  readonly cancellation?: Cancellation;
  /** The city by its administrative code. */
  readonly city: number;
  /** With what. */
  readonly class?: VehicleClass;
  /** When it was quoted, in milliseconds of the Unix epoch. */
  readonly created_at_ms: number;
  /** To where. */
  readonly destination?: Place;
  /** When it ended. */
  readonly ended_at_ms?: number;
  /** Drivers who are not to get it. Only the company's staff see it. */
  readonly excluded?: ReadonlyArray<number>;
  /** Its id. */
  readonly id: Id;
  /** The driver. */
  readonly offer?: Offer;
  /** From where. */
  readonly origin?: Place;
  /** When the rider was in the vehicle. */
  readonly picked_up_at_ms?: number;
  /** For when it is booked. Missing: at once. */
  readonly pickup_at_ms?: number;
  /** The price that was promised. */
  readonly quote?: Quote;
  /** Stars from the rider. */
  readonly rating_of_driver?: number;
  /** Stars from the driver. */
  readonly rating_of_rider?: number;
  /** What it came to: one price for rider and driver. */
  readonly receipt?: Price;
  /** Grows by one with every change of state. Other changes, such as a rating or a batch, leave it. */
  readonly revision: Id;
  /** The rider's account. Only the company's staff see it. */
  readonly rider?: Id;
  /** Where the chain has it. */
  readonly settlement?: Settlement;
  /** Four digits that the rider tells the driver in the vehicle. Only the rider sees it. */
  readonly start_code?: string;
  /** When the trip began. */
  readonly started_at_ms?: number;
  /** Where it is in its life. */
  readonly state?: OrderState;
};

/** Where an order is in its life. docs/orders.md has the table of what leads from which to which. */
export type OrderState = "quoted" | "booked" | "searching" | "offered" | "accepted" | "arriving" | "arrived" | "picked_up" | "in_trip" | "completed" | "settled" | "cancelled" | "expired";

/** A page of orders, the newest first. */
export type Orders = {
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: Id;
  /** The orders. */
  readonly orders: ReadonlyArray<Order>;
};

/** What a tick decided for an order. */
export type Outcome = "offered" | "held" | "outbid" | "nobody" | "stale";

/** Who did it, or whose fault it was. */
export type Party = "rider" | "driver" | "company";

/** An address that gets no message before its code came back. */
export type PendingChannel = {
  /** What it is. */
  readonly channel: Confirmable;
  /** Until when its code is good, in milliseconds of the Unix epoch. */
  readonly code_expires_at_ms: number;
  /** The address, or the webhook that reaches the number. */
  readonly to: string;
};

/** A place on Earth: decimal degrees of WGS 84, kept to six decimals. */
export type Place = {
  /** North positive. */
  readonly latitude: number;
  /** East positive. */
  readonly longitude: number;
  /** For people. */
  readonly name?: string;
};

/** Where a driver was, and when. */
export type Position = {
  /** Milliseconds of the Unix epoch. */
  readonly at_ms: number;
  /** Degrees clockwise from north. */
  readonly heading?: number;
  /** North positive. */
  readonly latitude: number;
  /** East positive. */
  readonly longitude: number;
  /** Metres a second. */
  readonly speed?: number;
};

/** What a price was computed from, and what it came to. */
export type Price = {
  /** Metres. */
  readonly distance_m: number;
  /** Seconds. */
  readonly duration_s: number;
  /** Without tolls. */
  readonly fare: Money;
  /** Pick-up, in milliseconds of the Unix epoch. */
  readonly pickup_at_ms: number;
  /** Multiplier in thousandths. */
  readonly surge_permille: number;
  /** The tariff's version on the chain. */
  readonly tariff_version: number;
  /** Tolls. */
  readonly tolls: Money;
  /** Tolls in hundredths of a CNY. */
  readonly tolls_fen: number;
  /** Both. */
  readonly total: Money;
  /** Seconds that the driver waited. */
  readonly waiting_s: number;
};

/** How a terminal talks, and so what it calls itself. */
export type Protocol = "jt808" | "key";

/** A receipt and all that proves it: docs/rpc.md says how it is checked. */
export type Proven = {
  /** The batch. */
  readonly batch: SettledBatch;
  /** Its place in the block's checkpoint. */
  readonly item: number;
  /** Partners from the batch up to the checkpoint root. */
  readonly item_partners: ReadonlyArray<string>;
  /** Items in the block's checkpoint. */
  readonly items: number;
  /** What is proven. */
  readonly receipt: Receipt;
  /** Partners from the receipt up to the batch's root. */
  readonly receipt_partners: ReadonlyArray<string>;
  /** Its row in the batch. */
  readonly row: number;
};

/** A price that holds for a time. */
export type Quote = {
  /** The final fare is at most this, tolls aside, whatever the meter says. */
  readonly cap: Money;
  /** The price. */
  readonly price?: Price;
  /** Until when it can be placed, in milliseconds of the Unix epoch. */
  readonly valid_until_ms: number;
};

/** What a ride paid to whom, as the chain computed it. */
export type Receipt = {
  /** The driver's account: 0x and 64 digits. */
  readonly account: string;
  /** Its batch. */
  readonly batch: Id;
  /** The company. */
  readonly company: number;
  /** Metres. */
  readonly distance_m: number;
  /** The driver. */
  readonly driver: number;
  /** What the driver got, tolls included. */
  readonly driver_share: Money;
  /** Seconds. */
  readonly duration_s: number;
  /** What the rider paid without tolls. */
  readonly fare: Money;
  /** trip or cancelled. */
  readonly kind: string;
  /** The order. */
  readonly order: Id;
  /** Pick-up, in milliseconds of the Unix epoch. */
  readonly pickup_at_ms: number;
  /** Multiplier in thousandths. */
  readonly surge_permille: number;
  /** The tariff's version. */
  readonly tariff: number;
  /** Tolls. */
  readonly tolls: Money;
  /** Seconds the driver waited. */
  readonly waiting_s: number;
};

/** `error.data` of an answer. */
export type RefusalData = {
  /** What happened, for programs. One of the table of errors, or the name of an order's refusal. */
  readonly name: string;
  /** What to do. */
  readonly remedy: string;
  /** When the same call has a chance again, in milliseconds from now. */
  readonly retry_after_ms?: number;
};

/** How much of a report was new. */
export type Reported = {
  /** Positions newer than what was known. */
  readonly taken: number;
};

/** What was ended. */
export type Revoked = {
  /** Sessions. */
  readonly sessions: number;
};

/** The company's rules. */
export type RuleBook = {
  /** What the company says otherwise than the defaults. */
  readonly book: Record<string, unknown>;
  /** All rules that follow, by class of vehicle. */
  readonly effective: Record<string, unknown>;
};

/** A value that is set. */
export type Setting = {
  /** Its key: `orders.rules.search_ms`. */
  readonly key: string;
  /** Where it came from: `default`, a file with its line, a variable of the environment, a flag. */
  readonly origin: string;
  /** Whether it may change while the process runs. Others are read at the start. */
  readonly reloads: boolean;
  /** As TOML has it. Missing: the key has no value. */
  readonly value?: string;
};

/** The batch of a receipt, as the chain keeps it. */
export type SettledBatch = {
  /** The block. */
  readonly block: number;
  /** The city. */
  readonly city: number;
  /** The drivers' part. */
  readonly drivers: Money;
  /** Root of the evidence: 0x and 64 digits. */
  readonly evidence_root: string;
  /** What riders paid, tolls included. */
  readonly gross: Money;
  /** Its number. */
  readonly number: Id;
  /** The platform's part. */
  readonly platform: Money;
  /** Root of the receipts: 0x and 64 digits. */
  readonly receipts_root: string;
  /** Rides in it. */
  readonly rides: number;
  /** Everybody else's part. */
  readonly third_parties: Money;
};

/** Where the chain has it. */
export type Settlement = {
  /** The company's batch. Missing while the ride is held. */
  readonly batch?: Id;
  /** The block. Missing until the batch is final. */
  readonly block?: number;
  /** Why the chain refused the ride: it is in no batch until operations release it. Only the
company's staff see it. Missing otherwise. */
  readonly held?: string;
  /** Root of the batch's receipts: 0x and 64 digits. Missing until the batch is final. */
  readonly receipts_root?: string;
  /** The row in it. Missing while the ride is held. */
  readonly row?: number;
};

/** How urgent an alert is. */
export type Severity = "info" | "warning" | "critical";

/** What a driver has to do now. */
export type State = {
  /** The driver. Missing before the first time on duty. */
  readonly driver?: Driver;
};

/** How many open orders are in a state. */
export type StateCount = {
  /** The orders. */
  readonly orders: number;
  /** The state. */
  readonly state?: OrderState;
};

/** A stop. */
export type Stop = {
  /** Who drove. Missing: not known. */
  readonly driver?: number;
  /** From when, in milliseconds of the Unix epoch. */
  readonly from_ms: number;
  /** How it stood. Missing: in a way that this version does not know. */
  readonly kind?: StopKind;
  /** Whether it was for a night. */
  readonly overnight: boolean;
  /** Where. */
  readonly place?: Coordinates;
  /** The trip during which, or after which, it stood. Missing: none. */
  readonly trip?: Id;
  /** Until when. */
  readonly until_ms: number;
  /** The vehicle. */
  readonly vehicle: number;
};

/** How a vehicle stood. */
export type StopKind = "idling" | "standing" | "parked";

/** A page of stops, by vehicle and time. */
export type Stops = {
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: string;
  /** The stops. */
  readonly stops: ReadonlyArray<Stop>;
};

/** A device that nobody knows. */
export type Stranger = {
  /** From where it came last. */
  readonly address: string;
  /** By what way it came last: jt808, mqtt or http. */
  readonly channel: string;
  /** What it said of itself. */
  readonly details: Details;
  /** When it came first, as far as the list goes back. */
  readonly first_ms: number;
  /** The newest of what it sent, in hexadecimal digits, the newest last. */
  readonly frames: ReadonlyArray<string>;
  /** What it calls itself: what to enrol it by. */
  readonly identity: string;
  /** When it came last. */
  readonly last_ms: number;
  /** How it talks. */
  readonly protocol?: Protocol;
  /** Why it was refused last. */
  readonly reason: string;
  /** Times that it was refused. */
  readonly refused: number;
};

/** Devices that nobody knows, who came last first. */
export type Strangers = {
  /** The devices. */
  readonly strangers: ReadonlyArray<Stranger>;
  /** How many there are, also beyond the list. */
  readonly total: number;
};

/** What a subscription to telemetry pushes. */
export type TelemetryChange = {
  readonly kind: "vehicle";
  /** The vehicle. */
  readonly vehicle: VehicleState;
} | {
  /** The alert as it is now. */
  readonly alert: Alert;
  readonly kind: "alert";
  /** What. Missing: something that this version does not know. */
  readonly step?: AlertStep;
} | {
  readonly kind: "caught_up";
};

/** A terminal. */
export type Terminal = {
  /** The block in which it was first seen that the chain has the same binding. Missing: it has not been seen there, or
is there no more. */
  readonly bound_on_chain?: number;
  /** Its connection. Missing: it has none now. HTTP has none ever. */
  readonly connection?: Connection;
  /** When it was enrolled, in milliseconds of the Unix epoch. */
  readonly created_ms: number;
  /** What is written on it. */
  readonly details: Details;
  /** What the chain calls it, for `vehicles.bind_device`: 0x and 64 digits. Missing: the service has no salt. */
  readonly device_id?: string;
  /** Its number. */
  readonly id: Id;
  /** What it calls itself. */
  readonly identity: string;
  /** When it was last heard. Missing: never. */
  readonly last_seen_ms?: number;
  /** How it talks. Missing: in a way that this version does not know. */
  readonly protocol?: Protocol;
  /** Whether it may work. */
  readonly state?: TerminalState;
  /** The vehicle of the chain that it is in. Missing: none. */
  readonly vehicle?: number;
};

/** Whether a terminal may work. */
export type TerminalState = "active" | "suspended" | "quarantined";

/** A page of terminals, in the order of their numbers. */
export type Terminals = {
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: Id;
  /** The terminals. */
  readonly terminals: ReadonlyArray<Terminal>;
};

/** A session's tokens. */
export type Tokens = {
  /** Goes with every call. */
  readonly access_token: string;
  /** Gets the next pair, once. */
  readonly refresh_token: string;
  /** Who it is for. */
  readonly whoami: Whoami;
};

/** Where the driver of an order is. */
export type Track = {
  /** Metres to there. */
  readonly distance_m?: number;
  /** Seconds to the pick-up, and from then on to the destination. */
  readonly eta_s?: number;
  /** The order. */
  readonly order: Id;
  /** The driver's last position. Missing when there is no driver, or none was reported lately. */
  readonly position?: Position;
  /** Where it is in its life. */
  readonly state?: OrderState;
};

/** A trip. */
export type Trip = {
  /** Who drove. Missing: not known. */
  readonly driver?: number;
  /** How it was driven. */
  readonly driving: Driving;
  /** The grade for economy: 0 to 100. */
  readonly economy?: number;
  /** Why it ended. Missing: it lasts. */
  readonly end?: TripEnd;
  /** When it ended. While it lasts, the time of the last fix. */
  readonly ended_ms: number;
  /** The fastest, in km/h to the tenth. */
  readonly fastest_kmh: number;
  /** Fixes that it is made of. */
  readonly fixes: number;
  /** Where it began. */
  readonly from?: Coordinates;
  /** Its id. */
  readonly id: Id;
  /** Metres by the odometer. Missing: the vehicle tells none. */
  readonly odometer_m?: number;
  /** The grade for safety: 0 to 100. */
  readonly safety?: number;
  /** When it began, in milliseconds of the Unix epoch. */
  readonly started_ms: number;
  /** Stops during it. */
  readonly stops: number;
  /** Where it ended, or is. */
  readonly to?: Coordinates;
  /** The vehicle. */
  readonly vehicle: number;
  /** Rises with every change. */
  readonly version: number;
};

/** Why a trip ended. */
export type TripEnd = "ignition" | "stood" | "gap" | "driver";

/** A page of trips, those that began last first. */
export type Trips = {
  /** `before` of the next page. Missing: there are no more. */
  readonly next?: string;
  /** The trips. */
  readonly trips: ReadonlyArray<Trip>;
};

/** What is left. */
export type Unread = {
  /** Messages that were not read. */
  readonly unread: number;
};

/** What a vehicle is for. */
export type VehicleClass = "economy" | "comfort" | "premium" | "van";

/** How a vehicle was when it was last heard from. */
export type VehicleState = {
  /** What the terminal warns of, by the names of docs/devices.md. */
  readonly alarms: ReadonlyArray<string>;
  /** Thousandths of the traction battery. */
  readonly charge_permille?: number;
  /** Who drives. Missing: not known. */
  readonly driver?: number;
  /** Where it was. Missing: no position was believed yet. */
  readonly fix?: LastFix;
  /** What is on, by the names of docs/devices.md. */
  readonly flags: ReadonlyArray<string>;
  /** Millilitres in the tank. */
  readonly fuel_ml?: number;
  /** Thousandths of the tank. */
  readonly fuel_permille?: number;
  /** When something was last received from it, in milliseconds of the Unix epoch. */
  readonly heard_ms: number;
  /** Metres on the odometer. */
  readonly odometer_m?: number;
  /** Whether it is connected, as far as what it sends tells. */
  readonly online: boolean;
  /** The record that changed it last. */
  readonly sequence: Id;
  /** The cargo's temperature in degrees Celsius, to the tenth. */
  readonly temperature_c?: number;
  /** The terminal that spoke last. */
  readonly terminal: Id;
  /** The time of the newest report, by the terminal's clock, in milliseconds of the Unix epoch. */
  readonly time_ms: number;
  /** The vehicle. */
  readonly vehicle: number;
};

/** A page of vehicles, in the order of their numbers. */
export type VehicleStates = {
  /** How many vehicles were ever heard of, whatever was asked. */
  readonly known: number;
  /** `after` of the next page. Missing: there are no more. */
  readonly next?: number;
  /** The vehicles. */
  readonly vehicles: ReadonlyArray<VehicleState>;
};

/** What runs here. */
export type Version = {
  /** The hash of block 0: 0x and 64 digits. */
  readonly chain: string;
  /** The company. */
  readonly company: number;
  /** The service's clock, in milliseconds of the Unix epoch. */
  readonly now_ms: number;
  /** The crate's version. */
  readonly version: string;
};

/** A vehicle that was in an area. */
export type Visit = {
  /** Its first fix there, in milliseconds of the Unix epoch. */
  readonly first_ms: number;
  /** How many fixes it has there. */
  readonly fixes: number;
  /** Its last fix there. */
  readonly last_ms: number;
  /** The vehicle. */
  readonly vehicle: number;
};

/** Who was in an area, who was there last first. */
export type Visits = {
  /** The vehicles. */
  readonly visits: ReadonlyArray<Visit>;
};

/** What a webhook gets. */
export type WebhookShape = "json" | "dingtalk" | "sms";

/** Who somebody is. */
export type Whoami = {
  /** The account in this api. */
  readonly account: Id;
  /** The company. */
  readonly company: number;
  /** The driver's id on the chain. */
  readonly driver?: number;
  /** Until when the access token is good, in milliseconds of the Unix epoch. */
  readonly expires_at_ms: number;
  /** What it is in this company. */
  readonly roles: ReadonlyArray<string>;
  /** The driver's place in the company's ledger. */
  readonly seat?: number;
  /** The session. */
  readonly session: Id;
};

export interface Calls {
  /** A text that a wallet signs to log in. Good once, for a short time. */
  "auth_challenge": {
    params: {
      /** SS58, or 0x and 64 hex digits. */
      readonly account: string;
    };
    answer: Challenged;
  };
  /** Begins a session with a wallet's signature over a challenge. Roles come from the chain. */
  "auth_login": {
    params: {
      /** The same account. */
      readonly account: string;
      /** The text that was signed. */
      readonly challenge: string;
      /** sr25519 or ed25519: 0x and 128 hex digits; ecdsa: 130. A byte before it may say the kind, as wallets put it. */
      readonly signature: string;
      /** For ecdsa, whose accounts are hashes of keys: the compressed key, 0x and 66 hex digits. */
      readonly public_key?: string | undefined;
    };
    answer: Tokens;
  };
  /** Makes a rider's account with a name and a password, and begins a session. */
  "auth_register": {
    params: {
      /** 3 to 32 small letters, digits, dots, dashes and underscores; a letter first. */
      readonly name: string;
      /** 10 to 200 characters. */
      readonly password: string;
    };
    answer: Tokens;
  };
  /** Begins a session with a name and a password. */
  "auth_password": {
    params: {
      /** 3 to 32 small letters, digits, dots, dashes and underscores; a letter first. */
      readonly name: string;
      /** 10 to 200 characters. */
      readonly password: string;
    };
    answer: Tokens;
  };
  /** Goes on with a session: a new access token, and a new refresh token in the place of this one, which is used up; for half a minute it gives the same pair once more, if the new one was not used. Roles are read from the chain again. */
  "auth_refresh": {
    params: {
      /** As it came with the last access token. */
      readonly refresh_token: string;
    };
    answer: Tokens;
  };
  /** Ends the session of the token. */
  "auth_logout": {
    params: Record<string, never>;
    answer: Done;
  };
  /** Who the token says the caller is. */
  "auth_whoami": {
    params: Record<string, never>;
    answer: Whoami;
  };
  /** Logs in on this WebSocket with an access token, for browsers, which cannot set the header. Call it again with each new token: what follows on the connection, subscriptions too, needs one that is good. */
  "auth_attach": {
    params: {
      /** As it came from logging in or refreshing. */
      readonly access_token: string;
    };
    answer: Whoami;
  };
  /** What a ride would cost. The price holds until quote.valid_until_ms. */
  "rider_quote": {
    params: {
      /** With what. */
      readonly class: VehicleClass;
      /** To where. */
      readonly destination: Place;
      /** For this command. */
      readonly idempotency_key: Key;
      /** From where. */
      readonly origin: Place;
      /** When the rider wants to be fetched, in milliseconds of the Unix epoch. Missing: now. */
      readonly pickup_at_ms?: number | undefined;
    };
    answer: Order;
  };
  /** Turns a quote into an order: at once, or booked when the quote named a time. */
  "rider_place": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Ends an order before the trip. By whose fault decides the fee. */
  "rider_cancel": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** Why, for people. */
      readonly reason?: string | undefined;
    };
    answer: Order;
  };
  /** Rates the driver, once, after the trip. */
  "rider_rate": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** 1 to 5. */
      readonly stars: number;
    };
    answer: Order;
  };
  /** One order of the rider's. */
  "rider_order": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** The rider's orders, the newest first. */
  "rider_orders": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those in this state. */
      readonly state?: OrderState | undefined;
    };
    answer: Orders;
  };
  /** Where the driver is, and how far. */
  "rider_track": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Track;
  };
  /** The driver takes orders from now on, with this vehicle. */
  "driver_on_duty": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** Its id on the chain. */
      readonly vehicle: number;
    };
    answer: Driver;
  };
  /** The driver takes no more orders. Refused while there is one. */
  "driver_off_duty": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
    };
    answer: Driver;
  };
  /** What the driver has to do now. */
  "driver_state": {
    params: Record<string, never>;
    answer: State;
  };
  /** Where the driver was: 1 to 100 positions. One that is older than the last is ignored. */
  "driver_report": {
    params: {
      /** The oldest first. */
      readonly positions: ReadonlyArray<Position>;
    };
    answer: Reported;
  };
  /** Takes an offer, if it is still the one that stands. */
  "driver_accept": {
    params: {
      /** offer.attempt of the order: which of its offers is meant. */
      readonly attempt: number;
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Refuses an offer. The order is never offered to this driver again. */
  "driver_decline": {
    params: {
      /** offer.attempt of the order: which of its offers is meant. */
      readonly attempt: number;
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Sets off to the pick-up. */
  "driver_set_off": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Is at the pick-up: waiting counts from here. */
  "driver_arrive": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** The rider is in the vehicle and has told the start code. */
  "driver_pick_up": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** Four digits, as the rider tells them. */
      readonly start_code: string;
    };
    answer: Order;
  };
  /** The trip begins. */
  "driver_start": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** The trip ends. The fare is computed here. */
  "driver_complete": {
    params: {
      /** Metres that were driven. */
      readonly distance_m: number;
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** Tolls in hundredths of a CNY. */
      readonly tolls_fen?: number | undefined;
    };
    answer: Order;
  };
  /** Gives an accepted order back before the pick-up: another driver is looked for. */
  "driver_abandon": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** The rider did not come: ends the order. */
  "driver_no_show": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** Why, for people. */
      readonly reason?: string | undefined;
    };
    answer: Order;
  };
  /** Rates the rider, once, after the trip. */
  "driver_rate": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** 1 to 5. */
      readonly stars: number;
    };
    answer: Order;
  };
  /** One order of the driver's. */
  "driver_order": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** The driver's orders, the newest first. */
  "driver_orders": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those in this state. */
      readonly state?: OrderState | undefined;
    };
    answer: Orders;
  };
  /** What the company owes the driver, from the chain. */
  "driver_earnings": {
    params: Record<string, never>;
    answer: Earnings;
  };
  /** Drivers on duty, in the order of their ids. */
  "fleet_drivers": {
    params: {
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Drivers;
  };
  /** Orders of the company, the newest first, without their riders. */
  "fleet_orders": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** Only those that this driver was asked for last. */
      readonly driver?: number | undefined;
      /** Only those whose price was asked for from this millisecond of the Unix epoch on. */
      readonly from_ms?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those in this state. */
      readonly state?: OrderState | undefined;
      /** Only those whose price was asked for before this millisecond of the Unix epoch. */
      readonly until_ms?: number | undefined;
    };
    answer: Orders;
  };
  /** One order of the company, without its rider. */
  "fleet_order": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Drivers with a fresh position in a circle, the nearest first. */
  "fleet_nearby": {
    params: {
      /** Of its centre. */
      readonly latitude: number;
      /** Of its centre. */
      readonly longitude: number;
      /** Metres. */
      readonly radius_m: number;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Around;
  };
  /** Terminals, in the order of their numbers. */
  "devices_list": {
    params: {
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those of this vehicle, all on one page. */
      readonly vehicle?: number | undefined;
    };
    answer: Terminals;
  };
  /** A terminal: whether it is connected, in which vehicle it is, whether it may work. */
  "devices_get": {
    params: {
      /** Its number. */
      readonly terminal: Id;
    };
    answer: Terminal;
  };
  /** Devices that were refused because nobody knows them, who came last first. */
  "devices_strangers": {
    params: {
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Strangers;
  };
  /** Makes a terminal known. The key that is made for a device of MQTT or HTTP is answered this once. The same again gives the same terminal. */
  "devices_enrol": {
    params: {
      /** What it calls itself: a phone number of up to 20 digits, or a name of letters, digits, '.', '_', ':' and '-'. */
      readonly identity: string;
      /** How it talks. */
      readonly protocol: Protocol;
      /** What is written on it. */
      readonly details?: Details | undefined;
      /** The vehicle of the company that it is in. Missing: none yet. */
      readonly vehicle?: number | undefined;
    };
    answer: Enrolled;
  };
  /** A new key for a terminal, answered this once. Who came in by the old one is disconnected. */
  "devices_renew_key": {
    params: {
      /** Its number. */
      readonly terminal: Id;
    };
    answer: Enrolled;
  };
  /** Lets a terminal work, or not. One that may not is disconnected. */
  "devices_set_state": {
    params: {
      /** Whether it may. */
      readonly state: TerminalState;
      /** The terminal. */
      readonly terminal: Id;
    };
    answer: Terminal;
  };
  /** Says what a terminal of JT/T 808 has to show when it registers. The code it had is void and it is disconnected: so a registration by somebody else is undone. */
  "devices_expect": {
    params: {
      /** What is written on it, all of it anew. Its serial or VIN tells it from others. */
      readonly details: Details;
      /** The terminal. */
      readonly terminal: Id;
    };
    answer: Terminal;
  };
  /** Binds a terminal to a vehicle of the company, from its next record on, or to none. */
  "devices_bind": {
    params: {
      /** The terminal. */
      readonly terminal: Id;
      /** The vehicle. Missing: none. */
      readonly vehicle?: number | undefined;
    };
    answer: Terminal;
  };
  /** Tells a terminal something, now or when it is connected again. */
  "devices_send": {
    params: {
      /** What to do. */
      readonly command: Instruction;
      /** Tells this command from others. */
      readonly idempotency_key: Key;
      /** Which terminal. */
      readonly terminal: Id;
      /** Seconds that it waits for an answer. Missing: as the service is configured. */
      readonly lasting_s?: number | undefined;
    };
    answer: Command;
  };
  /** A command, and what became of it. */
  "devices_command": {
    params: {
      /** Its number. */
      readonly id: Id;
    };
    answer: Command;
  };
  /** Commands of a terminal, the newest first. */
  "devices_commands": {
    params: {
      /** The terminal. */
      readonly terminal: Id;
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Commands;
  };
  /** Takes a command back. One that is over stays as it is. */
  "devices_withdraw": {
    params: {
      /** Its number. */
      readonly id: Id;
    };
    answer: Command;
  };
  /** Photos, sound and films of a terminal, the newest first. */
  "devices_media": {
    params: {
      /** The terminal. */
      readonly terminal: Id;
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Media;
  };
  /** A link to a photo, sound or film. Good once, for a short time. */
  "devices_medium": {
    params: {
      /** The upload's `id`. */
      readonly medium: Id;
      /** The terminal. */
      readonly terminal: Id;
    };
    answer: Link;
  };
  /** How a vehicle was when it was last heard from. */
  "telemetry_vehicle": {
    params: {
      /** Its number. */
      readonly vehicle: number;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
    };
    answer: VehicleState;
  };
  /** How vehicles were when they were last heard from, in the order of their numbers. */
  "telemetry_vehicles": {
    params: {
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: number | undefined;
      /** Only those whose last believed position is in it. */
      readonly area?: Area | undefined;
      /** What coordinates are in, those of `area` as well. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those that are online, or are not. */
      readonly online?: boolean | undefined;
    };
    answer: VehicleStates;
  };
  /** Says how large a vehicle's tank and battery are and how warm its cargo may be, all of it anew. */
  "telemetry_set_capacities": {
    params: {
      /** The vehicle of the company. */
      readonly vehicle: number;
      /** Watt hours of the traction battery. Missing: not known. */
      readonly battery_wh?: number | undefined;
      /** Between which temperatures the cargo has to stay. Missing: as the rules say. */
      readonly cargo?: CargoRange | undefined;
      /** Millilitres of the tank. Missing: not known. */
      readonly tank_ml?: number | undefined;
    };
    answer: Done;
  };
  /** Fixes of a span of time, in the order of vehicle, terminal and time: what a replay shows. */
  "telemetry_track": {
    params: {
      /** From then on, by the terminals' clocks, in milliseconds of the Unix epoch. */
      readonly from_ms: number;
      /** Until just before. */
      readonly until_ms: number;
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: string | undefined;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** How many, at most. 500 where nothing is said. */
      readonly limit?: number | undefined;
      /** Of these vehicles. Missing or empty: of all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    answer: Fixes;
  };
  /** Which vehicles were in an area, who was there last first. */
  "telemetry_visits": {
    params: {
      /** The area. */
      readonly area: Area;
      /** From then on, by the terminals' clocks, in milliseconds of the Unix epoch. */
      readonly from_ms: number;
      /** Until just before. */
      readonly until_ms: number;
      /** What the area's coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Visits;
  };
  /** Trips that began in a span of time, those that began last first. */
  "telemetry_trips": {
    params: {
      /** That began from then on, in milliseconds of the Unix epoch. */
      readonly from_ms: number;
      /** That began before. */
      readonly until_ms: number;
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: string | undefined;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** Only of this driver. */
      readonly driver?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Of these vehicles. Missing or empty: of all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    answer: Trips;
  };
  /** Stops of a span of time, by vehicle and time. */
  "telemetry_stops": {
    params: {
      /** From then on, in milliseconds of the Unix epoch. */
      readonly from_ms: number;
      /** Until just before. */
      readonly until_ms: number;
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: string | undefined;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** Only those that took at least so many milliseconds. */
      readonly least_ms?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Of these vehicles. Missing or empty: of all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    answer: Stops;
  };
  /** What each driver did with each vehicle on each day, with grades, by day, vehicle and driver. */
  "telemetry_days": {
    params: {
      /** From this day on. */
      readonly from_day: Day;
      /** The day after the last. */
      readonly until_day: Day;
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: string | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Of these vehicles. Missing or empty: of all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    answer: DrivingDays;
  };
  /** Alerts, those that were opened last first. */
  "telemetry_alerts": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: string | undefined;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** Opened from then on, in milliseconds of the Unix epoch. */
      readonly from_ms?: number | undefined;
      /** Only of these kinds: docs/telemetry.md lists them. Missing or empty: of all. */
      readonly kinds?: ReadonlyArray<string> | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those in one of these states. Missing or empty: in any. */
      readonly states?: ReadonlyArray<AlertState> | undefined;
      /** Opened before. */
      readonly until_ms?: number | undefined;
      /** Of these vehicles. Missing or empty: of all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    answer: Alerts;
  };
  /** One alert. */
  "telemetry_alert": {
    params: {
      /** Its id. */
      readonly alert: Id;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
    };
    answer: Alert;
  };
  /** Says that a person knows of an alert. Once is enough: the first who says so stays. */
  "telemetry_acknowledge": {
    params: {
      /** Its id. */
      readonly alert: Id;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
    };
    answer: Alert;
  };
  /** Closes an alert. What is closed changes no more; closing again what one has closed changes nothing. */
  "telemetry_close": {
    params: {
      /** Its id. */
      readonly alert: Id;
      /** What coordinates are in. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
    };
    answer: Alert;
  };
  /** Geofences, in the order of their numbers. */
  "telemetry_geofences": {
    params: {
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Geofences;
  };
  /** One geofence. */
  "telemetry_geofence": {
    params: {
      /** Its number. */
      readonly geofence: number;
    };
    answer: Geofence;
  };
  /** Makes or replaces geofences, all of those given or none. A feature without an `id` becomes a new one each time it is sent. */
  "telemetry_put_geofences": {
    params: {
      /** A Feature or a FeatureCollection of GeoJSON (docs/telemetry.md). */
      readonly geojson: Record<string, unknown>;
    };
    answer: Geofences;
  };
  /** Removes a geofence. One that is not there is removed already. */
  "telemetry_remove_geofence": {
    params: {
      /** Its number. */
      readonly geofence: number;
      /** The version that it must have. Missing: any. */
      readonly version?: number | undefined;
    };
    answer: Done;
  };
  /** The company's rules, and what follows from them for every class of vehicle. */
  "telemetry_rules": {
    params: Record<string, never>;
    answer: RuleBook;
  };
  /** Replaces the company's rules. They apply from the next record on. */
  "telemetry_set_rules": {
    params: {
      /** What differs from the defaults (docs/telemetry.md): `{"rules": {...}, "classes": {"car": {...}}}`. */
      readonly book: Record<string, unknown>;
    };
    answer: RuleBook;
  };
  /** The proof that a record was reported and is in a batch whose root is on the chain. docs/anchors.md says how it is checked. */
  "telemetry_prove": {
    params: {
      /** Its place in the log. */
      readonly sequence: Id;
    };
    answer: Record<string, unknown>;
  };
  /** How far behind telemetry is, and what troubles it: figures by name (docs/telemetry.md). */
  "telemetry_figures": {
    params: Record<string, never>;
    answer: Record<string, unknown>;
  };
  /** A link to a file of tracks, stops or days, for a browser. Good once, for a short time. Programs need none: GET /export takes the same and the access token. */
  "telemetry_export": {
    params: {
      /** What it is written as. */
      readonly format: FileFormat;
      /** What it is of. */
      readonly what: FileOf;
      /** What the coordinates of a track are in, except in Parquet. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** Of the others: from this day on. */
      readonly from_day?: Day | undefined;
      /** Of tracks and stops: from then on, in milliseconds of the Unix epoch. */
      readonly from_ms?: number | undefined;
      /** Of stops: only those that took at least so many milliseconds. */
      readonly least_ms?: number | undefined;
      /** Of the others: the day after the last. */
      readonly until_day?: Day | undefined;
      /** Of tracks and stops: until just before. */
      readonly until_ms?: number | undefined;
      /** Of these vehicles. Missing or empty: of all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    answer: Link;
  };
  /** All orders, the newest first. */
  "ops_orders": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** Only those that this driver was asked for last. */
      readonly driver?: number | undefined;
      /** Only those whose price was asked for from this millisecond of the Unix epoch on. */
      readonly from_ms?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only those in this state. */
      readonly state?: OrderState | undefined;
      /** Only those whose price was asked for before this millisecond of the Unix epoch. */
      readonly until_ms?: number | undefined;
    };
    answer: Orders;
  };
  /** One order. */
  "ops_order": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Everything that happened to an order. */
  "ops_history": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: History;
  };
  /** Why an order was offered to whom, and why to nobody else. */
  "ops_explain": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Explanation;
  };
  /** Ends an order before the trip, and says whose fault it was. */
  "ops_cancel": {
    params: {
      /** Whose fault it was: it decides the fee. */
      readonly fault: Party;
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
      /** Why, for people. */
      readonly reason?: string | undefined;
    };
    answer: Order;
  };
  /** Puts a ride that the chain refused into a batch again, when the cause is gone. */
  "ops_release": {
    params: {
      /** For this command. */
      readonly idempotency_key: Key;
      /** The order. */
      readonly order: Id;
    };
    answer: Order;
  };
  /** Drivers on duty. */
  "ops_drivers": {
    params: {
      /** `next` of the page before. Missing: from the first on. */
      readonly after?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Drivers;
  };
  /** Batches on their way to the chain, the newest first. */
  "ops_batches": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Batches;
  };
  /** Figures of the services. */
  "ops_figures": {
    params: Record<string, never>;
    answer: Figures;
  };
  /** What is set in the process that answers, and where each value came from. Secrets are "***". */
  "ops_configuration": {
    params: Record<string, never>;
    answer: Configuration;
  };
  /** The audit log, the newest first. */
  "ops_audit": {
    params: {
      /** Only of this account. */
      readonly account?: Id | undefined;
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** Only from this millisecond of the Unix epoch on. */
      readonly from_ms?: number | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
      /** Only of this method. */
      readonly method?: string | undefined;
      /** Only before this millisecond of the Unix epoch. */
      readonly until_ms?: number | undefined;
    };
    answer: AuditPage;
  };
  /** Ends all sessions of an account, at once. */
  "ops_revoke": {
    params: {
      /** Its id in this api. */
      readonly account: Id;
    };
    answer: Revoked;
  };
  /** Deliveries of messages that were given up, the newest first. */
  "ops_dead_letters": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: DeadLetters;
  };
  /** Tries a dead letter once more. */
  "ops_redeliver": {
    params: {
      /** Its id. */
      readonly id: Id;
    };
    answer: Done;
  };
  /** The settled receipt of an order, with its proof up to the checkpoint root of its block. */
  "order_receipt": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    answer: Proven;
  };
  /** The caller's messages, the newest first. */
  "inbox_list": {
    params: {
      /** `next` of the page before. Missing: from the newest on. */
      readonly before?: Id | undefined;
      /** How many, at most. 50 where nothing is said. */
      readonly limit?: number | undefined;
    };
    answer: Inbox;
  };
  /** Marks a message, and all older ones, as read. */
  "inbox_mark_read": {
    params: {
      /** This one and all older ones. */
      readonly id: Id;
    };
    answer: Unread;
  };
  /** Where messages go besides the inbox, and what waits to be confirmed. */
  "inbox_channels": {
    params: Record<string, never>;
    answer: Channels;
  };
  /** Sets where messages go besides the inbox. What is not given is switched off. A new e-mail address or telephone number gets a code, and no message before inbox_confirm. */
  "inbox_set_channels": {
    params: {
      /** An e-mail address. */
      readonly email?: string | undefined;
      /** With what its bodies are signed. Never read back. */
      readonly webhook_secret?: string | undefined;
      /** What the webhook gets. Ours, as JSON, where nothing is said. */
      readonly webhook_shape?: WebhookShape | undefined;
      /** http or https. */
      readonly webhook_url?: string | undefined;
    };
    answer: Channels;
  };
  /** Confirms an e-mail address or telephone number by the code that was sent there: from now on messages go there. */
  "inbox_confirm": {
    params: {
      /** Where it came. */
      readonly channel: Confirmable;
      /** Its eight digits. */
      readonly code: string;
    };
    answer: Channels;
  };
  /** Sends a new code to the address or number that waits; the one before is good no longer. */
  "inbox_resend_code": {
    params: {
      /** Where it should have come. */
      readonly channel: Confirmable;
    };
    answer: Channels;
  };
  /** Whether the services behind the api, and the chain, answer. */
  "system_health": {
    params: Record<string, never>;
    answer: Health;
  };
  /** What runs here, and for whom. */
  "system_version": {
    params: Record<string, never>;
    answer: Version;
  };
  /** This document. */
  "rpc.discover": {
    params: Record<string, never>;
    answer: Document;
  };
}

export interface Subscriptions {
  /** Follows vehicles and alerts: how vehicles are now, then every change of them and of alerts. */
  "telemetry_subscribe": {
    params: {
      /** Alerts alone, without states. */
      readonly alerts_only?: boolean | undefined;
      /** Only states within it, and the first one outside after each. Alerts come wherever they are. */
      readonly area?: Area | undefined;
      /** What coordinates are in, those of `area` as well. wgs84 where nothing is said. */
      readonly datum?: Datum | undefined;
      /** Only these vehicles and their alerts. Missing or empty: all. */
      readonly vehicles?: ReadonlyArray<number> | undefined;
    };
    pushes: TelemetryChange;
  };
  /** Follows one order: as it is now, then each time that it changes. */
  "order_subscribe": {
    params: {
      /** Its id. */
      readonly order: Id;
    };
    pushes: Change;
  };
  /** Follows the driver's offers, orders and own state. */
  "driver_subscribe": {
    params: Record<string, never>;
    pushes: Change;
  };
  /** Follows everything: all that is open, then every change. */
  "ops_subscribe": {
    params: Record<string, never>;
    pushes: Change;
  };
  /** Follows the caller's inbox: the newest messages, then each new one. */
  "inbox_subscribe": {
    params: Record<string, never>;
    pushes: InboxChange;
  };
}

/** Calls that take an idempotency key. */
export type Keyed =
  | "rider_quote"
  | "rider_place"
  | "rider_cancel"
  | "rider_rate"
  | "driver_on_duty"
  | "driver_off_duty"
  | "driver_accept"
  | "driver_decline"
  | "driver_set_off"
  | "driver_arrive"
  | "driver_pick_up"
  | "driver_start"
  | "driver_complete"
  | "driver_abandon"
  | "driver_no_show"
  | "driver_rate"
  | "devices_send"
  | "ops_cancel"
  | "ops_release";

export const subscriptions = {
  telemetry_subscribe: {"notification":"telemetry_changed","unsubscribe":"telemetry_unsubscribe"},
  order_subscribe: {"notification":"order_changed","unsubscribe":"order_unsubscribe"},
  driver_subscribe: {"notification":"driver_changed","unsubscribe":"driver_unsubscribe"},
  ops_subscribe: {"notification":"ops_changed","unsubscribe":"ops_unsubscribe"},
  inbox_subscribe: {"notification":"inbox_changed","unsubscribe":"inbox_unsubscribe"},
} as const;

/** Who may call what. */
export const access = {
  "auth_challenge": "anyone",
  "auth_login": "anyone",
  "auth_register": "anyone",
  "auth_password": "anyone",
  "auth_refresh": "anyone",
  "auth_logout": "logged in",
  "auth_whoami": "logged in",
  "auth_attach": "anyone",
  "rider_quote": ["rider"],
  "rider_place": ["rider"],
  "rider_cancel": ["rider"],
  "rider_rate": ["rider"],
  "rider_order": ["rider"],
  "rider_orders": ["rider"],
  "rider_track": ["rider"],
  "driver_on_duty": ["driver"],
  "driver_off_duty": ["driver"],
  "driver_state": ["driver"],
  "driver_report": ["driver"],
  "driver_accept": ["driver"],
  "driver_decline": ["driver"],
  "driver_set_off": ["driver"],
  "driver_arrive": ["driver"],
  "driver_pick_up": ["driver"],
  "driver_start": ["driver"],
  "driver_complete": ["driver"],
  "driver_abandon": ["driver"],
  "driver_no_show": ["driver"],
  "driver_rate": ["driver"],
  "driver_order": ["driver"],
  "driver_orders": ["driver"],
  "driver_earnings": ["driver"],
  "fleet_drivers": ["fleet","personnel","operations","auditor"],
  "fleet_orders": ["fleet","finance","operations","auditor"],
  "fleet_order": ["fleet","finance","operations","auditor"],
  "fleet_nearby": ["fleet","operations"],
  "devices_list": ["fleet","operations","auditor"],
  "devices_get": ["fleet","operations","auditor"],
  "devices_strangers": ["fleet","operations","auditor"],
  "devices_enrol": ["fleet"],
  "devices_renew_key": ["fleet"],
  "devices_set_state": ["fleet"],
  "devices_expect": ["fleet"],
  "devices_bind": ["fleet"],
  "devices_send": ["fleet","operations"],
  "devices_command": ["fleet","operations","auditor"],
  "devices_commands": ["fleet","operations","auditor"],
  "devices_withdraw": ["fleet","operations"],
  "devices_media": ["fleet","operations","auditor"],
  "devices_medium": ["fleet","operations","auditor"],
  "telemetry_vehicle": ["fleet","operations","auditor"],
  "telemetry_vehicles": ["fleet","operations","auditor"],
  "telemetry_set_capacities": ["fleet","operations"],
  "telemetry_subscribe": ["fleet","operations","auditor"],
  "telemetry_track": ["fleet","operations","auditor"],
  "telemetry_visits": ["fleet","operations","auditor"],
  "telemetry_trips": ["fleet","operations","auditor"],
  "telemetry_stops": ["fleet","operations","auditor"],
  "telemetry_days": ["fleet","personnel","operations","auditor"],
  "telemetry_alerts": ["fleet","operations","auditor"],
  "telemetry_alert": ["fleet","operations","auditor"],
  "telemetry_acknowledge": ["fleet","operations"],
  "telemetry_close": ["fleet","operations"],
  "telemetry_geofences": ["fleet","operations","auditor"],
  "telemetry_geofence": ["fleet","operations","auditor"],
  "telemetry_put_geofences": ["fleet","operations"],
  "telemetry_remove_geofence": ["fleet","operations"],
  "telemetry_rules": ["fleet","operations","auditor"],
  "telemetry_set_rules": ["fleet","operations"],
  "telemetry_prove": ["fleet","operations","auditor"],
  "telemetry_figures": ["fleet","operations","auditor"],
  "telemetry_export": ["fleet","operations","auditor"],
  "ops_orders": ["operations","auditor"],
  "ops_order": ["operations","auditor"],
  "ops_history": ["operations","auditor"],
  "ops_explain": ["operations","auditor"],
  "ops_cancel": ["operations"],
  "ops_release": ["operations"],
  "ops_drivers": ["operations","auditor"],
  "ops_batches": ["finance","operations","auditor"],
  "ops_figures": ["operations","auditor"],
  "ops_configuration": ["operations","admin"],
  "ops_audit": ["operations","auditor","admin"],
  "ops_revoke": ["operations","admin"],
  "ops_dead_letters": ["operations","auditor"],
  "ops_redeliver": ["operations"],
  "order_receipt": ["rider","driver","finance","operations","auditor"],
  "inbox_list": "logged in",
  "inbox_mark_read": "logged in",
  "inbox_channels": "logged in",
  "inbox_set_channels": "logged in",
  "inbox_confirm": "logged in",
  "inbox_resend_code": "logged in",
  "order_subscribe": ["rider","driver","operations","auditor"],
  "driver_subscribe": ["driver"],
  "ops_subscribe": ["operations","auditor"],
  "inbox_subscribe": "logged in",
  "system_health": "anyone",
  "system_version": "anyone",
  "rpc.discover": "anyone",
} as const;

/** The errors by their names. */
export const errorCodes = {
  bad_code: 30028,
  bad_credentials: 30008,
  bad_signature: 30007,
  challenge_unknown: 30006,
  code_unknown: 30027,
  conflict: 30019,
  ended: 30025,
  forbidden: 30005,
  internal: 30024,
  invalid: 30020,
  invalid_params: -32602,
  name_taken: 30009,
  no_role: 30010,
  not_found: 30017,
  not_settled: 30021,
  other_company: 30003,
  overloaded: 30014,
  refresh_reused: 30012,
  refresh_unknown: 30011,
  refused: 30018,
  session_revoked: 30004,
  slow_reader: 30022,
  ticket_unknown: 30030,
  timed_out: 30015,
  token_expired: 30002,
  too_many_calls: 30013,
  too_many_connections: 30026,
  too_many_exports: 30029,
  unauthenticated: 30001,
  unavailable: 30016,
  websocket_only: 30023,
} as const;
