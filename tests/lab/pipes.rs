use lab::scenario::read::read;
use serde_json::Value;

use super::support::{Told, file, lab, lab_line, measures_everything, not_run};

fn told(args: &str) -> Told {
    lab_line(&format!("run pipe-deadlock {args} --format json"))
        .exits(0)
        .tame()
        .json()
}

fn text(line: &Value, key: &str) -> String {
    line[key].as_str().expect("a text").to_owned()
}

/// A scenario with two pipes and one thread at each side; these are its steps and what must be seen.
fn with_two_pipes(steps: &str, threads: [&str; 2], expects: &str) -> String {
    let [child, parent] = threads;
    format!(
        "id = \"mine\"\norder = 900\ntransport = \"pipe\"\ntitle = {{ en = \"Mine\", zh = \"我的\" }}\n\
         sees = {{ en = \"What happens\", zh = \"看看会怎样\" }}\nwhy = {{ en = \"Because\", zh = \"原因\" }}\n\
         steps = [\n{steps}]\n[endpoints.out]\nthread = \"{child}\"\n[endpoints.reads-out]\nlistens = true\n\
         thread = \"{parent}\"\n[endpoints.err]\nthread = \"{child}\"\n[endpoints.reads-err]\nlistens = true\n\
         thread = \"{parent}\"\n{expects}\n"
    )
}

/// One reads until the other stops, and the other writes more than any pipe holds first.
const HANGS: &str = "{ reads-out.drain = 65536 },\n{ err.send = { letters = 1048576 } },\n{ err.send = \"and more\" },\n\
                     { err.close = true },\n{ out.close = true },\n{ reads-err.drain = 65536 },\n";

const TOGETHER: &str = "{ reads-out.run = { program = \"read-both\", with = \"reads-err\" } },\n{ err.send = \"e\" },\n\
                        { out.send = \"o\" },\n{ out.close = true },\n{ err.close = true },\n";

const THREADS: [&str; 2] = ["child", "parent"];

#[test]
fn the_hang_is_named_with_both_who_wait() {
    let done = lab_line("run pipe-deadlock --no-tui").exits(0).tame();
    let flat = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "parent-out waits in read for bytes nobody has sent",
        "child-err waits in write: 65,536 bytes lie unread before parent-err",
        "nobody goes on any more: here the lab ends the run",
    ] {
        assert!(flat.contains(part), "{part}\n{flat}");
    }
    let verdict = told("").verdict().clone();
    assert_eq!(
        [text(&verdict, "ending"), text(&verdict, "endpoint")],
        ["hang", "parent-out"]
    );
    assert_eq!(verdict["held"], true);
}

#[test]
fn what_a_pipe_holds_decides_and_one_byte_more_hangs() {
    if !measures_everything() {
        return not_run("what a pipe holds", "this system does not set it");
    }
    for (bytes, ending) in [(65_535, "finished"), (65_536, "finished"), (65_537, "hang")] {
        let told = told(&format!("--set bytes={bytes}"));
        assert_eq!(told.verdict()["ending"], ending, "{bytes}");
    }
}

#[test]
fn together_the_pipes_are_read_as_they_fill() {
    let told = told("--set reading=together --set bytes=200000");
    let reads = told.events("recv");
    let of = |name: &str| -> u64 {
        let own = reads.iter().filter(|line| line["endpoint"] == name);
        own.filter_map(|line| line["returned"].as_u64()).sum()
    };
    assert_eq!([of("parent-err"), of("parent-out")], [200_000, 5]);
    let blocked: Vec<String> = told
        .events("blocked")
        .iter()
        .map(|line| text(line, "endpoint"))
        .collect();
    assert!(
        blocked.contains(&"child-err".to_owned()),
        "it has to wait for room: {blocked:?}"
    );
    // Who waits in poll is in no recv: until one end is left, no read of the parent blocks.
    let both_open = told
        .0
        .iter()
        .take_while(|line| line["event"] != "recv" || line["returned"] != 0);
    let waits = both_open.filter(|line| line["event"] == "blocked" && line["endpoint"] != "child-err");
    assert_eq!(waits.count(), 0);
}

#[test]
fn a_run_that_hangs_is_a_failure_unless_that_very_endpoint_is_to_hang() {
    let expects = [
        ("hangs = \"reads-out\"", 0),
        // It waits in a call too, though its step is a later one.
        ("hangs = \"err\"", 0),
        // These have not made a call yet: their threads are with the other pipe.
        ("hangs = \"out\"", 1),
        ("hangs = \"reads-err\"", 1),
        ("arrived = \"not-all\"", 1),
    ];
    for (claim, code) in expects {
        let scenario = with_two_pipes(HANGS, THREADS, &format!("[[expect]]\n{claim}"));
        let (_folder, path) = file("mine.toml", scenario);
        lab(["run", &path, "--no-tui"]).exits(code);
    }
}

#[test]
fn a_run_that_is_to_hang_and_does_not_is_a_failure() {
    for threads in [THREADS, ["child", "child"]] {
        let scenario = with_two_pipes(TOGETHER, threads, "[[expect]]\nhangs = \"reads-out\"");
        let (_folder, path) = file("mine.toml", scenario);
        let done = lab(["run", &path, "--no-tui"]);
        if threads == THREADS {
            let done = done.exits(1);
            assert!(
                done.stdout.contains("nothing hung: the run came to its end"),
                "{}",
                done.stdout
            );
        } else {
            // One thread for all cannot write while it waits: that hangs.
            done.exits(0);
        }
    }
}

#[test]
fn only_what_one_thread_serves_can_be_read_together() {
    let expects = "[[expect]]\narrived = \"all\"";
    let problems = |text: &str| read("mine.toml", text).expect_err("it cannot happen").to_string();
    let right = with_two_pipes(TOGETHER, THREADS, expects);
    assert!(read("mine.toml", &right).is_ok());
    let apart = right.replacen("thread = \"parent\"", "", 1);
    assert!(
        problems(&apart).contains("`reads-out` cannot read together with `reads-err`"),
        "{}",
        problems(&apart)
    );
    let open = right.replace("{ err.close = true },\n", "");
    assert!(problems(&open).contains("`err` never closes"), "{}", problems(&open));
    let itself = right.replace("with = \"reads-err\"", "with = \"reads-out\"");
    assert!(
        problems(&itself).contains("cannot read together"),
        "{}",
        problems(&itself)
    );
    let nobody = right.replace("with = \"reads-err\"", "with = \"reads-er\"");
    assert!(problems(&nobody).contains("`reads-er`"), "{}", problems(&nobody));
    let sockets = right.replace("transport = \"pipe\"", "transport = \"tcp\"");
    assert!(
        problems(&sockets).contains("`read-both` is for pipes"),
        "{}",
        problems(&sockets)
    );
}

#[test]
fn a_hang_that_is_expected_answers_the_question() {
    let verdict = told("").verdict().clone();
    assert!(
        verdict["expectations"].as_array().is_some_and(|all| all.len() >= 3),
        "{verdict}"
    );
    let done = lab_line("run pipe-deadlock --no-tui --lang zh").exits(0).tame();
    assert!(done.stdout.contains("两边一直等下去"), "{}", done.stdout);
    assert!(
        done.stdout.contains("答案") || done.stdout.contains("b  两边一直等下去"),
        "{}",
        done.stdout
    );
}
