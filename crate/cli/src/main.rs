//! The command line `evm-lanes`.

fn main() {}
