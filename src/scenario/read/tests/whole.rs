//! Whole messages as a person sees them, in both languages, and everything that is wrong with a file at once.

use super::*;
use crate::scenario::catalogue::find;
use crate::scenario::plan::Task;
use crate::scenario::problem::SHOWN;

/// What a person sees of a file that is wrong.
fn shown(text: &str, lang: Lang) -> String {
    read("demo.toml", text)
        .expect_err("something is wrong")
        .render(lang, false)
}

#[test]
fn english() {
    let text = changed(TCP, "receiver.until_queued", "receiver.until_queue");
    let expected = r#"error: there is no action `until_queue`
  --> demo.toml:10:14
   |
10 |   { receiver.until_queue = "all" },
   |              ^^^^^^^^^^^
   |
   = help: did you mean `until_queued`?
"#;
    assert_eq!(shown(&text, Lang::En), expected);
}

#[test]
fn chinese() {
    let text = changed(TCP, "receiver.until_queued", "receiver.until_queue");
    let expected = r#"错误：没有 `until_queue` 这个动作
  --> demo.toml:10:14
   |
10 |   { receiver.until_queue = "all" },
   |              ^^^^^^^^^^^
   |
   = 建议：是不是想写 `until_queued`？
"#;
    assert_eq!(shown(&text, Lang::Zh), expected);
}

#[test]
fn carets_stand_right_behind_wide_characters() {
    let text = changed(
        TCP,
        "{ en = \"A title\", zh = \"标题\" }",
        "{ zh = \"粘包与半包\", en = 3 }",
    );
    let expected = r#"错误：这里要写字符串，现在是整数
 --> demo.toml:4:30
  |
4 | title = { zh = "粘包与半包", en = 3 }
  |                                   ^
"#;
    assert_eq!(shown(&text, Lang::Zh), expected);
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let long = format!("{{ en = \"{}\", zh = \"标题\", fr = \"titre\" }}", "word ".repeat(100));
    let text = changed(TCP, "{ en = \"A title\", zh = \"标题\" }", &long);
    let expected = r#"error: unknown key `fr`
 --> demo.toml:4:531
  |
4 | ...rd word word word word word word word word word ", zh = "标题", fr = "titre" }
  |                                                                    ^^
  |
  = help: known keys: `en`, `zh`
"#;
    assert_eq!(shown(&text, Lang::En), expected);
}

#[test]
fn chinese_for_every_subject() {
    let cases = [
        ("order = 1", "", "1:1 这里还缺：`order`"),
        (
            "title = {",
            "title = hello {",
            "4:9 TOML 语法不对：文字要加引号，这里应该写带引号的文字 / 文字要放在英文双引号里：\"…\"",
        ),
        (
            "listens = true",
            "listens = true\nsteps = []",
            "17:1 `steps` 要写在第一个 [表头] 的上面 / 在 TOML 里，[表头] 下面的内容都属于这个表，直到下一个表头为止",
        ),
        (
            "listens = true",
            "",
            "13:12 `sender` 和 `receiver` 都没有监听 / 在其中一个里写 `listens = true`，另一个去连接它",
        ),
        (
            "range = [1, 100]",
            "range = [100, 1]",
            "22:9 100 比 1 大，这个范围是空的 / 小的数写在前面",
        ),
        (
            "more = true",
            "more = false",
            "28:1 这组对照和默认设置一模一样 / 至少让一个旋钮取默认值以外的值",
        ),
        (
            "not more and",
            "not more or",
            "31:18 这里不该出现 `or` / 这里没有“或”：把这一步或这条预期写两遍，各写各的 when",
        ),
        (
            "mode == slow",
            "mode >= slow",
            "31:41 旋钮 `mode` 是选项，没有大小之分 / 只能用 == 或 != 比较",
        ),
        (
            "reads = [\"hello\"]",
            "reads = [\"hello\"]\nheld = \"none\"",
            "33:1 这里只能写一条，现在有好几条：`reads`、`held` / 每一条各写一个表",
        ),
        (
            "\"m2:0-5\"",
            "\"m9\"",
            "35:16 当 more = true 时，没有第 9 条消息：这些步骤总共发 2 条",
        ),
        (
            "sender.send = \"hello\"",
            "sender.send = { text = \"hello\", times = 2, mode = \"loop\" }",
            "8:37 `times` 只能配普通的 send，不能和 `mode` 一起写",
        ),
        (
            "\"all\"",
            "6",
            "10:3 队列里不会有 6 个字节：前面的步骤一共只发了 5 个 / 把这一步放到它要等的那些 send 后面",
        ),
    ];
    for (from, to, expected) in cases {
        assert_eq!(told(&changed(TCP, from, to), Lang::Zh), [expected]);
    }
}

