//! `cargo xtask`: the only place that knows toolchains and flags. It needs rustup's cargo and Node, and installs the rest.

mod bench;
mod browser;
mod budget;
mod command;
mod documentation;
mod fingerprint;
mod node;
mod play;
mod site;
mod test;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use lexopt::prelude::*;

use crate::command::Run;

const USAGE: &str = "\
cargo xtask COMMAND

  play [--port N]    install what is missing, build, and serve the page on this computer
  test [--quick]     everything CI checks; --quick leaves out wasm, the browser and model checking
  build              the release site, in web/dist
  package            the npm package evm-lanes around it, in web/package
  bench [--native | --browser] [--quick] [--only TEXT,TEXT]
                     measure natively and in Chromium; results go to docs/bench
  bench --page       serve a page that measures one thread beside @ethereumjs/vm
  setup              only install what is missing
  wasm               only build the wasm modules, in web/public/wasm
  types              rewrite the generated files: the types.ts of web/src and the goldens
  fmt                format the Rust code
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    std::env::set_current_dir(command::root())?;
    let mut arguments = lexopt::Parser::from_env();
    let Some(first) = arguments.next()? else {
        print!("{USAGE}");
        return Ok(ExitCode::FAILURE);
    };
    let name = match first {
        Short('h') | Long("help") => "help".to_owned(),
        Value(name) => name.string()?,
        other => return Err(other.unexpected().into()),
    };
    match name.as_str() {
        "help" => print!("{USAGE}"),
        "play" => {
            let (mut port, mut isolated) = (5173, true);
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("port") => port = arguments.value()?.parse()?,
                    // For tests: the page as a host without the headers would serve it.
                    Long("no-isolation") => isolated = false,
                    other => return Err(other.unexpected().into()),
                }
            }
            play::play(port, isolated)?;
        }
        "test" => {
            let mut quick = false;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("quick") => quick = true,
                    other => return Err(other.unexpected().into()),
                }
            }
            return Ok(test::test(quick));
        }
        "bench" => {
            let mut what = bench::What { native: true, browser: true, quick: false, only: None };
            let mut page = false;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("native") => what.browser = false,
                    Long("browser") => what.native = false,
                    Long("quick") => what.quick = true,
                    Long("page") => page = true,
                    Long("only") => what.only = Some(arguments.value()?.string()?),
                    other => return Err(other.unexpected().into()),
                }
            }
            if page { bench::page(5174)? } else { bench::bench(&what)? }
        }
        other => {
            if let Some(argument) = arguments.next()? {
                return Err(argument.unexpected().into());
            }
            match other {
                "build" => site::build()?,
                "package" => site::package()?,
                "setup" => setup()?,
                "wasm" => wasm::build_all()?,
                "types" => test::refresh()?,
                "fmt" => command::cargo(["fmt", "--all"]).run()?,
                _ => anyhow::bail!("there is no command {other}\n\n{USAGE}"),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn setup() -> anyhow::Result<()> {
    node::install("web")?;
    node::install("tests/browser")?;
    toolchain::obtain()?;
    browser::find()?;
    Ok(())
}
