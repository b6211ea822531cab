use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lab::wire::{Ends, Kind, Order, Stage, WireError};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getuid, waitid};

use super::support::{DEADLINE, command, file, finish, lab_line, not_run, run, scenario, signal, within};

/// How often the helper reports before both ends are made.
const REPORTS: usize = 13;

const ORDER: Order = Order {
    kind: Kind::Stream,
    connections: 2,
    mtu: 1500,
    rto_min_ms: Some(1000),
};

/// Makes both ends, and does something to the helper at one of its reports. Also returns the helper, if it came to that.
fn made(deadline: Duration, at: usize, act: &dyn Fn(u32)) -> (Result<Ends, WireError>, Option<u32>) {
    let (mut reports, mut helper) = (0, None);
    let program = Some(Path::new(env!("CARGO_BIN_EXE_lab")));
    let ends = Ends::make_watched(ORDER, program, deadline, &mut |_, process| {
        if reports == at {
            act(process);
            helper = Some(process);
        }
        reports += 1;
    });
    (ends, helper)
}

/// Whether both ends of a wire can be made here; says so if not.
fn has_wire(test: &str) -> bool {
    match made(DEADLINE, REPORTS, &|_| {}) {
        (Ok(_), _) => true,
        (Err(error), _) => {
            not_run(test, &error.to_string());
            false
        }
    }
}

fn exists(process: u32) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}

/// Kills a process and waits until it has let go of all that it held; that it ended is left for its parent to hear.
fn kill(process: u32) {
    signal(process, Signal::KILL);
    let id = i32::try_from(process).ok().and_then(Pid::from_raw).expect("a process");
    let ended = waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
    assert!(ended.expect("it is a child of this process").is_some());
}

#[test]
fn the_helper_reports_every_stage_of_both_ends() {
    if !has_wire("the stages of a wire") {
        return;
    }
    let mut stages = Vec::new();
    let program = Some(Path::new(env!("CARGO_BIN_EXE_lab")));
    let ends = Ends::make_watched(ORDER, program, DEADLINE, &mut |stage, _| stages.push(stage));
    let ends = ends.expect("there is a wire here");
    assert_eq!(stages.len(), REPORTS);
    for stage in Stage::ALL {
        let once = matches!(stage, Stage::Start | Stage::Namespace | Stage::Network);
        let count = stages.iter().filter(|seen| **seen == stage).count();
        assert_eq!(count, if once { 1 } else { 2 }, "{stage}");
    }
    assert!(ends.sockets.iter().all(|sockets| sockets.len() == ORDER.connections));
}

#[test]
fn a_helper_that_is_killed_at_any_stage_is_an_error_and_leaves_nothing() {
    if !has_wire("killing the helper") {
        return;
    }
    for at in 0..REPORTS {
        let began = Instant::now();
        let (ends, helper) = made(DEADLINE, at, &kill);
        let error = ends.expect_err("the helper is dead");
        assert!(matches!(error, WireError::Gone { .. }), "report {at}: {error}");
        assert!(began.elapsed() < DEADLINE, "report {at}: it was not waited for");
        let helper = helper.expect("it came to this report");
        assert!(!exists(helper), "report {at}: a process or a zombie is left");
    }
}

#[test]
fn a_helper_that_stops_at_any_stage_is_given_up_at_the_deadline() {
    if !has_wire("stopping the helper") {
        return;
    }
    // Long enough for a busy machine to come to the last report.
    let deadline = Duration::from_secs(8);
    thread::scope(|scope| {
        for at in 0..REPORTS {
            scope.spawn(move || {
                let began = Instant::now();
                let (ends, helper) = made(deadline, at, &|process| signal(process, Signal::STOP));
                let helper = helper.expect("it came to this report");
                assert!(!exists(helper), "report {at}: a process or a zombie is left");
                if at + 1 == REPORTS {
                    // It has handed over everything.
                    ends.expect("both ends are there");
                    return;
                }
                match ends.expect_err("the helper does not go on") {
                    WireError::Stage { source, .. } => assert_eq!(source.kind(), std::io::ErrorKind::TimedOut),
                    other => panic!("report {at}: {other}"),
                }
                assert!(began.elapsed() >= deadline, "report {at}");
                assert!(began.elapsed() < DEADLINE, "report {at}");
            });
        }
    });
}

/// Numbers of the processes in a process group. One that has ended and waits for init to hear of it holds nothing more.
fn group(leader: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("there is /proc");
    let processes = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_member = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // Behind the name, which may contain anything: state, parent, group (proc_pid_stat(5)).
        let behind = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<&str> = behind.split_whitespace().take(3).collect();
        matches!(fields[..], [state, _, group] if state != "Z" && group.parse() == Ok(leader))
    };
    processes.filter(is_member).collect()
}

