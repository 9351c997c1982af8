//! `evm-lanes import` and `export`, and what makes a scenario of any file that the other commands are given.

use std::path::Path;

use evm_lanes_engine::scenario::{self, Library};
use evm_lanes_import::{Format, Input};

use crate::arguments::{ExportArguments, ExportFormat, ImportArguments};
use crate::commands::{End, Source, complain};
use crate::output;

pub(crate) fn import(arguments: &ImportArguments) -> End {
    let mut inputs = Vec::new();
    for file in &arguments.files {
        match Source::read(file) {
            Ok(Source { name, text }) => inputs.push(Input { name, text }),
            Err(message) => return complain(End::Usage, &message),
        }
    }
    let Some(text) = read(&inputs, false) else { return End::Problems };
    write(arguments.output.as_deref(), &text).unwrap_or(End::Well)
}

pub(crate) fn export(arguments: &ExportArguments) -> End {
    let source = match Source::read_runnable(&arguments.file, false) {
        Ok(source) => source,
        Err(end) => return end,
    };
    // Whoever reads it as runnable has shown what is wrong with it.
    let (Some(read), _) = scenario::read(&source.text, Library::bundled()) else {
        return End::Problems;
    };
    let exported = match arguments.format {
        ExportFormat::T8n => evm_lanes_import::t8n(&read),
        ExportFormat::Raw => evm_lanes_import::raw(&read),
        ExportFormat::Cast => evm_lanes_import::cast(&read),
        ExportFormat::Scenario => {
            return write(arguments.output.as_deref(), &source.text).unwrap_or(End::Well);
        }
    };
    if let Some(end) = write(arguments.output.as_deref(), &exported.text) {
        return end;
    }
    for sentence in &exported.left_out {
        output::note(&output::clean(sentence));
    }
    if exported.left_out.is_empty() { End::Well } else { End::Differs }
}

/// A scenario as it is, and anything else as the scenario it makes.
pub(crate) fn lowered(source: Source, json: bool) -> Result<Source, End> {
    let Source { name, text } = source;
    let inputs = [Input { name, text }];
    let scenario = is_scenario(&inputs[0].text);
    let made = if scenario { None } else { Some(read(&inputs, json).ok_or(End::Problems)?) };
    let [Input { name, text }] = inputs;
    Ok(Source { name, text: made.unwrap_or(text) })
}

/// Whether it is to be read as a scenario, whatever is wrong with it.
fn is_scenario(text: &str) -> bool {
    let braces = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '/']);
    let input = Input { name: String::new(), text: text.to_owned() };
    match evm_lanes_import::import(&[input]).formats.first() {
        Some(Some(format)) => *format == Format::Scenario,
        // The reader of scenarios says better what is wrong with something like one.
        _ => braces || text.trim().is_empty(),
    }
}

/// Reads files that belong together, and shows what they were taken for and what is wrong with them.
fn read(inputs: &[Input], json: bool) -> Option<String> {
    let imported = evm_lanes_import::import(inputs);
    for (input, (format, found)) in
        inputs.iter().zip(imported.formats.iter().zip(&imported.diagnostics))
    {
        if let Some(format) = format
            && !json
        {
            output::note(&format!("{} was read as {format}", output::clean(&input.name)));
        }
        if imported.scenario.is_none() || !json {
            let source = Source { name: input.name.clone(), text: input.text.clone() };
            source.show(found, json);
        }
    }
    for note in imported.notes.iter().filter(|_| !json) {
        output::note(&output::clean(note));
    }
    imported.scenario
}

fn write(file: Option<&Path>, text: &str) -> Option<End> {
    match file {
        None => output::print(text),
        Some(file) => {
            if let Err(error) = std::fs::write(file, text) {
                return Some(complain(
                    End::Usage,
                    &format!("cannot write {}: {error}", file.display()),
                ));
            }
        }
    }
    None
}
