//! Stories, told through real HTTP and WebSocket connections. Orders, dispatch and messages behind are small
//! ones in memory; terminals and telemetry are what they are.

mod book;
mod calls;
mod channels;
mod crash;
mod depot;
mod devices;
mod discovery;
mod disk;
mod exports;
mod house;
mod logins;
mod matrix;
mod mouths;
mod overload;
mod portal;
mod protection;
mod proxies;
mod rides;
mod telemetry;
mod town;
mod watching;
