//! Stories, told through real HTTP and WebSocket connections. The services behind are small ones in memory.

mod book;
mod calls;
mod crash;
mod discovery;
mod house;
mod logins;
mod matrix;
mod mouths;
mod protection;
mod rides;
mod town;
mod watching;
