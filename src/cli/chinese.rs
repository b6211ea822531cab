//! The help and the usage errors in Chinese.

mod texts;

use std::fmt::Write as _;

use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ColorChoice};

use super::fold::folded;
pub use texts::{TEXTS, Text};

/// The command with every text of its help in Chinese, and no line of it broken: clap breaks at spaces alone, and
/// [`told`] knows better.
pub fn translated(command: clap::Command) -> clap::Command {
    let command = with_texts(command, "lab").term_width(0);
    let mut built = command.clone();
    built.build();
    with_usage(command, &mut built)
}

/// An error, or a text that was asked for, as it is to be printed: folded to the width, and the error in Chinese.
pub fn told(error: clap::Error, width: usize, color: ColorChoice) -> clap::Error {
    let asked_for = error.kind() == ErrorKind::DisplayHelp;
    let text = if asked_for {
        Some(error.render().ansi().to_string())
    } else {
        error_text(&error)
    };
    // An error made from a text alone would begin with `error:`. The help of a command that has no other can be any
    // text, and clap hands it out as an error, for the right stream and with the right exit code.
    text.and_then(|text| {
        let command = clap::Command::new("lab")
            .color(color)
            .override_help(StyledStr::from(folded(&text, width)));
        if asked_for {
            command.try_get_matches_from(["lab", "--help"]).err()
        } else {
            command.arg_required_else_help(true).try_get_matches_from(["lab"]).err()
        }
    })
    .unwrap_or(error)
}

/// The text for a command, given by its path, or for an argument of it.
pub fn text(path: &str, argument: Option<&str>) -> Option<&'static Text> {
    let mut found = TEXTS.iter().filter(|(at, of, _)| *at == path && *of == argument);
    found.next().map(|(_, _, text)| text)
}

fn with_texts(mut command: clap::Command, path: &str) -> clap::Command {
    if let Some(&Text::Command { short, long, closing }) = text(path, None) {
        let long = if long.is_empty() { short } else { long };
        command = command.about(short).long_about(long).after_long_help(closing);
    }
    let styles = Styles::default();
    let heading = styles.get_usage();
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{heading}{USAGE}{heading:#} {{usage}}\n\n{{all-args}}{{after-help}}"
    );
    command
        .help_template(StyledStr::from(template))
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| argument(arg, path))
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            with_texts(sub, &path)
        })
}

fn argument(arg: Arg, path: &str) -> Arg {
    let Some(&Text::Argument { value, short, more }) = text(path, Some(arg.get_id().as_str())) else {
        return arg;
    };
    let mut notes = String::new();
    let takes_value = arg.get_action().takes_values();
    if takes_value {
        let values = arg.get_possible_values();
        if !values.is_empty() {
            let names: Vec<_> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
            let _ = write!(notes, " [可选：{}]", names.join("、"));
        }
        if !arg.is_hide_default_value_set() {
            for default in arg.get_default_values() {
                let _ = write!(notes, " [默认：{}]", default.display());
            }
        }
    }
    let short_help = format!("{short}{notes}");
    let long_help = match more {
        "" => short_help.clone(),
        more => format!("{short}\n\n{more}\n\n{}", notes.trim_start()),
    };
    let heading = if arg.get_help_heading().is_some() {
        "通用选项"
    } else if arg.is_positional() {
        "参数"
    } else {
        "选项"
    };
    let mut arg = arg
        .help(short_help)
        .long_help(long_help.trim_end().to_owned())
        .help_heading(heading);
    if takes_value {
        // Its own `[possible values: …]` and `[default: …]` are English.
        arg = arg.hide_possible_values(true).hide_default_value(true);
    }
    if value.is_empty() { arg } else { arg.value_name(value) }
}

