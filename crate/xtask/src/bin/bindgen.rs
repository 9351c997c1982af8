//! `evm-lanes-bindgen IN.wasm OUT-DIR`: wasm-bindgen at exactly the locked version, with nothing installed.

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [input, output] = &arguments[..] else {
        anyhow::bail!("usage: evm-lanes-bindgen IN.wasm OUT-DIR");
    };
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(input)
        .web(true)?
        // The page's types are generated from the engine, not from here.
        .typescript(false)
        .omit_default_module_path(true)
        // wasm-opt sorts by them and removes them.
        .remove_name_section(false)
        .remove_producers_section(true)
        .generate(output)
}
