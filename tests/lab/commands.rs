use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use lab::scenario::catalogue::embedded;
use lab::scenario::{Knob, KnobKind};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::scenarios::{CONTRADICTED, HANGS};
use super::support::{
    cases, command, file, finish, lab, lab_line, measures_everything, not_run, root, run, scenario, within,
};

/// A command line, started with both outputs in pipes.
fn piped(line: &str) -> Command {
    let mut command = command();
    command.args(line.split_whitespace());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn the_list_says_how_to_run_one() {
    let list = lab_line("list").exits(0).tame();
    let chinese = lab_line("list --lang zh");
    for case in cases() {
        assert!(list.stdout.contains(&case.scenario.id), "{}", list.stdout);
        let title = case.scenario.texts(&case.scenario.defaults()).title;
        assert!(chinese.stdout.contains(&title.zh));
    }
    assert!(list.stdout.contains("lab run nagle"), "{}", list.stdout);
}

#[test]
fn where_there_is_no_terminal_the_screen_says_what_works_instead() {
    let saved = super::support::root("tests/traces/nagle.jsonl").display().to_string();
    let (_folder, mine) = file("mine.toml", scenario("tcp", CONTRADICTED));
    for line in [
        "",
        &mine,
        "run nagle",
        "run nagle --stepped",
        &format!("run {mine}"),
        &format!("replay {saved}"),
        "run nagle --color always",
    ] {
        lab_line(line).refuses(&["the screen needs a terminal", "--no-tui"]);
        lab_line(&format!("{line} --lang zh")).refuses(&["全屏界面要在终端里打开", "--no-tui"]);
    }
    lab_line("").refuses(&["lab list"]);
    // What is wrong with the arguments counts more than that there is no terminal.
    lab_line("run nagel").refuses(&["did you mean nagle?"]);
}

#[test]
fn the_list_for_programs_is_json_with_every_knob() {
    let list: Value = serde_json::from_str(&lab_line("list --json").exits(0).stdout).expect("JSON");
    let list = list.as_array().expect("a list");
    for case in cases() {
        let found = list.iter().find(|entry| entry["id"] == *case.scenario.id);
        let entry = found.expect("every scenario is in the list");
        let title = case.scenario.texts(&case.scenario.defaults()).title;
        assert_eq!(entry["title"]["zh"], *title.zh);
        for knob in &case.scenario.knobs {
            let knobs = entry["knobs"].as_array().expect("a list");
            assert!(knobs.iter().any(|entry| entry["name"] == *knob.name));
        }
    }
    assert_eq!(lab_line("list --json --lang zh").stdout, lab_line("list --json").stdout);
}

#[test]
fn the_list_has_the_groups_as_headings() {
    let headings = |line: &str| {
        let list = lab_line(line).exits(0).stdout;
        let lines: Vec<String> = list.lines().map(str::to_owned).collect();
        let below = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("  "));
        let headings = (0..lines.len()).filter(|&at| !lines[at].starts_with(' ') && below(at));
        headings.map(|at| lines[at].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        headings("list"),
        ["Message boundaries", "Framing", "Whole programs", "On the wire"]
    );
    assert_eq!(
        headings("list --lang zh"),
        ["消息边界", "分帧", "完整的程序", "线上的包"]
    );
    let list: Value = serde_json::from_str(&lab_line("list --json").stdout).expect("JSON");
    let groups: Vec<_> = list
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| &entry["group"])
        .collect();
    assert_eq!(groups.len(), embedded().len());
    let mut headings = groups.clone();
    headings.dedup();
    assert_eq!(
        headings,
        ["boundaries", "framing", "programs", "wire"],
        "each group once, its scenarios together"
    );
}

#[test]
fn files_of_ones_own_go_with_the_list_and_not_with_a_command() {
    lab(["./mine.toml", "run", "nagle"]).refuses(&["'run' cannot be used with '[FILE]...'"]);
    lab(["--lang", "zh", "./mine.toml", "run"]).refuses(&["run 不能和 [文件]... 一起用"]);
}

#[test]
fn a_mistyped_name_gets_a_suggestion() {
    lab_line("run nagel").refuses(&["nagel", "did you mean nagle?"]);
    lab_line("run nagel --lang zh").refuses(&["nagel", "是不是想写 nagle？"]);
    lab_line("run nothing-like-it").refuses(&["nothing-like-it", "lab list"]);
    lab_line("run nagle --set nodely=true").refuses(&["nodely", "did you mean nodelay?"]);
    lab_line("run short-recv --set unlike=1").refuses(&["unlike", "its knobs are: first"]);
    lab_line("check nagle short-recieve").refuses(&["short-recieve", "did you mean short-recv?"]);
}

