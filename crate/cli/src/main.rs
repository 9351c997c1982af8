//! The command line `evm-lanes`: reads a scenario, runs it, and says what came of it.

mod arguments;
mod commands;
mod conform;

mod comparison;
mod diagnostics;
mod fetch;
mod http;
mod import;
mod lint;
mod listing;
mod numbers;
mod summary;
mod what_if;

mod output;
mod surroundings;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let end = match Arguments::parse().command {
        Command::Run(arguments) => commands::run(&arguments),
        Command::Compare(arguments) => commands::compare(&arguments),
        Command::WhatIf(arguments) => commands::what_if(&arguments),
        Command::Lint(arguments) => lint::lint(&arguments),
        Command::Import(arguments) => import::import(&arguments),
        Command::Export(arguments) => import::export(&arguments),
        Command::Check(arguments) => commands::check(&arguments),
        Command::AccessList(arguments) => commands::access_list(&arguments),
        Command::Fetch(arguments) => fetch::fetch(&arguments),
        Command::Conform(arguments) => conform::conform(&arguments),
    };
    end.into()
}
