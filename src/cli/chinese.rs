//! The help and the usage errors in Chinese.

use std::fmt::Write as _;

use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ColorChoice};

use super::fold::folded;

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

/// What is said about a command or an argument.
pub enum Text {
    /// A command.
    Command {
        /// In a list of commands, and for -h.
        short: &'static str,
        /// For --help; empty if that is the short one.
        long: &'static str,
        /// After the options, for --help.
        closing: &'static str,
    },
    /// An argument or an option.
    Argument {
        /// What stands for its value; empty if it takes none, or the English one is kept.
        value: &'static str,
        /// For -h.
        short: &'static str,
        /// For --help, after the short one; empty if nothing is to be added.
        more: &'static str,
    },
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
            let argument = argument?;
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
                    let wanted = wanted(&argument);
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
fn wanted(argument: &str) -> &'static str {
    match argument.split(' ').next() {
        Some("--set") => "，要写成 旋钮=值，比如 count=5",
        Some("--pace") => "，要一个 0 到 60 的秒数，可以带小数，比如 0.5",
        Some("--repeat") => "，要一个 1 到 1000000 的整数",
        _ => "",
    }
}

const USAGE: &str = "用法:";

/// Every text, by the path of its command and the id of the argument.
pub const TEXTS: &[(&str, Option<&str>, Text)] = &[
    (
        "lab",
        None,
        Text::Command {
            short: "看清套接字：每个字节出自哪次 send，停在哪个缓冲区，被哪次 recv 取走",
            long: "用本机回环上真实的 TCP 和 UDP 套接字跑一个个小场景，让每个字节都有来历：出自哪次 send，停在哪个缓冲区，\
                   被哪次 recv 取走；再核对该看到的是不是都看到了。",
            closing: "\
例子:
  lab list                           有哪些场景
  lab run nagle                      跑一个场景
  lab run nagle --set nodelay=true   拨动一个旋钮再跑
  lab run nagle --save nagle.run     把这次运行存下来
  lab replay nagle.run --pace 1      再讲一遍，一秒讲一行
  lab check                          全部跑一遍，只说成不成立

退出码:
  0    该看到的都看到了
  1    看到的不一样
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断

环境变量:
  LAB_LANG                   没给 --lang 时由它决定语言
  LC_ALL, LC_MESSAGES, LANG  LAB_LANG 也没有时，看区域设置
  NO_COLOR                   不用颜色，除非写了 --color always",
        },
    ),
    (
        "lab",
        Some("lang"),
        Text::Argument {
            value: "语言",
            short: "用哪种语言，不给就看区域设置",
            more: "不给这个选项时，依次看 LAB_LANG、LC_ALL、LC_MESSAGES、LANG，由第一个不为空的决定：以 zh 开头就用中文，\
                   否则用英文。",
        },
    ),
    (
        "lab",
        Some("color"),
        Text::Argument {
            value: "何时",
            short: "什么时候用颜色",
            more: "auto：输出到终端、又没有设置 NO_COLOR 时才用；always：总是用；never：从不用。后两个不管 NO_COLOR。",
        },
    ),
    (
        "lab",
        Some("ascii"),
        Text::Argument {
            value: "",
            short: "画图只用 ASCII 字符",
            more: "给显示不了框线符号的终端和字体用。文字和消息内容照原样显示。",
        },
    ),
    (
        "lab",
        Some("help"),
        Text::Argument {
            value: "",
            short: "显示帮助：-h 简要，--help 详细，带例子",
            more: "",
        },
    ),
    (
        "lab",
        Some("version"),
        Text::Argument {
            value: "",
            short: "显示版本号",
            more: "",
        },
    ),
    (
        "lab list",
        None,
        Text::Command {
            short: "列出所有场景",
            long: "列出所有场景：id、一句话说明，还有哪些旋钮、默认是什么、可以改成什么。",
            closing: "\
例子:
  lab list --json   连同旋钮，给程序读",
        },
    ),
    (
        "lab list",
        Some("json"),
        Text::Argument {
            value: "",
            short: "输出 JSON，不输出文本",
            more: "",
        },
    ),
    (
        "lab run",
        None,
        Text::Command {
            short: "跑一个场景，讲清楚发生了什么",
            long: "打开套接字，照场景一步一步做，每件事都讲出来：哪次调用发出或取走了哪些字节，哪个队列里有什么。最后说该看到的\
                   是不是都看到了，以及为什么会这样。",
            closing: "\
例子:
  lab run short-recv                          旋钮都用默认值
  lab run nagle --set gap=ack --set count=5   拨动两个旋钮
  lab run ./mine.toml --pace 0.5              跑自己写的场景，半秒讲一行
  lab run nagle --format json                 给程序读

退出码:
  0    该看到的都看到了
  1    看到的不一样
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断",
        },
    ),
    (
        "lab run",
        Some("scenario"),
        Text::Argument {
            value: "场景",
            short: "场景的 id（见 lab list），或者一个 .toml 文件的路径",
            more: "以 .toml 结尾或者含有斜杠的是路径，其余都是 id。",
        },
    ),
    (
        "lab run",
        Some("no_tui"),
        Text::Argument {
            value: "",
            short: "只打印文本，不打开全屏界面",
            more: "和 --format text 一样。全屏界面做出来之前，给不给它都打印文本。",
        },
    ),
    (
        "lab run",
        Some("format"),
        Text::Argument {
            value: "格式",
            short: "打印成文本，或者给程序读的 JSON",
            more: "json 打印 JSON 行：一件事一行，最后一行是结论。全屏界面做出来之前，默认是 text。",
        },
    ),
    (
        "lab run",
        Some("settings"),
        Text::Argument {
            value: "旋钮=值",
            short: "拨动一个旋钮，可以给多次",
            more: "每个场景有哪些旋钮、默认是什么、可以改成什么，见 lab list。同一个旋钮给了两次，以后一次为准。",
        },
    ),
    (
        "lab run",
        Some("save"),
        Text::Argument {
            value: "文件",
            short: "把这次运行存下来，以后用 lab replay 再讲",
            more: "场景也一起存在文件里。",
        },
    ),
    (
        "lab run",
        Some("pace"),
        Text::Argument {
            value: "秒",
            short: "两行之间至少停几秒",
            more: "0 到 60，可以带小数，比如 0.5。",
        },
    ),
    (
        "lab run",
        Some("ipv6"),
        Text::Argument {
            value: "",
            short: "不管场景写的是哪种地址，都用 ::1",
            more: "",
        },
    ),
    (
        "lab replay",
        None,
        Text::Command {
            short: "把存下来的运行再讲一遍",
            long: "读 lab run --save 存下的文件，像当时那样再讲一遍。不打开套接字，也不需要场景文件。",
            closing: "\
例子:
  lab replay nagle.run --pace 1   一秒讲一行

退出码:
  0    当时该看到的都看到了
  1    当时看到的不一样
  2    没讲成：命令写错了、文件读不了
  130  被中断",
        },
    ),
    (
        "lab replay",
        Some("file"),
        Text::Argument {
            value: "文件",
            short: "lab run --save 存下的文件",
            more: "",
        },
    ),
    (
        "lab replay",
        Some("format"),
        Text::Argument {
            value: "格式",
            short: "打印成文本，或者给程序读的 JSON",
            more: "json 打印 JSON 行：一件事一行，最后一行是结论。全屏界面做出来之前，默认是 text。",
        },
    ),
    (
        "lab replay",
        Some("pace"),
        Text::Argument {
            value: "秒",
            short: "两行之间至少停几秒",
            more: "0 到 60，可以带小数，比如 0.5。",
        },
    ),
    (
        "lab replay",
        Some("no_tui"),
        Text::Argument {
            value: "",
            short: "只打印文本，不打开全屏界面",
            more: "和 --format text 一样。全屏界面做出来之前，给不给它都打印文本。",
        },
    ),
    (
        "lab check",
        None,
        Text::Command {
            short: "跑场景，只说该看到的是不是都看到了",
            long: "每个场景先用旋钮的默认值跑，再把场景里列出的每组对照设置各跑一遍。",
            closing: "\
例子:
  lab check                      自带的场景各跑一遍
  lab check nagle --repeat 100   一个场景跑一百遍
  lab check ./mine.toml --ipv6   跑自己写的场景，用 ::1

退出码:
  0    每一遍都看到了该看到的
  1    至少有一遍看到的不一样
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断",
        },
    ),
    (
        "lab check",
        Some("scenarios"),
        Text::Argument {
            value: "场景",
            short: "场景的 id，或者 .toml 文件的路径；不给就是自带的全部场景",
            more: "",
        },
    ),
    (
        "lab check",
        Some("repeat"),
        Text::Argument {
            value: "次数",
            short: "每个场景跑几遍，1 到 1000000",
            more: "会说出每个跑了几遍、成立几遍；不成立的，说明原因。",
        },
    ),
    (
        "lab check",
        Some("ipv6"),
        Text::Argument {
            value: "",
            short: "不管场景写的是哪种地址，都用 ::1",
            more: "",
        },
    ),
    (
        "lab doctor",
        None,
        Text::Command {
            short: "看看这台机器能做到什么，还缺什么",
            long: "检查内核、回环地址、权限和终端。缺了什么，就说明因此看不到什么，该怎么补上。",
            closing: "\
例子:
  lab doctor",
        },
    ),
    (
        "lab completions",
        None,
        Text::Command {
            short: "输出 shell 的补全脚本",
            long: "输出 shell 的补全脚本。脚本该放在哪里，每种 shell 不一样；例子里是 bash。",
            closing: "\
例子:
  lab completions bash > ~/.local/share/bash-completion/completions/lab",
        },
    ),
    (
        "lab completions",
        Some("shell"),
        Text::Argument {
            value: "",
            short: "给哪种 shell 补全",
            more: "",
        },
    ),
    (
        "lab man",
        None,
        Text::Command {
            short: "输出手册页",
            long: "输出手册页，roff 格式，man(1) 能直接读。",
            closing: "\
例子:
  lab man | man -l -",
        },
    ),
    (
        "lab help",
        None,
        Text::Command {
            short: "显示帮助，整个 lab 的或者某个命令的",
            long: "显示帮助，整个 lab 的或者某个命令的。和在命令后面写 --help 一样。",
            closing: "\
例子:
  lab help run",
        },
    ),
    (
        "lab help",
        Some("command"),
        Text::Argument {
            value: "命令",
            short: "哪个命令；不给就是整个 lab",
            more: "",
        },
    ),
];