#[test]
fn a_value_that_a_knob_cannot_have_is_answered_with_what_it_may_be() {
    lab_line("run nagle --set count=9").refuses(&["count", "2..5"]);
    lab_line("run nagle --set count=3.5").refuses(&["count", "2..5"]);
    lab_line("run nagle --set count=-1").refuses(&["count", "2..5"]);
    lab_line("run udp-truncation --set buffer=99999999999999999999999").refuses(&["buffer", "4..2048"]);
    lab_line("run nagle --set nodelay=yes").refuses(&["nodelay", "true, false"]);
    lab_line("run length-prefix --set writes=three --lang zh").refuses(&["writes", "one、two、cut-header、bytes"]);
}

#[test]
fn usage_errors_go_to_standard_error_with_code_2() {
    for line in [
        "run",
        "frob",
        "run nagle --set count",
        "run nagle --set =3",
        "run nagle --set",
        "run nagle --format xml",
        "run nagle --pace -1",
        "run nagle --pace 61",
        "run nagle --pace NaN",
        "check --repeat 0",
        "check --repeat 1.5",
        "completions tcsh",
        "--lang fr",
        "--color sometimes",
        "--theme blue",
        "list --log",
        "run nagle --stepped --no-tui",
        "run nagle --stepped --pace 1",
        "replay x --stepped",
        "replay",
    ] {
        for lang in ["en", "zh"] {
            let done = lab(line.split_whitespace().chain(["--lang", lang])).refuses(&[]);
            assert!(!done.stderr.trim().is_empty(), "{line}");
        }
    }
}

#[test]
fn a_bad_file_shows_all_its_errors_each_with_its_place() {
    let text = scenario("tcp", CONTRADICTED)
        .replace("transport", "transprot")
        .replace("sender.send = \"egg\"", "sendr.send = \"egg\"")
        .replace("reads = [", "reeds = [");
    let (_folder, path) = file("mine.toml", &text);
    for line in [["run", &path], ["check", &path]] {
        let done = lab(line).refuses(&[
            "transprot",
            "transport",
            "sendr",
            "sender",
            "reeds",
            "reads",
            "mine.toml:3:",
        ]);
        let carets = done.stderr.lines().filter(|line| line.contains("^^^"));
        assert!(carets.count() >= 3, "{}", done.stderr);
    }
    let done = lab(["run", &path, "--lang", "zh"]).refuses(&["transprot", "sendr", "reeds", "建议"]);
    assert!(!done.stderr.contains("did you mean"), "{}", done.stderr);
}

#[test]
fn in_chinese_what_goes_wrong_is_said_in_chinese() {
    let told = |line: &str, texts: &[&str]| {
        let mut args: Vec<&str> = line.split_whitespace().collect();
        args.extend(["--lang", "zh"]);
        let done = lab(args).refuses(texts);
        assert!(done.stderr.starts_with("错误："), "{}", done.stderr);
    };
    told("run nagle", &["全屏界面要在终端里打开", "--no-tui"]);
    told("run nagle --set x=1", &["它的旋钮有：nodelay、quickack、gap、count"]);
    told("run nagle --set nodelay=5", &["可以是 true、false"]);
    told("run ./missing.toml", &["无法读取：没有这个文件\n"]);
    told("replay missing.run", &["没有这个文件\n"]);
    let unsaved = lab_line("run short-recv --no-tui --save missing/it.run --lang zh").exits(2);
    let said = "错误：missing/it.run：无法写入：没有 missing 这个文件夹\n";
    assert_eq!(unsaved.stderr, said, "told all the same: {}", unsaved.stdout);
    let whole = std::fs::read_to_string(root("tests/traces/nagle.jsonl")).expect("a saved run");
    let (first, _) = whole.split_once('\n').expect("lines");
    let saved = |text: &str, texts: &[&str]| {
        let (_folder, path) = file("nagle.run", text);
        told(&format!("replay {path}"), texts);
    };
    saved(&first[..100], &["第 1 行：这不是 lab 存下的运行记录，或者文件不完整（"]);
    saved(&format!("{first}\n"), &["文件在第 1 行之后断了"]);
    saved(&format!("{first}\n{{}}\n"), &["第 2 行不对（"]);
    saved("{\"trace\":4}\n", &["文件的格式版本是 4", "只读得懂 3"]);
}