#[test]
fn everything_is_told_at_once_and_in_order() {
    let text = TCP
        .replace("\"tcp\"", "\"tpc\"")
        .replace("zh = \"看什么\"", "zh = \"\"")
        .replace("sender.send = \"hello\"", "sendr.send = \"hello\"")
        .replace("\"$size\"", "\"$mode\"")
        .replace("listens = true", "listens = 1\ncolour = \"red\"")
        .replace("range = [1, 100]", "range = [9, 100]")
        .replace("more = true", "moer = true")
        .replace("not more and", "more => 3 and")
        .replace("\"m2:0-5\"", "\"m2-5\"")
        .replace("readings = [\"stuck\"]", "readings = [\"stick\"]");
    let expected = [
        "3:13 `tpc` means nothing here / did you mean `tcp`?",
        "5:35 the Chinese text is empty",
        "8:5 there is no endpoint `sendr` / did you mean `sender`?",
        "9:46 the knob `mode` is a choice of words, and here it must be a number",
        "16:11 expected true or false, found a whole number",
        "17:1 unknown key `colour` / known keys: `listens`, `thread`, `nodelay`, `quickack`, `mss`, `receive_buffer`, `send_buffer`",
        "22:11 the default `5` is not among `9..100`",
        "30:1 there is no knob `moer` / did you mean `more`?",
        "32:14 `=>` does not compare anything / it can be ==, !=, <, <=, > or >=",
        "36:16 `m2-5` is not a message or a part of one / for example m2, or m2:0-4 for its first four bytes, or m2+m3 for two that left together",
        "44:23 `stick` means nothing here / did you mean `stuck`?",
    ];
    assert_eq!(told(&text, Lang::En), expected);
}

#[test]
fn with_a_slip_of_syntax_only_what_is_certain_is_told() {
    // The unknown key above the slip stands on its own. That `size` is unknown below would be an echo of the slip.
    let text = changed(TCP, "order = 1", "order = 1\nodrer = 1");
    let text = changed(&text, "[knobs.size]\n", "[knobs.size\n");
    let text = changed(&text, "readings = [\"stuck\"]", "readings = [\"stick\"]");
    let expected = [
        "3:1 unknown key `odrer` / did you mean `order`?",
        "21:12 this is not TOML: unclosed table, expected `]`",
    ];
    assert_eq!(told(&text, Lang::En), expected);
}

#[test]
fn a_slip_of_syntax_is_told_once() {
    let text = changed(TCP, "steps = [", "steps = [[");
    let expected = [
        "7:9 this is not TOML: the list that begins here has no closing bracket / write ] above `[endpoints.sender]` \
         in line 13",
    ];
    assert_eq!(told(&text, Lang::En), expected);
}

/// What is said about each copy of a scenario that lacks one character: the line where it is missing, and what is said.
fn without_one(character: char, text: &str) -> Vec<(usize, Vec<String>)> {
    let without = |(at, found): (usize, &str)| {
        let line = text[..at].matches('\n').count() + 1;
        let text = format!("{}{}", &text[..at], &text[at + found.len()..]);
        (line, told(&text, Lang::En))
    };
    text.match_indices(character).map(without).collect()
}

#[test]
fn a_missing_quote_or_brace_is_told_once_and_where_it_is() {
    for text in ["short-recv", "length-prefix"].map(|id| find(id).expect("it comes with the lab").text) {
        for character in ['"', '{', '}'] {
            for (line, told) in without_one(character, text) {
                // A brace is missed where the next thing begins, be it lines below.
                let near = |told: &String| match told.split_once(':') {
                    Some((at, _)) if character == '"' => at.parse() == Ok(line),
                    Some((at, _)) => at.parse().is_ok_and(|at: usize| at >= line),
                    None => false,
                };
                let sound = told.len() <= 1 && told.iter().all(near);
                assert!(sound, "{character} missing in line {line}: {told:#?}");
            }
        }
    }
}

#[test]
fn two_missing_quotes_are_told_if_the_second_is_no_consequence() {
    let text = changed(TCP, "\"What to see\"", "\"What to see");
    let text = changed(&text, "\"send more\"", "\"send more");
    let text = changed(&text, "[\"slow\", \"fast\"]", "[\"slow, \"fast\"]");
    let lines: Vec<String> = told(&text, Lang::En)
        .iter()
        .map(|told| told.chars().take_while(char::is_ascii_digit).collect())
        .collect();
    assert_eq!(lines, ["5", "19", "26"]);
}

#[test]
fn a_list_in_a_list_is_no_header() {
    // The line of `[1]` alone looks like one, and reading on from there would make sound lines wrong.
    let text = changed(TCP, "\"What to see\"", "\"What to see");
    let text = changed(&text, "[endpoints.sender]", "x = [\n[1]\n]\n[endpoints.sender]");
    assert_eq!(told(&text, Lang::En).len(), 1);
}

