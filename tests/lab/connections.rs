use std::sync::Arc;
use std::sync::mpsc::channel;

use lab::code::{Language, listing};
use lab::runner::{Control, News, Steps, run};
use lab::scenario::read::read;
use lab::scenario::{Plan, Scenario};
use lab::trace::{Ending, EndpointId, What};
use lab::words::Lang;
use serde_json::Value;

use super::support::{Told, file, lab, measures_everything, not_run, told};

/// A server's two ends and two clients; each client sends before the server comes to it.
fn scenario(transport: &str, steps: &str, server: &str) -> String {
    let ends = |number: u8| {
        format!("[endpoints.server-{number}]\nlistens = true\nthread = \"{server}\"\n[endpoints.client-{number}]\n")
    };
    format!(
        "id = \"mine\"\norder = 900\ntransport = \"{transport}\"\ntitle = {{ en = \"Mine\", zh = \"我的\" }}\n\
         sees = {{ en = \"What happens\", zh = \"看看会怎样\" }}\nwhy = {{ en = \"Because\", zh = \"原因\" }}\n\
         deadline_ms = 60000\nsteps = [\n{steps}]\n{}{}",
        ends(1),
        ends(2)
    )
}

/// The second client sends before the first one sends again.
const BOTH_SEND: &str = "{ server-1.recv = 100 },\n{ server-1.recv = 100 },\n{ server-2.recv = 100 },\n\
                         { client-1.send = \"one\" },\n{ client-2.send = \"two\" },\n{ client-1.send = \"uno\" },\n";

fn plan(text: &str) -> Plan {
    let scenario: Scenario = read("mine.toml", text).unwrap_or_else(|problems| panic!("{problems}"));
    Plan::new(&scenario, &scenario.defaults())
}

/// What was read by whom, in order.
fn reads(told: &Told) -> Vec<(String, String)> {
    let text = |line: &Value, key: &str| line[key].as_str().expect("a text").to_owned();
    let read = |line: &&Value| {
        let bytes = hex::decode(text(line, "hex")).expect("hex");
        (text(line, "endpoint"), String::from_utf8(bytes).expect("a text"))
    };
    told.events("recv").iter().map(read).collect()
}

fn owned(reads: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(who, what): &(&str, &str)| ((*who).to_owned(), (*what).to_owned());
    reads.iter().map(owned).collect()
}

#[test]
fn a_thread_comes_to_the_second_connection_when_it_is_done_with_the_first() {
    for transport in ["tcp", "udp"] {
        if transport == "udp" && !measures_everything() {
            not_run("datagrams on two connections", "this system does not count them");
            continue;
        }
        for _ in 0..20 {
            let serial = told(&scenario(transport, BOTH_SEND, "serial"), 0);
            let expected = [("server-1", "one"), ("server-1", "uno"), ("server-2", "two")];
            assert_eq!(reads(&serial), owned(&expected), "{transport}");
            let threaded = told(&scenario(transport, BOTH_SEND, "threaded"), 0);
            let expected = [("server-1", "one"), ("server-2", "two"), ("server-1", "uno")];
            assert_eq!(reads(&threaded), owned(&expected), "{transport}");
        }
    }
}

#[test]
fn what_a_busy_thread_does_not_read_lies_in_the_receive_queue() {
    if !measures_everything() {
        return not_run("a receive queue", "this system does not measure it");
    }
    let told = told(&scenario("tcp", BOTH_SEND, "serial"), 0);
    let at = |found: &dyn Fn(&Value) -> bool| told.0.iter().position(found).expect("such an event");
    let waits = at(&|line| line["event"] == "queues" && line["endpoint"] == "server-2" && line["waiting"] == 3);
    let again = at(&|line| line["event"] == "send" && line["message"] == 3);
    let read = at(&|line| line["event"] == "recv" && line["endpoint"] == "server-2");
    assert!(waits < again && again < read, "{:?}", told.0);
}

#[test]
fn each_connection_has_its_own_messages_and_addresses() {
    let (_folder, path) = file("mine.toml", scenario("tcp", BOTH_SEND, "threaded"));
    let done = lab(["run", &path, "--no-tui"]).exits(0).tame();
    let links: Vec<&str> = done.stdout.lines().filter(|line| line.contains("TCP  ")).collect();
    assert_eq!(links.len(), 2, "{}", done.stdout);
    for (index, link) in links.iter().enumerate() {
        let names = [
            format!("client-{} 127", index + 1),
            format!("→ server-{} 127", index + 1),
        ];
        assert!(names.iter().all(|name| link.contains(name)), "{link}");
    }
}

#[test]
fn a_thread_that_waits_for_ever_is_named_although_another_connection_is_closed() {
    if !measures_everything() {
        return not_run("a standstill", "this system does not measure it");
    }
    // The other thread's client has come and gone; the deadline is a minute away.
    let steps = "{ server-2.recv = 100 },\n{ client-2.send = \"two\" },\n{ client-2.close = true },\n\
                 { server-2.recv = 100 },\n{ server-2.close = true },\n\
                 { client-1.send = \"one\" },\n{ server-1.recv = 100 },\n{ server-1.recv = 100 },\n";
    let told = told(&scenario("tcp", steps, "threaded"), 1);
    assert_eq!(told.verdict()["ending"], "hang");
    assert_eq!(told.verdict()["endpoint"], "server-1");
}

