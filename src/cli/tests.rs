//! What can be typed, in which language it is answered, and that no text of the help is missing.

#![allow(clippy::unwrap_used)]

use super::*;

fn none(_: &str) -> Option<String> {
    None
}

fn typed(line: &str) -> Result<Args, clap::Error> {
    let words = line.split(' ').filter(|word| !word.is_empty());
    parse(once("lab").chain(words).map(OsString::from), &none)
}

fn command_of(line: &str) -> Command {
    typed(line).unwrap().command.unwrap()
}

fn run_of(line: &str) -> RunArgs {
    match command_of(line) {
        Command::Run(run) => run,
        other => panic!("{other:?}"),
    }
}

/// The text of an error or of help, without colours.
fn said(line: &str) -> String {
    typed(line).unwrap_err().render().to_string()
}

#[test]
fn clap_finds_nothing_wrong_with_the_commands() {
    command(Lang::En).debug_assert();
    command(Lang::Zh).debug_assert();
}

#[test]
fn nothing_typed() {
    let args = typed("").unwrap();
    assert_eq!(
        args,
        Args {
            lang: Lang::En,
            color: ColorWish::Auto,
            ascii: false,
            command: None
        }
    );
}

#[test]
fn global_options_may_stand_anywhere() {
    for line in [
        "--lang zh --color never --ascii doctor",
        "doctor --lang=zh --color=never --ascii",
    ] {
        let args = typed(line).unwrap();
        assert_eq!(
            args,
            Args {
                lang: Lang::Zh,
                color: ColorWish::Never,
                ascii: true,
                command: Some(Command::Doctor)
            }
        );
    }
}

#[test]
fn run_with_everything_and_with_nothing() {
    let run = run_of("run nagle");
    assert_eq!(run.scenario, Which::Id("nagle".to_owned()));
    assert!(!run.no_tui && !run.ipv6);
    assert_eq!((run.format, run.save, run.pace), (None, None, Duration::ZERO));
    assert!(run.settings.is_empty());

    let run = run_of("run my.toml --no-tui --format json --set a=1 --set b=x=y --save f --pace 0.5 --ipv6");
    assert_eq!(run.scenario, Which::File("my.toml".into()));
    assert!(run.no_tui && run.ipv6);
    assert_eq!(run.format, Some(Format::Json));
    let settings = [("a", "1"), ("b", "x=y")].map(|(knob, value)| (knob.to_owned(), value.to_owned()));
    assert_eq!(run.settings, settings);
    assert_eq!(run.save, Some("f".into()));
    assert_eq!(run.pace, Duration::from_millis(500));
}

#[test]
fn the_other_commands() {
    assert_eq!(command_of("list"), Command::List { json: false });
    assert_eq!(command_of("list --json"), Command::List { json: true });
    assert_eq!(
        command_of("replay f --format text --pace 60 --no-tui"),
        Command::Replay(ReplayArgs {
            file: "f".into(),
            format: Some(Format::Text),
            pace: Duration::from_secs(60),
            no_tui: true
        })
    );
    assert_eq!(
        command_of("check"),
        Command::Check(CheckArgs {
            scenarios: Vec::new(),
            repeat: 1,
            ipv6: false
        })
    );
    assert_eq!(
        command_of("check nagle ./x --repeat 1000000 --ipv6"),
        Command::Check(CheckArgs {
            scenarios: vec![Which::Id("nagle".to_owned()), Which::File("./x".into())],
            repeat: 1_000_000,
            ipv6: true
        })
    );
    assert_eq!(
        command_of("completions zsh"),
        Command::Completions { shell: Shell::Zsh }
    );
    assert_eq!(command_of("man"), Command::Man);
}

#[test]
fn a_path_has_a_slash_or_ends_in_toml() {
    for path in ["a.toml", "./nagle", "/nagle", "dir/nagle", "nagle/", ""] {
        assert_eq!(Which::from(OsString::from(path)), Which::File(path.into()), "{path}");
    }
    for id in ["nagle", "nagle.tom", "短读"] {
        assert_eq!(Which::from(OsString::from(id)), Which::Id(id.to_owned()), "{id}");
    }
}