/// clap writes `[OPTIONS]` into every usage line. The line is taken as it is and that word replaced; `built` is the
/// same command, finished, so that it knows its whole name.
fn with_usage(command: clap::Command, built: &mut clap::Command) -> clap::Command {
    let line = built.render_usage().ansi().to_string();
    let line = line.split_once("Usage:").map_or("", |(_, line)| line);
    let line = line.trim_start_matches("\x1b[0m").trim_start();
    command
        .override_usage(StyledStr::from(line.replace("[OPTIONS]", "[选项]")))
        .mut_subcommands(|sub| match built.find_subcommand_mut(sub.get_name()) {
            Some(built) => with_usage(sub, built),
            None => sub,
        })
}

/// The error in Chinese, if it is one of those that happen.
fn error_text(error: &clap::Error) -> Option<String> {
    let styles = Styles::default();
    let (label, bad, good) = (styles.get_error(), styles.get_invalid(), styles.get_valid());
    let get = |kind| error.get(kind).map(strings).filter(|all| !all.is_empty());
    let argument = get(ContextKind::InvalidArg).map(|all| all.join("\n  "));
    let value = get(ContextKind::InvalidValue).map(|all| all.join(" "));

    let mut text = format!("{label}错误：{label:#}");
    let _ = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = get(ContextKind::InvalidSubcommand)?.join(" ");
            write!(text, "没有 {bad}{name}{bad:#} 这个命令")
        }
        ErrorKind::UnknownArgument => write!(text, "这里不认 {bad}{}{bad:#}", argument?),
        ErrorKind::MissingRequiredArgument => write!(text, "还缺：\n  {good}{}{good:#}", argument?),
        ErrorKind::TooManyValues => write!(text, "{} 不能带值 {bad}{}{bad:#}", argument?, value?),
        ErrorKind::ArgumentConflict => {
            let argument = argument.or(get(ContextKind::InvalidSubcommand).map(|all| all.join(" ")))?;
            match get(ContextKind::PriorArg).map(|all| all.join("、")) {
                Some(prior) if prior != argument => {
                    write!(text, "{bad}{argument}{bad:#} 不能和 {bad}{prior}{bad:#} 一起用")
                }
                _ => write!(text, "{bad}{argument}{bad:#} 只能给一次"),
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let argument = argument?;
            match value.filter(|value| !value.is_empty()) {
                Some(value) => {
                    let wanted = wanted(&argument, &value);
                    write!(text, "{argument} 不能是 {bad}{value}{bad:#}{wanted}")
                }
                None => write!(text, "{bad}{argument}{bad:#} 后面少了值"),
            }
        }
        _ => return None,
    };
    if let Some(values) = get(ContextKind::ValidValue) {
        let _ = write!(text, "\n  可选：{good}{}{good:#}", values.join("、"));
    }
    let similar = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    for similar in similar.into_iter().filter_map(get) {
        let _ = write!(text, "\n\n  是不是 {good}{}{good:#}？", similar.join("、"));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.ansi().to_string().replace("Usage:", USAGE);
        let _ = write!(text, "\n\n{usage}");
    }
    let literal = styles.get_literal();
    let _ = write!(text, "\n\n详细说明：{literal}--help{literal:#}");
    Some(text)
}

fn strings(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::String(one) => vec![one.clone()],
        ContextValue::Strings(all) => all.clone(),
        _ => Vec::new(),
    }
}

/// What the value of an option has to be, where the list of possible values does not say it.
fn wanted(argument: &str, value: &str) -> &'static str {
    match argument.split(' ').next() {
        // That is how bytes are shown that are no text.
        Some("--set") if value.contains('=') && value.contains(char::REPLACEMENT_CHARACTER) => {
            "，里面有不是 UTF-8 的字节；请把文件改名或复制一份，名字里不带这样的字节，再用新路径"
        }
        Some("--set") => "，要写成 旋钮=值，比如 count=5",
        Some("--pace") => "，要一个 0 到 60 的秒数，可以带小数，比如 0.5",
        Some("--repeat") => "，要一个 1 到 1000000 的整数",
        _ => "",
    }
}

const USAGE: &str = "用法:";