/// The processes that a process has started: its helper is in a group of its own.
fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let told = fs::read_to_string(path).unwrap_or_default();
    told.split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Whether a process is there and has not ended.
fn runs(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .next()
        .map(str::to_owned);
    state.is_some_and(|state| state != "Z")
}

/// How many TUN devices a process holds.
fn devices(process: u32) -> usize {
    let Ok(open) = fs::read_dir(format!("/proc/{process}/fd")) else {
        return 0;
    };
    let targets = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    targets.filter(|target| target == Path::new("/dev/net/tun")).count()
}

/// The networks in which processes live, and the TUN devices of this one.
fn networks() -> (BTreeSet<String>, Vec<String>) {
    let entries = fs::read_dir("/proc").expect("there is /proc");
    let links = entries.filter_map(|entry| fs::read_link(entry.ok()?.path().join("ns/net")).ok());
    let devices = fs::read_dir("/sys/class/net").expect("there is /sys");
    let devices = devices.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    (
        links.map(|link| link.display().to_string()).collect(),
        devices.filter(|name| name.starts_with("tun")).collect(),
    )
}

/// Waits until something is so.
fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "{what}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// The program with a run that takes minutes, as the leader of a process group of its own.
fn long_run(scenario: &str) -> Child {
    let mut command = command();
    command.args(["run", scenario, "--no-tui"]).process_group(0);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    child.expect("start the program")
}

/// Kills the program and checks that nobody of its group is left, so that nobody holds its networks.
fn kill_and_look(mut child: Child, networks_before: &BTreeSet<String>, helpers: &BTreeSet<String>) {
    let leader = child.id();
    let family = children(leader);
    child.kill().expect("it runs");
    within(leader, "the program that was killed", move || {
        child.wait().expect("wait for it")
    });
    until("a process is left", || {
        group(leader).is_empty() && !family.iter().any(|one| runs(*one))
    });
    let (now, _) = networks();
    let left: Vec<_> = helpers
        .difference(networks_before)
        .filter(|net| now.contains(*net))
        .collect();
    assert!(left.is_empty(), "networks {left:?} are left");
}

/// A scenario that takes minutes: 100 kB at 8 kbit/s.
fn slow() -> String {
    let steps = r#"link = "wire"
deadline_ms = 60000
steps = [
  { sender.send = { letters = 100000 } },
  { receiver.recv = 10 },
  { receiver.recv = 100000 },
  { receiver.until_queued = "all" },
]

[wire]
rate_kbit = 8
"#;
    scenario("tcp", steps)
}

#[test]
fn a_lab_that_is_killed_in_the_middle_of_a_run_leaves_no_process_and_no_network() {
    if !has_wire("killing the lab") {
        return;
    }
    let (_folder, path) = file("slow.toml", slow());
    let (before, tun_before) = networks();
    let child = long_run(&path);
    let lab = child.id();
    // Only it holds both devices, and the helper is gone: the run goes on.
    until("the run does not begin", || {
        devices(lab) == 2 && children(lab).is_empty()
    });
    assert_eq!(networks().1, tun_before, "the devices are in networks of their own");
    kill_and_look(child, &before, &BTreeSet::new());
    assert_eq!(networks().1, tun_before);
}

#[test]
fn a_lab_that_is_killed_while_its_helper_works_takes_the_helper_along() {
    if !has_wire("killing the lab with its helper") {
        return;
    }
    let (_folder, path) = file("slow.toml", slow());
    for pause in 0..20 {
        let (before, _) = networks();
        let child = long_run(&path);
        let lab = child.id();
        until("there is no helper", || !children(lab).is_empty() || devices(lab) > 0);
        // At another stage each time, whichever it is: nothing may be left at any.
        thread::sleep(Duration::from_micros(200 * pause));
        let network = |process: &u32| fs::read_link(format!("/proc/{process}/ns/net")).ok();
        let helpers = [group(lab), children(lab)]
            .concat()
            .iter()
            .filter_map(network)
            .map(|net| net.display().to_string())
            .collect();
        kill_and_look(child, &before, &helpers);
    }
}