#[test]
fn values_out_of_range_are_usage_errors() {
    for line in [
        "run nagle --pace -1",
        "run nagle --pace 60.1",
        "run nagle --pace inf",
        "run nagle --pace nan",
        "run nagle --pace soon",
        "run nagle --set count",
        "run nagle --set =5",
        "run nagle --set count=",
        "check --repeat 0",
        "check --repeat -1",
        "check --repeat 1000001",
        "run nagle --format xml",
        "run",
        "replay",
        "completions",
        "rum nagle",
        "run nagle --ipv8",
        "list --json=yes",
        "--lang fr",
    ] {
        for line in [line.to_owned(), format!("{line} --lang zh")] {
            let error = typed(&line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
            assert!(error.use_stderr(), "{line}");
        }
    }
}

#[test]
fn errors_say_what_is_wanted() {
    assert!(said("run nagle --set count").contains("KNOB=VALUE is wanted"));
    assert!(said("run nagle --pace -1").contains("0 to 60"));
    assert!(said("rum").contains("'run'"));

    assert!(said("--lang zh run nagle --set count").contains("旋钮=值"));
    assert!(said("--lang zh run nagle --pace -1").contains("0 到 60"));
    assert!(said("--lang zh check --repeat 0").contains("1 到 1000000"));
}

#[test]
fn errors_in_chinese() {
    let expected = [
        (
            "rum",
            "错误：没有 rum 这个命令\n\n  是不是 run？\n\n用法: lab [选项] [命令]\n\n详细说明：--help\n",
        ),
        (
            "run nagle --savee f",
            "错误：这里不认 --savee\n\n  是不是 --save？\n\n用法: lab run [选项] <场景>\n\n详细说明：--help\n",
        ),
        (
            "run",
            "错误：还缺：\n  <场景>\n\n用法: lab run [选项] <场景>\n\n详细说明：--help\n",
        ),
        (
            "run nagle --save",
            "错误：--save <文件> 后面少了值\n\n详细说明：--help\n",
        ),
        (
            "run nagle --format jsn",
            "错误：--format <格式> 不能是 jsn\n  可选：text、json\n\n  是不是 json？\n\n详细说明：--help\n",
        ),
        (
            "run nagle --ipv6 --ipv6",
            "错误：--ipv6 只能给一次\n\n用法: lab run [选项] <场景>\n\n详细说明：--help\n",
        ),
        (
            "list --json=yes",
            "错误：--json 不能带值 yes\n\n用法: lab list [选项]\n\n详细说明：--help\n",
        ),
    ];
    for (line, expected) in expected {
        assert_eq!(said(&format!("--lang zh {line}")), expected, "{line}");
    }
}

#[test]
fn help_and_version_are_no_failures() {
    for line in ["--help", "-h", "--version", "-V", "run --help", "help", "help run"] {
        for line in [line.to_owned(), format!("--lang zh {line}")] {
            let text = typed(&line).unwrap_err();
            assert_eq!((text.exit_code(), text.use_stderr()), (0, false), "{line}");
        }
    }
    assert_eq!(said("--version"), format!("lab {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(said("help run"), said("run --help"));
    assert_eq!(said("help"), said("--help"));
    assert_eq!(typed("help rum").unwrap_err().exit_code(), 2);
}

#[test]
fn chinese_keeps_the_colours() {
    let coloured = |line: &str| typed(line).unwrap_err().render().ansi().to_string().contains("\x1b[");
    assert!(coloured("--help") && coloured("--lang zh --help"));
    assert!(coloured("rum") && coloured("--lang zh rum"));
}

#[test]
fn the_language_is_found_before_anything_is_parsed() {
    let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
    let of = |line: &str| language(&words(line), &none);
    assert_eq!(of("lab --lang zh --help"), Lang::Zh);
    assert_eq!(of("lab bogus --lang=zh"), Lang::Zh);
    assert_eq!(of("lab --lang en --lang zh"), Lang::En);
    assert_eq!(of("lab --lang"), Lang::En);
    assert_eq!(of("lab --language zh"), Lang::En);
    assert_eq!(of("lab run -- --lang zh"), Lang::En);
    assert!(said("--lang zh --help").contains("用法"));
    assert!(said("--bogus --lang zh").starts_with("错误"));
}

#[test]
fn the_locale_decides_in_the_order_of_posix() {
    let of = |set: &[(&str, &str)]| {
        let env = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(language(&["lab".into(), "--lang=zh".into()], &env), Lang::Zh);
        let parsed = parse(["lab".into()], &env).unwrap().lang;
        assert_eq!(parsed, language(&["lab".into()], &env));
        parsed
    };
    assert_eq!(of(&[]), Lang::En);
    assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
    assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "C")]), Lang::En);
    assert_eq!(of(&[("LANG", "C"), ("LC_MESSAGES", "zh_TW")]), Lang::Zh);
    assert_eq!(of(&[("LC_MESSAGES", "zh_CN"), ("LC_ALL", "de_DE")]), Lang::En);
    assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", ""), ("LANG", "zh")]), Lang::Zh);
    assert_eq!(of(&[("LAB_LANG", "en"), ("LC_ALL", "zh_CN")]), Lang::En);
    assert_eq!(of(&[("LAB_LANG", "zh"), ("LC_ALL", "C")]), Lang::Zh);
    assert_eq!(of(&[("LAB_LANG", ""), ("LC_ALL", "zh_CN")]), Lang::Zh);
    assert_eq!(of(&[("LANG", "短")]), Lang::En);
}

