//! What can be typed, in which language it is answered, and that no text of the help is missing.

#![allow(clippy::unwrap_used)]

mod help;

use super::*;
use help::long_help;

fn none(_: &str) -> Option<String> {
    None
}

fn typed(line: &str) -> Result<Args, clap::Error> {
    let words = line.split(' ').filter(|word| !word.is_empty());
    parse(once("lab").chain(words).map(OsString::from), &none, None)
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
            files: Vec::new(),
            theme: None,
            log: None,
            command: None
        }
    );
}

#[test]
fn global_options_may_stand_anywhere() {
    for line in [
        "--lang zh --color never --ascii --theme light --log f doctor",
        "doctor --lang=zh --color=never --ascii --theme=light --log=f",
    ] {
        let args = typed(line).unwrap();
        assert_eq!(
            args,
            Args {
                lang: Lang::Zh,
                color: ColorWish::Never,
                ascii: true,
                files: Vec::new(),
                theme: Some(Theme::Light),
                log: Some("f".into()),
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
    assert_eq!((run.format, run.save, run.pace), (None, None, None));
    assert!(!run.stepped);
    assert!(run.settings.is_empty());

    let run = run_of("run my.toml --no-tui --format json --set a=1 --set b=x=y --save f --pace 0.5 --ipv6");
    assert_eq!(run.scenario, Which::File("my.toml".into()));
    assert!(run.no_tui && run.ipv6);
    assert_eq!(run.format, Some(Format::Json));
    let settings = [("a", "1"), ("b", "x=y")].map(|(knob, value)| (knob.to_owned(), value.to_owned()));
    assert_eq!(run.settings, settings);
    assert_eq!(run.save, Some("f".into()));
    assert_eq!(run.pace, Some(Duration::from_millis(500)));
}

#[test]
fn the_other_commands() {
    assert_eq!(
        command_of("list"),
        Command::List {
            json: false,
            markdown: false,
            find: vec![]
        }
    );
    assert_eq!(
        command_of("list --json"),
        Command::List {
            json: true,
            markdown: false,
            find: vec![]
        }
    );
    assert_eq!(
        command_of("list --find 半包 tcp --json"),
        Command::List {
            json: true,
            markdown: false,
            find: vec!["半包".to_owned(), "tcp".to_owned()]
        }
    );
    assert_eq!(
        command_of("replay f --format text --pace 60 --no-tui"),
        Command::Replay(ReplayArgs {
            ladder: false,
            file: "f".into(),
            format: Some(Format::Text),
            pace: Some(Duration::from_secs(60)),
            no_tui: true
        })
    );
    assert_eq!(
        command_of("check"),
        Command::Check(CheckArgs {
            link: None,
            scenarios: Vec::new(),
            repeat: 1,
            ipv6: false
        })
    );
    assert_eq!(
        command_of("check nagle ./x --repeat 1000000 --ipv6"),
        Command::Check(CheckArgs {
            link: None,
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
fn files_of_ones_own() {
    let args = typed("a.toml ./b --lang zh /c/").unwrap();
    assert_eq!(args.files, ["a.toml", "./b", "/c/"].map(PathBuf::from));
    assert_eq!((args.lang, args.command), (Lang::Zh, None));
    // A command's name is a file only as a path.
    assert_eq!(typed("./run").unwrap().files, [PathBuf::from("./run")]);
}

#[test]
fn files_and_a_command_do_not_go_together() {
    for line in ["a.toml run nagle", "./b --ascii list", "./b -- list", "a.toml help"] {
        let error = typed(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
        assert!(said(line).contains("cannot be used with '[FILE]...'"), "{}", said(line));
        let chinese = said(&format!("--lang zh {line}"));
        assert!(chinese.contains("不能和 [文件]... 一起用"), "{chinese}");
    }
}

#[test]
fn the_screen_is_wanted_unless_printing_is() {
    for (line, wanted) in [
        ("", true),
        ("--ascii", true),
        ("--no-tui", false),
        ("--format text", false),
        ("--format json", false),
        ("--pace 0", false),
    ] {
        assert_eq!(run_of(&format!("run nagle {line}")).wants_screen(), wanted, "{line}");
        let Command::Replay(replay) = command_of(&format!("replay f {line}")) else {
            panic!("it was replay");
        };
        assert_eq!(replay.wants_screen(), wanted, "{line}");
    }
    assert!(run_of("run nagle --stepped --set a=1 --save f --ipv6").stepped);
}

#[test]
fn the_configured_language_stands_between_the_environment_and_the_locale() {
    let of = |typed: &[&str], set: &[(&str, &str)], configured| {
        let env = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let typed: Vec<OsString> = once(&"lab").chain(typed).map(OsString::from).collect();
        let parsed = parse(typed.clone(), &env, configured).unwrap().lang;
        assert_eq!(parsed, language(&typed, &env, configured));
        parsed
    };
    let (en, zh) = (Some(Lang::En), Some(Lang::Zh));
    assert_eq!(of(&[], &[("LC_ALL", "C")], zh), Lang::Zh);
    assert_eq!(of(&[], &[("LC_ALL", "zh_CN")], en), Lang::En);
    assert_eq!(of(&[], &[("LAB_LANG", "en")], zh), Lang::En);
    assert_eq!(of(&[], &[("LAB_LANG", "")], zh), Lang::Zh);
    assert_eq!(of(&["--lang", "en"], &[("LAB_LANG", "zh")], zh), Lang::En);
    let help = parse(["lab", "--help"].map(OsString::from), &none, zh).unwrap_err();
    assert!(help.render().to_string().contains("用法"), "the help too");
    let error = parse(["lab", "rum"].map(OsString::from), &none, zh).unwrap_err();
    assert!(error.render().to_string().starts_with("错误"), "and errors");
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
        "--theme blue",
        "--theme",
        "--log",
        "--log= list",
        "a.toml nagle",
        "nagle a.toml",
        "run nagle --stepped --no-tui",
        "run nagle --stepped --format text",
        "run nagle --pace 0 --stepped",
        "replay f --stepped",
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
    assert_eq!(
        said("rum"),
        "error: unrecognized subcommand 'rum'\n\n  tip: a similar subcommand exists: 'run'\n\n\
         Usage: lab [OPTIONS] [FILE]... [COMMAND]\n\nFor more information, try '--help'.\n"
    );

    assert!(said("--lang zh run nagle --set count").contains("旋钮=值"));
    assert!(said("--lang zh run nagle --pace -1").contains("0 到 60"));
    assert!(said("--lang zh check --repeat 0").contains("1 到 1000000"));
}

#[test]
fn errors_in_chinese() {
    let expected = [
        (
            "rum",
            "错误：没有 rum 这个命令\n\n  是不是 run？\n\n用法: lab [选项] [文件]... [命令]\n\n详细说明：--help\n",
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
            "错误：--format <格式> 不能是 jsn\n  可选：text、spoken、json\n\n  是不是 json？\n\n详细说明：--help\n",
        ),
        (
            "run nagle --stepped --pace 1",
            "错误：--stepped 不能和 --pace <秒> 一起用\n\n用法: lab run [选项] <场景>\n\n详细说明：--help\n",
        ),
        (
            "--theme drak",
            "错误：--theme <主题> 不能是 drak\n  可选：dark、light\n\n  是不是 dark？\n\n详细说明：--help\n",
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
    let of = |line: &str| language(&words(line), &none, None);
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
        assert_eq!(language(&["lab".into(), "--lang=zh".into()], &env, None), Lang::Zh);
        let parsed = parse(["lab".into()], &env, None).unwrap().lang;
        assert_eq!(parsed, language(&["lab".into()], &env, None));
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