#[test]
fn many_problems_are_counted() {
    let text = lines(SHOWN + 7, "key# = 1");
    let problems = read("demo.toml", &text).expect_err("nothing but unknown keys");
    assert_eq!(problems.list.len(), SHOWN + 8, "and the missing keys");
    assert!(problems.to_string().ends_with("\n\nand 8 more\n"));
    assert!(problems.render(Lang::Zh, false).ends_with("\n\n另外还有 8 处\n"));
    assert_eq!(problems.to_string().matches("unknown key").count(), SHOWN - 1);
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let text = format!("# {}", "x".repeat(LONGEST_FILE));
    let told_en = told(&text, Lang::En);
    assert_eq!(
        told_en,
        ["1:1 this file is 262146 bytes long; at most 256 KiB are read"]
    );
    assert_eq!(told(&text, Lang::Zh), ["1:1 文件有 262146 个字节；最多只读 256 KiB"]);
}

#[test]
fn keys_below_a_lone_header_belong_above_it() {
    let text = changed(TCP, "steps = [", "[knobs]\nsteps = [");
    let text = changed(&text, "order = 1", "[endpoints]\norder = 1");
    let told = told(&text, Lang::En);
    let belongs: Vec<_> = told
        .iter()
        .filter(|told| told.contains("belongs above the first [table]"))
        .collect();
    assert_eq!(
        belongs.len(),
        6,
        "order, transport, title, sees, why and steps: {told:#?}"
    );
    assert!(!told.iter().any(|told| told.contains("missing")), "{told:#?}");
}

#[test]
fn a_step_can_be_written_as_a_table() {
    let table = changed(TCP, "{ receiver.recv = 1024 },\n]", "]");
    let inline = changed(TCP, "receiver.recv = 1024", "receiver = { recv = 1024 }");
    assert_eq!(told(&inline, Lang::En), Vec::<String>::new());
    // Without the read, the claim about it goes wrong: the harness sees the difference.
    assert_eq!(
        told(&table, Lang::En),
        ["31:9 there is no read 1: the steps make 0 reads"]
    );
}

#[test]
fn color_is_only_there_when_asked_for() {
    let problems = read("demo.toml", "x = 1").expect_err("no scenario");
    assert!(problems.render(Lang::En, true).contains("\u{1b}["));
    let chinese = problems.render(Lang::Zh, true);
    assert!(chinese.contains("错误：\u{1b}") && !chinese.contains(": "), "{chinese}");
    assert!(!problems.render(Lang::En, false).contains('\u{1b}'));
}

#[test]
fn values_are_read_as_written() {
    let text = changed(
        TCP,
        "order = 1",
        "order = 0x1_0\nfamily = \"ipv6\"\ndeadline_ms = 1_500",
    );
    let text = changed(&text, "sender.send = \"hello\"", "sender.send = { hex = \"00 ff\" }");
    let scenario = read("demo.toml", &text).expect("sound");
    assert_eq!((scenario.order, scenario.family), (16, Family::Ipv6));
    assert_eq!(scenario.deadline, Duration::from_millis(1500));
    assert_eq!(scenario.source, text);
    let names: Vec<_> = scenario.knobs.iter().map(|knob| knob.name.as_str()).collect();
    assert_eq!(names, ["more", "size", "mode"], "in the order of the file");
    let names: Vec<_> = scenario
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.name.as_str(), endpoint.listens))
        .collect();
    assert_eq!(names, [("sender", false), ("receiver", true)]);
    let plan = Plan::new(&scenario, &scenario.contrasts[0]);
    let sent: Vec<_> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.task {
            Task::Send(bytes) => Some(bytes.as_slice()),
            _ => None,
        })
        .collect();
    assert_eq!(sent, [&b"\x00\xff"[..], b"abcde"]);
}

/// The texts in the ```toml fences of a page.
fn fences(page: &str) -> Vec<&str> {
    let mut fences = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("```toml\n") {
        let (fence, after) = after.split_once("```").expect("a fence has an end");
        fences.push(fence);
        rest = after;
    }
    fences
}

#[test]
fn the_example_in_the_reference_is_sound() {
    let page = include_str!("../../../../docs/scenario-format.md");
    let fences = fences(page);
    assert_eq!(fences.len(), 1, "one whole example");
    assert_eq!(told(fences[0], Lang::En), Vec::<String>::new());
}

#[test]
fn the_pieces_in_the_guide_fit_together() {
    let page = include_str!("../../../../scenarios/README.md");
    let fences = fences(page);
    assert_eq!(fences.len(), 10, "five in each language");
    let (head, _) = TCP.split_once("steps = [").expect("the steps");
    for pieces in fences.chunks(5) {
        let endpoints = "[endpoints.sender]\n[endpoints.receiver]\nlistens = true\n";
        let knob = pieces[2];
        let steps = changed(pieces[0], "recv = 1024", "recv = \"$size\"");
        let text = [head, &steps, endpoints, pieces[1], knob, pieces[3]].concat();
        assert_eq!(told(&text, Lang::En), Vec::<String>::new());
        // The last one is about packets, and whole but for its texts.
        assert_eq!(told(&[head, pieces[4]].concat(), Lang::En), Vec::<String>::new());
    }
}