/// Every command with its path and those of its arguments that are its own.
fn walk(command: &clap::Command, path: &str, visit: &mut dyn FnMut(&str, Option<&str>)) {
    visit(path, None);
    for arg in command.get_arguments() {
        visit(path, Some(arg.get_id().as_str()));
    }
    for sub in command.get_subcommands() {
        walk(sub, &format!("{path} {}", sub.get_name()), visit);
    }
}

#[test]
fn every_command_and_argument_has_a_chinese_text_and_no_text_is_left_over() {
    let mut used = Vec::new();
    walk(&command(Lang::En), "lab", &mut |path, argument| {
        match (chinese::text(path, argument), argument) {
            (Some(chinese::Text::Command { short, closing, .. }), None) => {
                assert!(!short.is_empty() && !closing.is_empty(), "{path}");
            }
            (Some(chinese::Text::Argument { short, .. }), Some(_)) => assert!(!short.is_empty(), "{path} {argument:?}"),
            _ => panic!("no Chinese text, or one of the wrong kind: {path} {argument:?}"),
        }
        used.push((path.to_owned(), argument.map(str::to_owned)));
    });
    assert_eq!(used.len(), chinese::TEXTS.len(), "a text twice, or for nobody");
    for (path, argument, _) in chinese::TEXTS {
        let key = ((*path).to_owned(), argument.map(str::to_owned));
        assert!(used.contains(&key), "nobody uses the text for {key:?}");
    }
}

fn texts(command: &clap::Command) -> Vec<(String, Option<String>)> {
    let string = |text: Option<&StyledStr>| text.map(ToString::to_string);
    let name = command.get_name();
    let mut all = vec![
        (format!("{name}: about"), string(command.get_about())),
        (format!("{name}: long about"), string(command.get_long_about())),
        (format!("{name}: closing"), string(command.get_after_long_help())),
    ];
    for arg in command.get_arguments() {
        let id = arg.get_id();
        all.push((format!("{name} {id}: help"), string(arg.get_help())));
        all.push((format!("{name} {id}: long help"), string(arg.get_long_help())));
        all.push((
            format!("{name} {id}: heading"),
            arg.get_help_heading().map(str::to_owned),
        ));
    }
    all
}