#[test]
fn a_serial_server_that_waits_for_a_silent_client_is_the_one_to_blame() {
    if !measures_everything() {
        return not_run("a standstill", "this system does not measure it");
    }
    let steps = "{ server-1.recv = 100 },\n{ server-1.recv = 100 },\n{ server-2.recv = 100 },\n{ server-2.send = \"TWO\" },\n\
                 { client-1.send = \"one\" },\n{ client-2.send = \"two\" },\n{ client-2.recv = 100 },\n";
    let told = told(&scenario("tcp", steps, "serial"), 1);
    assert_eq!(told.verdict()["ending"], "hang");
    assert_eq!(told.verdict()["endpoint"], "server-1", "its step comes first");
    assert!(told.events("recv").iter().all(|line| line["endpoint"] == "server-1"));
}

#[test]
fn a_call_that_blocked_goes_on_when_no_earlier_step_could() {
    // The server's frames are one step with many calls, and the client waits in a later one: it is woken by the first
    // of them, and each time the earlier step goes first.
    let framed = |read: &str| {
        let steps = format!(
            "{{ server-1.read_frames = 1 }},\n{{ server-1.send_frames = [\"a\", \"b\", \"c\"] }},\n\
             {{ client-1.send_frames = [\"go\"] }},\n{{ client-1.read_frames = {read} }},\n\
             {{ server-2.close = true }},\n"
        );
        scenario("tcp", &steps, "threaded") + "[framing]\n"
    };
    let order = |told: &Told| -> Vec<String> {
        let calls = told
            .0
            .iter()
            .filter(|line| line["event"] == "send" || line["event"] == "recv");
        calls
            .map(|line| format!("{} {}", line["endpoint"], line["event"]))
            .collect()
    };
    let first = order(&told(&framed("3"), 0));
    for _ in 0..20 {
        assert_eq!(order(&told(&framed("3"), 0)), first);
    }
}

#[test]
fn a_stepped_run_is_held_at_one_step_at_a_time_on_all_connections() {
    let plan = plan(&scenario("tcp", BOTH_SEND, "serial"));
    let (feed, news) = channel();
    let steps = Arc::new(Steps::new());
    let control = Control {
        feed: Some(feed),
        steps: Some(Arc::clone(&steps)),
        ..crate::support::control()
    };
    let outcome = std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            let outcome = run(&plan, &control).expect("it begins");
            drop(control);
            outcome
        });
        let mut held = Vec::new();
        for told in news {
            if let News::Waiting { step } = told {
                held.push(step);
                steps.allow_next();
            }
        }
        // The third step is of a thread that is still at the first two.
        assert_eq!(held, [0, 3, 1, 4, 5, 2]);
        running.join().expect("no panic")
    });
    assert_eq!(outcome.ending, Ending::Finished);
    let begun = outcome.events.iter().filter_map(|event| match event.what {
        What::Step { step } => Some((event.endpoint, step)),
        _ => None,
    });
    let own = |event: (EndpointId, u32)| plan.steps[event.1 as usize].endpoint == usize::from(event.0.0);
    assert!(begun.clone().count() == 6 && begun.clone().all(own));
}

#[test]
fn ctrl_c_ends_a_run_with_several_threads() {
    let steps = "{ server-1.recv = 100 },\n{ server-1.recv = 100 },\n{ server-2.recv = 100 },\n\
                 { client-1.send = \"one\" },\n{ client-2.send = \"two\" },\n";
    let plan = plan(&scenario("tcp", steps, "serial"));
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(writer);
    let control = Control {
        interrupt: Some(std::os::fd::AsFd::as_fd(&reader)),
        ..crate::support::control()
    };
    let outcome = run(&plan, &control).expect("it begins");
    // A hang may be seen before the pipe is looked at; either ends everybody.
    assert!(matches!(outcome.ending, Ending::Interrupted | Ending::Hang { .. }));
}

#[test]
fn a_saved_run_with_several_connections_is_told_again() {
    let (_folder, path) = file("mine.toml", scenario("tcp", BOTH_SEND, "serial"));
    let (_other, saved) = file("mine.run", "");
    let live = lab(["run", &path, "--no-tui", "--save", &saved]).exits(0);
    let again = lab(["replay", &saved, "--no-tui"]).exits(0);
    assert_eq!(live.stdout, again.stdout);
}

#[test]
fn each_connection_has_its_own_port_in_the_listing() {
    for transport in ["tcp", "udp"] {
        let plan = plan(&scenario(transport, BOTH_SEND, "threaded"));
        for language in [Language::Python, Language::Rust] {
            let listing = listing(&plan, language, Lang::En);
            assert_eq!(listing.sides.len(), 4);
            for (index, side) in listing.sides.iter().enumerate() {
                let (own, other) = if index < 2 { ("9999", "9997") } else { ("9997", "9999") };
                let text = side.text();
                assert!(text.contains(own) && !text.contains(other), "{text}");
                let first = text.lines().next().expect("a line");
                assert_eq!(first.ends_with("start this one first"), index % 2 == 0, "{text}");
            }
        }
    }
}