#[test]
fn an_ordinary_user_is_told_which_condition_fails() {
    let tun = fs::metadata("/dev/net/tun")
        .ok()
        .filter(|about| about.file_type().is_char_device());
    let open = tun.as_ref().map(|about| about.permissions().mode() & 0o006 == 0o006);
    for (lang, namespaces, missing, access) in [
        (
            "en",
            "User namespaces are refused",
            "There is no /dev/net/tun",
            "/dev/net/tun may not be opened",
        ),
        (
            "zh",
            "系统不让建用户命名空间",
            "没有 /dev/net/tun",
            "/dev/net/tun 打不开",
        ),
    ] {
        let mut command = command();
        if getuid().is_root() {
            // As setpriv --reuid 65534 --regid 65534 --clear-groups: std clears them when root becomes another user.
            command.uid(65_534).gid(65_534);
        }
        command
            .args(["run", "retransmit", "--no-tui", "--lang", lang])
            .current_dir("/");
        let Ok(child) = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() else {
            return not_run("the lab as an ordinary user", "such a user cannot reach the program");
        };
        let done = finish(child, "the lab as an ordinary user");
        if done.code == 0 {
            assert_eq!(open, Some(true));
            continue;
        }
        let done = done.refuses(&[]);
        let because: &[&str] = match open {
            // Namespaces come first.
            None => &[namespaces, missing],
            Some(false) => &[namespaces, access],
            Some(true) => &[namespaces],
        };
        let told: Vec<&&str> = because.iter().filter(|text| done.stderr.contains(**text)).collect();
        assert_eq!(told.len(), 1, "{}", done.stderr);
    }
}

/// Root makes a /dev/net/tun that everybody may open, for this test alone, and becomes an ordinary user.
#[test]
fn an_ordinary_user_has_a_wire_where_the_device_may_be_opened() {
    let what = "a wire for an ordinary user";
    if !has_wire(what) {
        return;
    }
    if !getuid().is_root() {
        // Then every other test of this file was one of an ordinary user.
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let all_may_enter = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), all_may_enter).expect("open the folder to all");
    let program = folder.path().join("lab");
    fs::copy(env!("CARGO_BIN_EXE_lab"), &program).expect("copy the program");
    let run_staged = |and: &str| {
        let mut staged = Command::new("unshare");
        staged
            .args(["--mount", "sh", "-c", &format!("{AS_NOBODY} {and}")])
            .current_dir(folder.path());
        staged.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    };
    let staging = run_staged("sh -c ': < /dev/net/tun'").map(|child| finish(child, "the staging"));
    if !staging.is_ok_and(|done| done.code == 0) {
        return not_run(what, "root cannot become one here with a device of its own");
    }
    let child = run_staged("./lab check --link wire handshake retransmit nagle udp-loss").expect("start it");
    let done = finish(child, what);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    assert!(
        done.stdout.contains("everything that had to be seen was seen"),
        "{}",
        done.stdout
    );
}

/// A device node of its own, seen in this mount namespace only; then no privilege is left.
const AS_NOBODY: &str = "{ test -c tun || mknod -m 666 tun c 10 200; } && mount --bind tun /dev/net/tun && \
    exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all";

#[test]
fn the_helper_typed_by_hand_does_nothing() {
    for line in [
        "wire-helper",
        "wire-helper tcp 1 1500 0",
        "wire-helper --help",
        "wire-helper tcp 5 1500 0",
    ] {
        let done = lab_line(line).refuses(&[]);
        assert_eq!(done.stderr, "", "{line}");
    }
    let mut piped = command();
    piped
        .args(["wire-helper", "tcp", "1", "1500", "0"])
        .stdin(Stdio::piped());
    run(piped).refuses(&[]);
}

#[test]
fn no_signal_to_the_lab_s_group_reaches_its_helper_at_any_stage() {
    if !has_wire("the helper's group") {
        return;
    }
    for at in 0..REPORTS {
        let own_group = |process: u32| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
            let behind = stat.rsplit(')').next().expect("fields").to_owned();
            let group = behind.split_whitespace().nth(2).and_then(|group| group.parse().ok());
            assert_eq!(group, Some(process), "report {at}");
        };
        let (ends, helper) = made(DEADLINE, at, &own_group);
        ends.expect("there is a wire here");
        helper.expect("it came to this report");
    }
}

#[test]
fn ctrl_c_while_a_wire_is_made_is_an_interruption_and_no_missing_wire() {
    if !has_wire("Ctrl-C while a wire is made") {
        return;
    }
    let (_folder, path) = file("slow.toml", slow());
    for pause in 0..40 {
        let mut child = long_run(&path);
        let lab = child.id();
        until("there is no helper", || !children(lab).is_empty() || devices(lab) > 0);
        // At another stage each time, whichever it is.
        thread::sleep(Duration::from_micros(300 * pause));
        // As a terminal does it: to everybody in its foreground group.
        let group = i32::try_from(lab).ok().and_then(Pid::from_raw).expect("a process");
        rustix::process::kill_process_group(group, Signal::INT).expect("it runs");
        let status = within(lab, "the program that was interrupted", move || {
            child.wait().expect("wait for it")
        });
        assert_eq!(status.code(), Some(130), "after {pause} pauses: {status}");
    }
}