#[test]
fn no_english_is_left_in_the_chinese_help() {
    let (mut english, mut chinese) = (command(Lang::En), command(Lang::Zh));
    english.build();
    chinese.build();
    let pairs = once((&english, &chinese)).chain(english.get_subcommands().zip(chinese.get_subcommands()));
    for (english, chinese) in pairs {
        for ((what, english), (_, chinese)) in texts(english).into_iter().zip(texts(chinese)) {
            assert!(chinese.is_some() || english.is_none(), "{what}");
            assert!(english != chinese || english.is_none(), "{what}");
        }
        let mut chinese = chinese.clone();
        for help in [chinese.render_help(), chinese.render_long_help()] {
            let help = help.to_string();
            // What remains is typed, not read: examples, which stand at the left, and what is said about them.
            for line in help.lines().filter(|line| !line.starts_with("  lab ")) {
                let words: Vec<_> = line.split([' ', '，', '。', '：']).map(is_english_word).collect();
                assert!(!words.windows(3).any(|three| three == [true; 3]), "{line}");
            }
            for word in [
                "Usage",
                "OPTIONS",
                "COMMAND",
                "Options",
                "Arguments",
                "Print",
                "default",
                "possible",
            ] {
                assert!(!help.contains(word), "{word}: {help}");
            }
        }
    }
}

fn is_english_word(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase())
}

#[test]
fn lines_are_broken_where_chinese_may_be_broken() {
    use fold::folded;
    assert_eq!(folded("一二三四五六", 8), "一二三四\n五六");
    // No stop begins a line, and no option is cut.
    assert_eq!(folded("一二三四。五", 8), "一二三\n四。五");
    assert_eq!(folded("一二 --no-tui 三", 10), "一二\n--no-tui\n三");
    // The next line begins under the text, or where the line began.
    assert_eq!(folded("  ab  一二三四", 12), "  ab  一二三\n      四");
    assert_eq!(folded("  abcd  一二三四", 12), "  abcd  一二\n      三四");
    assert_eq!(folded("  一二三四", 7), "  一二\n  三四");
    // A colour takes no room.
    assert_eq!(folded("\x1b[1m一二\x1b[0m三四", 6), "\x1b[1m一二\x1b[0m三\n四");
    assert_eq!(folded("\x1b[1m一二三\x1b[0m", 6), "\x1b[1m一二三\x1b[0m");
    // Nothing to be done: too long stays too long, and nothing is lost at any width.
    assert_eq!(folded("abcdefgh", 4), "abcdefgh");
    let help = command(Lang::Zh).render_long_help().ansi().to_string();
    let ink = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for width in 0..200 {
        let folded = folded(&help, width);
        assert_eq!(ink(&folded), ink(&help), "{width}");
    }
}

