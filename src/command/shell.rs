//! `lab completions` and `lab man`: the command line, told to a shell and to man(1).

use std::io;

use clap::builder::PossibleValuesParser;
use clap_mangen::Man;

use super::output::Output;
use super::{Exit, Failure};
use crate::cli;
use crate::scenario::catalogue::embedded;
use crate::words::Lang;

/// Prints the completions. The ids of the scenarios are completed too; where none fits, the shell offers files.
pub fn completions(shell: clap_complete::Shell, output: &Output) -> Result<Exit, Failure> {
    let ids = || PossibleValuesParser::new(embedded().iter().map(|embedded| embedded.id));
    let mut command = cli::command(output.lang());
    for (name, argument) in [("run", "scenario"), ("check", "scenarios")] {
        command = command.mut_subcommand(name, |command| command.mut_arg(argument, |arg| arg.value_parser(ids())));
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "lab", &mut script);
    output.raw(&script)
}

/// Prints the manual: one page, the commands as sections of it.
pub fn man(output: &Output) -> Result<Exit, Failure> {
    let page = page(output.lang()).map_err(|error| Failure::printing(&error, output))?;
    output.raw(page.as_bytes())
}

fn page(lang: Lang) -> io::Result<String> {
    let mut command = cli::command(lang);
    command.build();
    let mut page = Vec::new();
    let whole = Man::new(command.clone());
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        let mut sections = Vec::new();
        // The global options stand above.
        let own = part.clone().mut_args(|arg| {
            let general = arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
            arg.hide(general)
        });
        let own = Man::new(own);
        own.render_synopsis_section(&mut sections)?;
        own.render_description_section(&mut sections)?;
        own.render_options_section(&mut sections)?;
        own.render_extra_section(&mut sections)?;
        let sections = String::from_utf8_lossy(&sections).replace("\n.SH ", "\n.SS ");
        let sections = sections
            .strip_prefix(".SH ")
            .map_or(sections.clone(), |rest| format!(".SS {rest}"));
        page.extend_from_slice(format!(".SH \"LAB {}\"\n{sections}", part.get_name().to_uppercase()).as_bytes());
    }
    whole.render_extra_section(&mut page)?;
    Ok(headings(&String::from_utf8_lossy(&page), lang))
}

/// The headings that the generator knows in English only, and its name for what stands at the end.
fn headings(page: &str, lang: Lang) -> String {
    let [name, synopsis, description, options, extra] = match lang {
        Lang::En => ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES AND EXIT CODES"],
        Lang::Zh => ["名称", "用法", "说明", "选项", "示例与退出码"],
    };
    let known = [
        ("NAME", name),
        ("SYNOPSIS", synopsis),
        ("DESCRIPTION", description),
        ("OPTIONS", options),
    ];
    let heading = |line: &str| {
        let (macro_name, title) = line.split_once(' ')?;
        if ![".SH", ".SS"].contains(&macro_name) {
            return None;
        }
        let known = known.into_iter().chain([("EXTRA", extra)]);
        let found = known.into_iter().find(|(english, _)| *english == title)?;
        Some(format!("{macro_name} \"{}\"", found.1))
    };
    let lines: Vec<String> = page
        .lines()
        .map(|line| heading(line).unwrap_or_else(|| line.to_owned()))
        .collect();
    lines.join("\n") + "\n"
}