#[test]
fn files_that_are_no_scenarios_are_refused() {
    let (folder, not_utf8) = file("mine.toml", b"id = \"\xff\xfe\"\n");
    lab(["run", &not_utf8]).refuses(&["mine.toml", "UTF-8"]);
    let missing = folder.path().join("missing.toml");
    lab(["run", missing.to_str().expect("UTF-8")]).refuses(&["missing.toml", "No such file"]);
    let directory = format!("{}/", folder.path().display());
    lab(["run", &directory]).refuses(&[&directory]);
    lab(["replay", &directory]).refuses(&[&directory]);
    let (_folder, empty) = file("empty.toml", "");
    lab(["run", &empty]).refuses(&["empty.toml"]);
    let (_folder, huge) = file("huge.toml", "#".repeat(2 << 20));
    lab(["run", &huge]).refuses(&["huge.toml", "256 KiB"]);
    lab(["run", "/dev/zero/"]).refuses(&["/dev/zero"]);
}

#[test]
fn nothing_in_a_scenario_file_or_its_name_steers_the_terminal() {
    let texts = [
        "\u{1b}[31m = 1\nid = \"a\u{1b}]0;x\u{7}\"\n".to_owned(),
        "\"\\u001b[31mkey\" = 1\nid = \"\\u001b[2Jx\"\nwhen = \"\\u009b31m\"\n".to_owned(),
        scenario("tcp", CONTRADICTED).replace("sender.send", "\"\\u001b[5m\".send"),
        scenario("tcp", CONTRADICTED).replace("recv = 1024", "recv = \"$\\u001b[5m\""),
        scenario("tcp", CONTRADICTED).replace("\"tcp\"", "\"\\u001b[5m\\u007f\\u0090\""),
    ];
    for text in texts {
        let (_folder, path) = file("mine\u{1b}[31m\u{9b}5m.toml", text);
        for lang in ["en", "zh"] {
            lab(["run", &path, "--lang", lang]).refuses(&["mine"]);
        }
    }
    // In colour there are escape sequences, but those of the file are not among them.
    let (_folder, path) = file("mine.toml", "\"\\u001b[35mkey\" = 1\n");
    let colored = lab(["run", &path, "--color", "always"]).exits(2).stderr;
    assert!(
        colored.contains("\u{1b}[") && colored.contains("\\x1b[35mkey"),
        "{colored:?}"
    );
    assert!(!colored.contains("\u{1b}[35m"), "{colored:?}");
    lab(["run", "x\u{1b}[31m"]).refuses(&["x"]);
    lab(["run", "nagle", "--set", "x\u{1b}[31m=1"]).refuses(&["x"]);
    lab(["run", "nagle", "--set", "gap=\u{1b}[31m"]).refuses(&["gap"]);
    lab(["run", "/\u{1b}[31m/x.toml"]).refuses(&["x.toml"]);
    lab(["replay", "/\u{1b}[31m/x.run"]).refuses(&["x.run"]);
}