#[test]
fn folded_help_fits() {
    use unicode_width::UnicodeWidthStr;
    for width in [50, 60, 80, 100] {
        for path in ["", "list", "run", "replay", "check", "doctor", "man", "help"] {
            let help = long_help(Lang::Zh, path, width);
            for line in help.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

/// The help as it is printed on a terminal so wide, without the blanks that clap writes into empty lines.
fn long_help(lang: Lang, path: &str, width: usize) -> String {
    let mut command = command(lang);
    if lang == Lang::En {
        command = command.term_width(width);
    }
    command.build();
    let command = match path {
        "" => &mut command,
        path => command.find_subcommand_mut(path).unwrap(),
    };
    let help = command.render_long_help().to_string();
    let help = match lang {
        Lang::En => help,
        Lang::Zh => fold::folded(&help, width),
    };
    help.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[test]
fn golden_lab_help() {
    assert_eq!(long_help(Lang::En, "", 80), LAB_EN);
    assert_eq!(long_help(Lang::Zh, "", 80), LAB_ZH);
}

#[test]
fn golden_lab_run_help() {
    assert_eq!(long_help(Lang::En, "run", 80), RUN_EN);
    assert_eq!(long_help(Lang::Zh, "run", 80), RUN_ZH);
}

const LAB_EN: &str = "\
See what sockets do: which send each byte came from, in which buffer it lies,
which recv took it

Runs small scenarios over real TCP and UDP sockets on the loopback of this
machine. Shows which send each byte came from, in which buffer it lies and which
recv took it, and checks whether what must be seen was seen.

Usage: lab [OPTIONS] [COMMAND]

Commands:
  list         List the scenarios
  run          Run a scenario and tell what happened
  replay       Tell a saved run again
  check        Run scenarios and say only whether what must be seen was seen
  doctor       Tell what this machine offers the lab and what is missing
  completions  Print the completions for a shell
  man          Print the manual page
  help         Print the help of the lab or of a command

Global options:
      --lang <LANG>
          Language of everything that is printed; default: the locale's

          Without this option the first of LAB_LANG, LC_ALL, LC_MESSAGES and
          LANG that is set and not empty decides: Chinese if it begins with zh,
          otherwise English.

          [possible values: en, zh]

      --color <WHEN>
          When to use colour

          auto uses colour on a terminal unless NO_COLOR is set; always and
          never mean what they say, whatever NO_COLOR is.

          [default: auto]
          [possible values: auto, always, never]

      --ascii
          Draw with ASCII characters only

          For terminals and fonts without box-drawing characters. Texts and
          payloads are printed as they are.

  -h, --help
          Print all this; -h prints a summary

  -V, --version
          Print the version

Examples:
  lab list                           what there is to see
  lab run nagle                      run a scenario
  lab run nagle --set nodelay=true   the same with one knob changed
  lab run nagle --save nagle.run     keep the run
  lab replay nagle.run --pace 1      tell it again, a line a second
  lab check                          run everything and say only whether it held

Exit codes:
  0    everything expected was observed
  1    something else was observed
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted

Environment:
  LAB_LANG                   the language, if --lang is not given
  LC_ALL, LC_MESSAGES, LANG  the locale, if LAB_LANG is not set either
  NO_COLOR                   no colour, unless --color says always
";

const LAB_ZH: &str = "\
用本机回环上真实的 TCP 和 UDP 套接字跑一个个小场景，让每个字节都有来历：出自哪次
send，停在哪个缓冲区，被哪次 recv 取走；再核对该看到的是不是都看到了。

用法: lab [选项] [命令]

命令:
  list         列出所有场景
  run          跑一个场景，讲清楚发生了什么
  replay       把存下来的运行再讲一遍
  check        跑场景，只说该看到的是不是都看到了
  doctor       看看这台机器能做到什么，还缺什么
  completions  输出 shell 的补全脚本
  man          输出手册页
  help         显示帮助，整个 lab 的或者某个命令的

通用选项:
      --lang <语言>
          用哪种语言，不给就看区域设置

          不给这个选项时，依次看 LAB_LANG、LC_ALL、LC_MESSAGES、LANG，由第一个不
          为空的决定：以 zh 开头就用中文，否则用英文。

          [可选：en、zh]

      --color <何时>
          什么时候用颜色

          auto：输出到终端、又没有设置 NO_COLOR 时才用；always：总是用；never：
          从不用。后两个不管 NO_COLOR。

          [可选：auto、always、never] [默认：auto]

      --ascii
          画图只用 ASCII 字符

          给显示不了框线符号的终端和字体用。文字和消息内容照原样显示。

  -h, --help
          显示帮助：-h 简要，--help 详细，带例子

  -V, --version
          显示版本号

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
  NO_COLOR                   不用颜色，除非写了 --color always
";

const RUN_EN: &str = "\
Run a scenario and tell what happened

Opens the sockets, does the steps of the scenario one after another, and tells
each event: which bytes a call sent or took, and what lay in which queue. At the
end it says whether what must be seen was seen, and why.

Usage: lab run [OPTIONS] <SCENARIO>

Arguments:
  <SCENARIO>
          Id of a scenario (see `lab list`), or the path of a .toml file

          What ends in .toml or contains a slash is a path; everything else is
          an id.

Options:
      --no-tui
          Print text instead of opening the screen

          The same as --format text. Until the lab has a screen, text is printed
          with or without this option.

      --format <FORMAT>
          Print the run as text, or as JSON for programs

          json prints JSON lines: every event, and the verdict last. Default:
          text, until the lab has a screen.

          [possible values: text, json]

      --set <KNOB=VALUE>
          Change a knob; may be given more than once

          `lab list` shows the knobs of each scenario, their defaults and what
          else they may be. Of two values for one knob the last counts.

      --save <FILE>
          Save the run, to be told again by `lab replay`

          The file carries the scenario with it.

      --pace <SECONDS>
          Seconds to leave between two lines, at least

          A decimal number from 0 to 60, for example 0.5.

          [default: 0]

      --ipv6
          Use ::1 instead of the address family that the scenario names

Global options:
      --lang <LANG>
          Language of everything that is printed; default: the locale's

          Without this option the first of LAB_LANG, LC_ALL, LC_MESSAGES and
          LANG that is set and not empty decides: Chinese if it begins with zh,
          otherwise English.

          [possible values: en, zh]

      --color <WHEN>
          When to use colour

          auto uses colour on a terminal unless NO_COLOR is set; always and
          never mean what they say, whatever NO_COLOR is.

          [default: auto]
          [possible values: auto, always, never]

      --ascii
          Draw with ASCII characters only

          For terminals and fonts without box-drawing characters. Texts and
          payloads are printed as they are.

  -h, --help
          Print all this; -h prints a summary

Examples:
  lab run short-recv                          with the defaults
  lab run nagle --set gap=ack --set count=5   with two knobs changed
  lab run ./mine.toml --pace 0.5              your own scenario, slowly
  lab run nagle --format json                 for programs

Exit codes:
  0    everything expected was observed
  1    something else was observed
  2    it could not run or tell: usage, bad scenario, missing permission
  130  interrupted
";

const RUN_ZH: &str = "\
打开套接字，照场景一步一步做，每件事都讲出来：哪次调用发出或取走了哪些字节，哪个
队列里有什么。最后说该看到的是不是都看到了，以及为什么会这样。

用法: lab run [选项] <场景>

参数:
  <场景>
          场景的 id（见 lab list），或者一个 .toml 文件的路径

          以 .toml 结尾或者含有斜杠的是路径，其余都是 id。

选项:
      --no-tui
          只打印文本，不打开全屏界面

          和 --format text 一样。全屏界面做出来之前，给不给它都打印文本。

      --format <格式>
          打印成文本，或者给程序读的 JSON

          json 打印 JSON 行：一件事一行，最后一行是结论。全屏界面做出来之前，默
          认是 text。

          [可选：text、json]

      --set <旋钮=值>
          拨动一个旋钮，可以给多次

          每个场景有哪些旋钮、默认是什么、可以改成什么，见 lab list。同一个旋钮
          给了两次，以后一次为准。

      --save <文件>
          把这次运行存下来，以后用 lab replay 再讲

          场景也一起存在文件里。

      --pace <秒>
          两行之间至少停几秒

          0 到 60，可以带小数，比如 0.5。

          [默认：0]

      --ipv6
          不管场景写的是哪种地址，都用 ::1

通用选项:
      --lang <语言>
          用哪种语言，不给就看区域设置

          不给这个选项时，依次看 LAB_LANG、LC_ALL、LC_MESSAGES、LANG，由第一个不
          为空的决定：以 zh 开头就用中文，否则用英文。

          [可选：en、zh]

      --color <何时>
          什么时候用颜色

          auto：输出到终端、又没有设置 NO_COLOR 时才用；always：总是用；never：
          从不用。后两个不管 NO_COLOR。

          [可选：auto、always、never] [默认：auto]

      --ascii
          画图只用 ASCII 字符

          给显示不了框线符号的终端和字体用。文字和消息内容照原样显示。

  -h, --help
          显示帮助：-h 简要，--help 详细，带例子

例子:
  lab run short-recv                          旋钮都用默认值
  lab run nagle --set gap=ack --set count=5   拨动两个旋钮
  lab run ./mine.toml --pace 0.5              跑自己写的场景，半秒讲一行
  lab run nagle --format json                 给程序读

退出码:
  0    该看到的都看到了
  1    看到的不一样
  2    没跑成，或测不到：命令写错了、场景读不了、权限不够
  130  被中断
";
