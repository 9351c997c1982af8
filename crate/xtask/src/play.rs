//! `cargo xtask play`: the page on this computer.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::bail;

use crate::command::Run;
use crate::{node, site};

/// Builds and serves until it is interrupted.
pub(crate) fn play(port: u16, isolated: bool) -> anyhow::Result<()> {
    site::build()?;
    serve("EVM Lanes", port, isolated, &[])
}

/// Serves what vite has built until it is interrupted; `words` say what, if not the site.
pub(crate) fn serve(
    title: &str,
    port: u16,
    isolated: bool,
    words: &[String],
) -> anyhow::Result<()> {
    let free = free_port(port)?;
    if free != port {
        println!("port {port} is taken; using {free}");
    }
    println!("\n  {title}: http://127.0.0.1:{free}/   (Ctrl-C ends it)\n");
    // The headers are vite.config.ts's.
    node::web("vite")
        .args(["preview", "--host", "127.0.0.1", "--strictPort", "--logLevel", "warn"])
        .args(["--port", &free.to_string()])
        .args(words)
        .env("EVM_LANES_ISOLATION", if isolated { "on" } else { "off" })
        .run()
}

/// The first free port from `wanted` on.
fn free_port(wanted: u16) -> anyhow::Result<u16> {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    match (wanted..=wanted.saturating_add(50)).find(is_free) {
        Some(port) => Ok(port),
        None => bail!("port {wanted} and the fifty after it are taken; name another with --port"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_gives_the_next_free_one() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(free_port(port).unwrap() > port);
    }
}
