//! Stories, told through real HTTP and WebSocket connections. The services behind are small ones in memory.

mod book;
mod calls;
mod channels;
mod crash;
mod devices;
mod discovery;
mod disk;
mod house;
mod logins;
mod matrix;
mod mouths;
mod overload;
mod protection;
mod proxies;
mod rides;
mod town;
mod watching;