#[test]
fn texts_of_a_scenario_that_try_to_steer_the_terminal_are_shown_without() {
    let text = scenario("tcp", CONTRADICTED)
        .replace("en = \"Mine\"", "en = \"Mine\\u001b[31m \\u009b5m\\u202e\"")
        .replace(
            "sender.send = \"hello\"",
            "sender.send = \"\\u001b[31mhello\\r\\u0007\"",
        )
        .replace("reads = [\"hello\"]", "readings = [\"stuck\"]");
    let (_folder, path) = file("mine.toml", text);
    for format in ["text", "json"] {
        lab(["run", &path, "--format", format]).exits(0).tame();
        lab(["run", &path, "--format", format, "--lang", "zh", "--ascii"])
            .exits(0)
            .tame();
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    // What can be known before the run is said before it.
    lab_line("run short-recv --no-tui --save /nonexistent/here.run")
        .refuses(&["/nonexistent/here.run: cannot be written", "no folder /nonexistent"]);
    lab_line("run short-recv --no-tui --save / --lang zh").refuses(&["/：无法写入", "这是一个文件夹"]);
    if cfg!(target_os = "linux") {
        let done = lab_line("run short-recv --no-tui --save /dev/full").exits(2).tame();
        let says = "/dev/full: cannot be written";
        assert!(done.stderr.contains(says), "{}", done.stderr);
        assert!(
            done.stdout.contains("recv(2) → 2"),
            "the run is told all the same: {}",
            done.stdout
        );
    }
}

#[test]
fn saving_writes_over_a_saved_run_and_over_nothing_else() {
    let (folder, path) = file("mine.toml", "id = \"precious\"\n");
    lab(["run", "short-recv", "--save", &path]).refuses(&["mine.toml", "does not write over it"]);
    assert_eq!(
        std::fs::read_to_string(&path).expect("it is still there"),
        "id = \"precious\"\n"
    );
    let saved = folder.path().join("a.run");
    let saved = saved.to_str().expect("a name in UTF-8");
    for _ in 0..2 {
        lab(["run", "short-recv", "--no-tui", "--save", saved]).exits(0);
    }
    lab(["replay", saved, "--no-tui"]).exits(0);
}

#[test]
fn a_save_that_fails_leaves_the_saved_run_as_it_was() {
    let (folder, saved) = file("a.run", "{\"trace\":\"precious\"}\n");
    let mut shell = Command::new("sh");
    // 1 block of 512 bytes (ulimit -f, POSIX): less than any run needs.
    let line = format!(
        "ulimit -f 1; exec {} run short-recv --no-tui --save {saved}",
        env!("CARGO_BIN_EXE_lab")
    );
    shell.args(["-c", &line]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let done = run(shell).exits(2);
    assert!(done.stderr.contains("a.run: cannot be written"), "{}", done.stderr);
    let kept = std::fs::read_to_string(&saved).expect("it is still there");
    assert_eq!(kept, "{\"trace\":\"precious\"}\n");
    let files = std::fs::read_dir(folder.path()).expect("the folder is there");
    assert_eq!(files.count(), 1, "nothing half is left behind");
}

#[test]
fn a_name_may_be_as_long_as_the_system_lets_it_be() {
    let (folder, _) = file("other", "");
    let name = |length: usize| folder.path().join("n".repeat(length)).to_string_lossy().into_owned();
    for length in [242, 255] {
        lab(["run", "short-recv", "--no-tui", "--save", &name(length)]).exits(0);
        lab(["replay", &name(length), "--no-tui"]).exits(0);
    }
    // What is too long is said before anything is run.
    lab(["run", "short-recv", "--no-tui", "--save", &name(256)]).refuses(&["cannot be written"]);
}

#[test]
fn what_somebody_else_has_left_beside_a_saved_run_stays() {
    let (folder, saved) = file("a.run", "");
    let mut shell = Command::new("sh");
    // The name that was once taken for the lab's own, whoever had made it.
    let line = format!(
        "echo theirs > {}/.a.run.$$.part; exec {} run short-recv --no-tui --save {saved}",
        folder.path().display(),
        env!("CARGO_BIN_EXE_lab")
    );
    shell.args(["-c", &line]).stdout(Stdio::piped()).stderr(Stdio::piped());
    run(shell).exits(0);
    let mut texts: Vec<String> = std::fs::read_dir(folder.path())
        .expect("the folder is there")
        .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a text"))
        .collect();
    texts.sort();
    assert_eq!(texts.len(), 2, "the run, and what was there: {texts:?}");
    assert_eq!(texts[0], "theirs\n");
}

#[test]
fn a_link_to_a_file_that_is_not_there_yet_stays_one() {
    let (folder, _) = file("other", "");
    let link = folder.path().join("link.run");
    std::os::unix::fs::symlink("later.run", &link).expect("make a link");
    let link = link.to_str().expect("a name in UTF-8");
    lab(["run", "short-recv", "--no-tui", "--save", link]).exits(0);
    assert!(std::fs::symlink_metadata(link).expect("it is there").is_symlink());
    let later = folder.path().join("later.run");
    lab(["replay", &later.to_string_lossy(), "--no-tui"]).exits(0);
    // One that leads nowhere is refused before anything is run.
    std::os::unix::fs::symlink("no/folder/a.run", folder.path().join("astray")).expect("make a link");
    let astray = folder.path().join("astray");
    lab(["run", "short-recv", "--no-tui", "--save", &astray.to_string_lossy()]).refuses(&["no folder"]);
}

#[test]
fn a_file_that_grows_too_long_is_an_error_like_others() {
    for (what, says) in [
        (
            "run file-transfer --no-tui",
            "the run broke off: receiver: write the file: File too large",
        ),
        (
            "run file-transfer --no-tui --lang zh",
            "接收方：写文件失败：文件超过了大小限制（EFBIG：File too large",
        ),
        ("check file-transfer", "receiver: write the file: File too large"),
    ] {
        let mut shell = Command::new("sh");
        // 16 blocks of 512 bytes, or of 1024: less than the file has.
        let line = format!("ulimit -f 16; COLUMNS=400 exec {} {what}", env!("CARGO_BIN_EXE_lab"));
        shell.args(["-c", &line]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let done = run(shell).exits(2);
        assert!(done.stdout.contains(says), "{what}: {}{}", done.stdout, done.stderr);
    }
}

#[test]
fn a_link_to_a_saved_run_stays_one() {
    let (folder, saved) = file("a.run", "");
    let link = folder.path().join("link.run");
    std::os::unix::fs::symlink(&saved, &link).expect("make a link");
    let link = link.to_str().expect("a name in UTF-8");
    lab(["run", "short-recv", "--no-tui", "--save", link]).exits(0);
    assert!(std::fs::symlink_metadata(link).expect("it is there").is_symlink());
    lab(["replay", &saved, "--no-tui"]).exits(0);
}

#[test]
fn a_log_is_written_to_no_other_file_and_not_without_a_screen() {
    let (folder, mine) = file("mine.toml", "id = \"precious\"\n");
    lab(["--log", &mine]).refuses(&["mine.toml", "no log of the lab"]);
    lab(["--log", &mine, "--lang", "zh"]).refuses(&["mine.toml", "不是本程序的日志"]);
    let kept = std::fs::read_to_string(&mine).expect("it is still there");
    assert_eq!(kept, "id = \"precious\"\n");
    lab(["--log", &folder.path().display().to_string()]).refuses(&["it is a folder"]);
    lab(["--log", "/dev/null"]).refuses(&["no regular file"]);
    let pipe = folder.path().join("pipe").display().to_string();
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    lab(["--log", &pipe]).refuses(&["no regular file"]);
    lab(["run", "nagle", "--save", &pipe]).refuses(&["no regular file"]);
    for line in ["list", "doctor", "run nagle --no-tui", "check nagle"] {
        let log = folder.path().join("log").display().to_string();
        lab_line(&format!("{line} --log {log}")).refuses(&["--log", "screen"]);
        lab_line(&format!("{line} --log {log} --lang zh")).refuses(&["这里不打开界面"]);
        assert!(!Path::new(&log).exists());
    }
}

#[test]
fn of_a_file_that_is_far_too_long_the_true_length_is_told() {
    let (_folder, path) = file("huge.toml", "");
    let huge = std::fs::File::options().write(true).open(&path).expect("open it");
    huge.set_len(1 << 30).expect("a file with a hole");
    lab(["run", &path, "--no-tui"]).refuses(&["huge.toml", "1,073,741,824 bytes"]);
}

#[test]
fn what_is_no_regular_file_is_refused_instead_of_waited_for() {
    lab_line("run /dev/zero").refuses(&["/dev/zero", "no regular file"]);
    lab_line("replay /dev/zero").refuses(&["/dev/zero", "no regular file"]);
    lab_line("replay /").refuses(&["it is a folder"]);
}

#[test]
fn an_id_in_place_of_a_command_is_understood() {
    let done = lab(["nagle"]).exits(2);
    let said = "unrecognized subcommand 'nagle'";
    assert!(done.stderr.contains(said), "{}", done.stderr);
    assert!(done.stderr.contains("did you mean lab run nagle?"), "{}", done.stderr);
    lab_line("nagle --lang zh").refuses(&["没有 nagle 这个命令", "是不是想写 lab run nagle？"]);
}

#[test]
fn completions_and_the_manual_are_there() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = lab(["completions", shell]).exits(0);
        assert!(
            done.stdout.contains("replay") && done.stdout.contains("ipv6"),
            "{shell}"
        );
    }
    for lang in ["en", "zh"] {
        let page = lab(["man", "--lang", lang]).exits(0).stdout;
        assert!(page.starts_with(".ie ") && page.contains("\n.TH lab 1 "), "{page}");
    }
    assert!(lab_line("--version").exits(0).stdout.starts_with("lab "));
    for help in ["--help", "-h", "help run", "run --help", "check -h"] {
        assert!(lab_line(help).exits(0).stdout.contains("Usage"), "{help}");
    }
}

#[test]
fn the_doctor_names_each_thing_it_looked_for() {
    for lang in ["en", "zh"] {
        let done = lab(["doctor", "--lang", lang]).tame();
        assert!([0, 2].contains(&done.code), "{}", done.code);
        assert_eq!(done.stderr, "");
        for name in [
            "127.0.0.1",
            "::1",
            "TCP_QUICKACK",
            "SIOCINQ",
            "SIOCOUTQ",
            "TCP_INFO",
            "SO_TIMESTAMPING",
            "MSG_PEEK",
            "SO_MEMINFO",
        ] {
            assert!(done.stdout.contains(name), "{name} is missing in\n{}", done.stdout);
        }
    }
    if lab_line("doctor").code != 0 {
        not_run(
            "measuring everything",
            "`lab doctor` says that this machine lacks something",
        );
    }
}

#[test]
fn a_check_that_holds_counts_its_runs() {
    let done = lab_line("check short-recv --repeat 3").exits(0).tame();
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", done.stdout);
    assert!(lines[0].starts_with("short-recv defaults") && lines[0].ends_with("held 3 of 3"));
    assert!(lines[1].starts_with("short-recv first=9") && lines[1].ends_with("held 3 of 3"));
    assert!(lines[2].starts_with("6 runs of 1 scenario"));
}

#[test]
fn one_run_is_one_run() {
    let (_folder, path) = file(
        "mine.toml",
        scenario(
            "tcp",
            "steps = [{ sender.send = \"a\" }, { receiver.recv = 9 }]\n\n[[expect]]\nread = { number = 1, text = \"a\" }\n",
        ),
    );
    let done = lab(["check", &path]).exits(0);
    assert!(
        done.stdout.contains("1 run of 1 scenario: everything"),
        "{}",
        done.stdout
    );
    let done = lab(["check", &path, "--repeat", "2"]).exits(0);
    assert!(
        done.stdout.contains("2 runs of 1 scenario: everything"),
        "{}",
        done.stdout
    );
}

#[test]
fn everything_that_comes_with_the_lab_checks_out() {
    if !measures_everything() {
        return not_run("lab check", "this system does not measure everything");
    }
    let done = lab_line("check --lang zh").exits(0).tame();
    assert_eq!(done.stdout.lines().count(), cases().len() + 1, "{}", done.stdout);
}

#[test]
fn a_check_that_fails_says_which_run_and_why() {
    let (_folder, path) = file("mine.toml", scenario("tcp", CONTRADICTED));
    let done = lab(["check", "short-recv", &path, "--repeat", "2"]).exits(1).tame();
    assert!(
        done.stdout.contains("short-recv defaults  held 2 of 2"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("held 0 of 2"), "{}", done.stdout);
    for run in ["run 1", "run 2"] {
        let line = done
            .stdout
            .lines()
            .find(|line| line.contains(run))
            .expect("each failure is told");
        assert!(
            line.contains("the reads returned \"helloegg\"; expected \"hello\""),
            "{line}"
        );
    }
    assert!(
        done.stdout.ends_with("2 of 6 runs did not show what had to be seen.\n"),
        "{}",
        done.stdout
    );
}

#[test]
fn a_check_of_a_hang_ends_and_says_so() {
    let (_folder, path) = file("mine.toml", scenario("tcp", HANGS));
    let done = lab(["check", &path]).exits(1).tame();
    assert!(
        done.stdout.contains("receiver waits in recv for bytes nobody has sent"),
        "{}",
        done.stdout
    );
}

/// More than a send queue holds, so sends block, and more than is kept of each message.
const BULK: &str = r"deadline_ms = 300
steps = [
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { sender.send = { letters = 1048576 } },
  { receiver.recv = 16777216 },
  { receiver.recv = 100000 },
  { receiver.recv = 16777216 },
  { receiver.recv = 16777216 },
  { receiver.recv = 5 },
]
";

#[test]
fn a_replay_prints_byte_for_byte_what_the_live_run_printed() {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("saved.run");
    let path = path.to_str().expect("UTF-8");
    let (_hang, hang) = file("mine.toml", scenario("tcp", HANGS));
    let mut lines: Vec<String> = cases().iter().map(super::support::Case::args).collect();
    lines.push("udp-truncation --ipv6 --set size=700 --set buffer=9".to_owned());
    lines.push(hang);
    let (_bulk, bulk) = file("bulk.toml", scenario("tcp", BULK));
    lines.push(bulk);
    for line in lines {
        for how in [
            "",
            "--lang zh",
            "--ascii",
            "--lang zh --ascii",
            "--format json",
            "--color always",
        ] {
            // A look apart is enough for the many contrasts of the same scenario.
            if line.contains("--set") && how.contains("--ascii") {
                continue;
            }
            let live = lab_line(&format!("run {line} {how} --no-tui --save {path}"));
            let replay = lab_line(&format!("replay {path} {how} --no-tui"));
            assert!(!live.stdout.is_empty(), "{}", live.stderr);
            assert_eq!(replay.stdout, live.stdout, "{line} {how}");
            assert_eq!(replay.code, live.code);
        }
    }
}

#[test]
fn text_fits_into_80_cells_and_carries_no_escape_sequence() {
    for case in cases() {
        for lang in ["en", "zh"] {
            for ascii in ["", " --ascii"] {
                let done = lab_line(&format!("run {} --no-tui --lang {lang}{ascii}", case.args())).tame();
                for line in done.stdout.lines() {
                    assert!(line.width() <= 80, "{} cells: {line}", line.width());
                    assert_eq!(line.trim_end(), line, "no blanks at the end");
                }
            }
        }
    }
    for line in ["list", "check", "doctor"] {
        for lang in ["en", "zh"] {
            let done = lab_line(&format!("{line} --lang {lang}")).tame();
            let wide = done.stdout.lines().find(|line| line.width() > 80);
            assert_eq!(wide, None);
        }
    }
}

#[test]
fn with_ascii_everything_english_is_ascii_except_the_payload() {
    for case in cases() {
        let done = lab_line(&format!("run {} --no-tui --ascii", case.args()));
        // 粘包 and 词.txt are what some of the scenarios send, a replacement character what is left of a broken one; texts and payloads
        // are printed as they are.
        let payload = |line: &&str| !line.contains("decodes \"") && !line.contains("decoded as \"");
        let text: Vec<&str> = done.stdout.lines().filter(payload).map(before_characters).collect();
        // The bytes of 粘 in GBK happen to be a letter in UTF-8.
        let text = text.concat().replace(['粘', '包', '词', '\u{573}'], "");
        let other: String = text.chars().filter(|c| !c.is_ascii()).collect();
        assert_eq!(other, "", "{}: {}", case.args(), done.stdout);
    }
    for line in ["list --ascii", "doctor --ascii"] {
        assert!(lab_line(line).stdout.is_ascii(), "{line}");
    }
}

/// A line without the characters that stand beside the hex: random bytes are letters of some language now and then.
fn before_characters(line: &str) -> &str {
    let is_hex = |cell: &str| {
        let mut bytes = cell.split(' ').filter(|byte| !byte.is_empty()).peekable();
        bytes.peek().is_some() && bytes.all(|byte| byte.len() == 2 && hex::decode(byte).is_ok())
    };
    let cells = line.match_indices("  ").map(|(end, _)| end);
    let end = cells.clone().find(|end| {
        let start = line[..*end].rfind("  ").map_or(0, |start| start + 2);
        is_hex(&line[start..*end])
    });
    &line[..end.unwrap_or(line.len())]
}

#[test]
fn the_characters_beside_the_hex_are_told_from_the_rest() {
    assert_eq!(before_characters("   m1:0-3  e7 b2 98  粘"), "   m1:0-3  e7 b2 98");
    assert_eq!(before_characters("  receiver  粘  is told"), "  receiver  粘  is told");
}

#[test]
fn colour_in_a_pipe_comes_only_when_it_is_asked_for() {
    let escape = |line: &str, no_color: &str| {
        let mut command = command();
        command.args(line.split_whitespace()).env("TERM", "xterm");
        if !no_color.is_empty() {
            command.env("NO_COLOR", no_color);
        }
        run(command).stdout.contains('\u{1b}')
    };
    assert!(escape("run short-recv --no-tui --color always", ""));
    assert!(escape("--color always list", "1"), "what is asked for counts more");
    assert!(!escape("run short-recv --no-tui", ""));
    assert!(!escape("run short-recv --no-tui --color auto", ""));
    assert!(!escape("run short-recv --no-tui --color never", ""));
    assert!(!escape("run short-recv --no-tui", "1"));
    assert!(
        !escape("run short-recv --format json --color always", ""),
        "JSON has no colour"
    );
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("saved.run").display().to_string();
    let plain = lab(["run", "nagle", "--no-tui", "--save", &path]).stdout;
    let colored = lab(["replay", &path, "--no-tui", "--color", "always"]).stdout;
    let stripped: Vec<String> = super::terminal::without_colour(&colored)
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    assert_eq!(stripped.join("\n"), plain.trim_end());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    // The pace makes sure that something comes after the pipe was closed.
    let mut child = piped("run short-recv --pace 0.02").spawn().expect("start the program");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let (id, mut line) = (child.id(), String::new());
    let line = within(id, "the first line", move || lines.read_line(&mut line).map(|_| line)).expect("a line");
    assert!(line.starts_with("short-recv"), "{line}");
    let done = finish(child, "lab run with a closed pipe");
    assert_eq!(done.stderr, "");
    assert_eq!(done.code, 0);
}

#[test]
fn an_output_that_is_closed_from_the_beginning_is_no_error() {
    for line in [
        "run short-recv --no-tui",
        "run short-recv --format json",
        "list",
        "list --json",
        "doctor",
        "check short-recv",
        "completions bash",
        "man",
        "--help",
        "--version",
    ] {
        let mut child = piped(line).spawn().expect("start the program");
        drop(child.stdout.take());
        let done = finish(child, line);
        assert_eq!(done.stderr, "", "{line}");
        assert_eq!(done.code, 0, "{line}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return not_run("a full disk", "there is no /dev/full");
    };
    for line in ["run short-recv --no-tui", "list --json"] {
        let mut command = piped(line);
        command.stdout(full.try_clone().expect("one more handle"));
        let done = finish(command.spawn().expect("start the program"), line).exits(2);
        assert!(done.stderr.starts_with("error: cannot print: "), "{}", done.stderr);
    }
}

#[test]
fn standard_input_is_never_read() {
    let mut child = piped("run short-recv --no-tui")
        .stdin(Stdio::piped())
        .spawn()
        .expect("start the program");
    let held_open = child.stdin.take();
    let done = finish(child, "lab run with an open standard input").exits(0);
    assert_eq!(done.stderr, "");
    drop(held_open);
}

#[test]
fn lines_come_one_by_one_at_a_pace() {
    let mut child = piped("run short-recv --pace 60").spawn().expect("start the program");
    let mut output = child.stdout.take().expect("a pipe");
    let (id, mut seen) = (child.id(), [0; 10]);
    // The first event is minutes away, so the first one was not kept back for it.
    let seen = within(id, "the first line", move || {
        output.read_exact(&mut seen).map(|()| seen)
    });
    assert_eq!(&seen.expect("a line"), b"short-recv");
    super::support::signal(id, rustix::process::Signal::TERM);
    assert_eq!(finish(child, "lab run at a pace").code, 130);
}

#[test]
fn the_language_comes_from_the_option_then_from_the_environment() {
    let title = |line: &str, variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.env_clear().stdin(Stdio::null()).args(line.split_whitespace());
        command.envs(variables.iter().copied());
        run(command).stdout.lines().next().unwrap_or_default().to_owned()
    };
    let (en, zh) = ("Message boundaries", "消息边界");
    assert_eq!(title("list", &[]), en);
    assert_eq!(title("list", &[("LANG", "zh_CN.UTF-8")]), zh);
    assert_eq!(title("list", &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), en);
    assert_eq!(title("list", &[("LC_ALL", "C"), ("LAB_LANG", "zh")]), zh);
    assert_eq!(title("list --lang en", &[("LAB_LANG", "zh")]), en);
    assert_eq!(title("--lang zh list", &[]), zh);
}

#[test]
fn every_run_of_a_knob_over_its_whole_range_can_be_told() {
    // The edges of every knob: what a teacher turns must never panic or hang, whether or not it shows the point.
    let mut told = String::new();
    for case in cases() {
        let defaults = case.scenario.defaults();
        if case.settings != defaults {
            continue;
        }
        // Which files there are no scenario can know.
        let is_file = |knob: &&Knob| matches!(knob.kind, KnobKind::File { .. });
        for knob in case.scenario.knobs.iter().filter(|knob| !is_file(knob)) {
            for value in knob
                .allowed()
                .split([',', '.'])
                .map(str::trim)
                .filter(|value| !value.is_empty())
            {
                let done = lab_line(&format!(
                    "run {} --no-tui --set {}={value}",
                    case.scenario.id, knob.name
                ))
                .tame();
                assert_eq!(done.stderr, "");
                let _ = writeln!(told, "{} {}={value}: {}", case.scenario.id, knob.name, done.code);
                // 2 without a complaint: the machine was too busy to tell.
                assert!((0..=2).contains(&done.code), "{told}");
            }
        }
    }
}
