use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use etherparse::{Ipv4HeaderSlice, TcpHeaderSlice, UdpHeaderSlice};
use serde_json::Value;

use super::support::{Done, Told, file, lab, not_run, run, scenario};

/// A pcapng file, read back.
#[derive(Debug, Default)]
struct Section {
    application: String,
    comment: String,
    /// Name and description.
    interfaces: Vec<(String, String)>,
    packets: Vec<Packet>,
}

#[derive(Debug)]
struct Packet {
    interface: usize,
    /// Nanoseconds since 1970.
    at: u64,
    bytes: Vec<u8>,
    comment: String,
}

/// The same, as a length or an index.
fn size(bytes: &[u8]) -> usize {
    usize::try_from(number(bytes)).expect("it fits")
}

/// A number of 2, 4 or 8 bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Options up to the one that ends them, behind which nothing may stand.
fn options(mut rest: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut found = Vec::new();
    loop {
        let (code, length) = (number(&rest[..2]), size(&rest[2..4]));
        if code == 0 {
            assert_eq!((length, rest.len()), (0, 4), "the end of the options ends the block");
            return found;
        }
        let padded = 4 + length.next_multiple_of(4);
        assert!(rest[4 + length..padded].iter().all(|byte| *byte == 0), "padding");
        found.push((code, rest[4..4 + length].to_vec()));
        rest = &rest[padded..];
    }
}

fn text(options: &[(u64, Vec<u8>)], code: u64) -> String {
    let values: Vec<_> = options.iter().filter(|(found, _)| *found == code).collect();
    assert_eq!(values.len(), 1, "option {code} once");
    String::from_utf8(values[0].1.clone()).expect("texts are UTF-8")
}

/// Reads a file as the format says, and fails over everything that it does not.
fn read(path: &str) -> Section {
    let file = fs::read(path).expect("the file was written");
    let mut section = Section::default();
    let mut rest = &file[..];
    while !rest.is_empty() {
        let (kind, length) = (number(&rest[..4]), size(&rest[4..8]));
        assert_eq!(length % 4, 0);
        assert_eq!(size(&rest[length - 4..length]), length, "length in front and behind");
        block(&mut section, kind, &rest[8..length - 4]);
        rest = &rest[length..];
    }
    section
}

fn block(section: &mut Section, kind: u64, body: &[u8]) {
    match kind {
        0x0A0D_0D0A => {
            assert!(section.application.is_empty(), "one section");
            assert_eq!(number(&body[..4]), 0x1A2B_3C4D);
            assert_eq!((number(&body[4..6]), number(&body[6..8])), (1, 0), "version");
            let options = options(&body[16..]);
            (section.comment, section.application) = (text(&options, 1), text(&options, 4));
        }
        1 => {
            assert_eq!(number(&body[..2]), 101, "LINKTYPE_RAW");
            let options = options(&body[8..]);
            let resolution = options.iter().find(|(code, _)| *code == 9).expect("if_tsresol");
            assert_eq!(resolution.1, [9]);
            section.interfaces.push((text(&options, 2), text(&options, 3)));
        }
        6 => {
            let (kept, length) = (size(&body[12..16]), size(&body[16..20]));
            assert_eq!(kept, length, "packets are whole");
            let options = options(&body[20 + kept.next_multiple_of(4)..]);
            let flags = options.iter().find(|(code, _)| *code == 2).expect("epb_flags");
            assert_eq!(number(&flags.1), 2, "outbound");
            section.packets.push(Packet {
                interface: size(&body[..4]),
                at: number(&body[4..8]) << 32 | number(&body[8..12]),
                bytes: body[20..20 + kept].to_vec(),
                comment: text(&options, 1),
            });
        }
        other => panic!("a block of type {other}"),
    }
}

/// Whether every checksum in a packet is right.
fn sums_are_right(packet: &[u8]) -> bool {
    let ip = Ipv4HeaderSlice::from_slice(packet).expect("an IPv4 header");
    let header = ip.to_header();
    assert_eq!(usize::from(ip.total_len()), packet.len());
    let payload = &packet[ip.slice().len()..];
    let carried = match ip.protocol().0 {
        _ if header.is_fragmenting_payload() => return header.calc_header_checksum() == header.header_checksum,
        6 => {
            let tcp = TcpHeaderSlice::from_slice(payload).expect("a TCP header");
            let sum = tcp.calc_checksum_ipv4(&ip, &payload[tcp.slice().len()..]);
            sum.expect("it is short") == tcp.checksum()
        }
        17 => {
            let udp = UdpHeaderSlice::from_slice(payload).expect("a UDP header").to_header();
            let sum = udp.calc_checksum_ipv4(&header, &payload[8..]);
            sum.expect("it is short") == udp.checksum
        }
        other => panic!("protocol {other}"),
    };
    header.calc_header_checksum() == header.header_checksum && carried
}

/// Whether a wire can be had here; says so if not.
fn has_wire(test: &str) -> bool {
    let done = lab(["run", "sticky", "--link", "wire", "--no-tui"]);
    if done.code == 2 {
        not_run(test, done.stderr.trim());
    }
    done.code != 2
}

/// Runs a scenario over a wire; what it told and what it wrote.
fn captured(args: &[&str]) -> (Told, Section) {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("it.pcapng").display().to_string();
    let line = ["run"].iter().chain(args).copied();
    let told = lab(line.chain(["--format", "json", "--pcapng", &path])).exits(0).tame();
    (told.json(), read(&path))
}

/// A scenario over TCP of which the first data is lost and the next held.
fn losing() -> String {
    let steps = r#"link = "wire"
steps = [
  { sender.lose = 1 },
  { sender.send = "hello" },
  { receiver.recv = 10 },
  { sender.until_acked = true },
  { sender.hold = true },
  { sender.send = "egg" },
  { sender.until_held = 1 },
  { sender.release = "all" },
  { receiver.recv = 10 },
]

[wire]
timers = "kernel"

[[expect]]
reads = ["hello", "egg"]
"#;
    scenario("tcp", steps)
}

#[test]
fn every_packet_is_written_once_at_its_sender_as_the_trace_tells_of_it() {
    if !has_wire("packets in a file") {
        return;
    }
    for line in [
        "sticky",
        "nagle",
        "udp-boundaries",
        "udp-limit",
        "segmentation --set wire.mtu=576",
    ] {
        let mut args: Vec<&str> = line.split(' ').collect();
        args.extend(["--link", "wire"]);
        let before = now();
        let (told, section) = captured(&args);
        let after = now();
        assert_eq!(section.application, format!("lab {}", env!("CARGO_PKG_VERSION")));
        assert!(section.comment.contains(args[0]), "{}", section.comment);
        let names: Vec<&str> = section.interfaces.iter().map(|(name, _)| name.as_str()).collect();
        let packets = told.events("packet");
        assert!(!packets.is_empty(), "{line}");
        assert_eq!(packets.len(), section.packets.len(), "{line}");
        for (told, kept) in packets.iter().zip(&section.packets) {
            let size = told["size"].as_u64().expect("a packet has a size");
            assert_eq!(kept.bytes.len() as u64, size, "{told}");
            assert_eq!(told["endpoint"], names[kept.interface], "{told}");
            let own = Ipv4Addr::new(10, 0, 0, u8::try_from(kept.interface).expect("one of two") + 1);
            assert_eq!(kept.bytes[12..16], own.octets(), "the address of its sender");
            assert!((before..=after).contains(&kept.at), "{}", kept.at);
            assert!(sums_are_right(&kept.bytes), "{told}");
        }
        // A checksum that is wrong is seen: in the last byte of the first packet, and in its IP header.
        for at in [section.packets[0].bytes.len() - 1, 8] {
            let mut bent = section.packets[0].bytes.clone();
            bent[at] ^= 1;
            assert!(!sums_are_right(&bent), "{line}");
        }
    }
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    u64::try_from(now.as_nanos()).expect("before 2554")
}

/// The comments of packets with so many bytes of a program.
fn comments_of(section: &Section, told: &Told, payload: u64) -> Vec<String> {
    let packets = told.events("packet");
    let with = packets.iter().zip(&section.packets);
    with.filter(|(told, _)| told["payload"] == payload)
        .map(|(_, kept)| kept.comment.clone())
        .collect()
}

#[test]
fn a_comment_says_whose_bytes_a_packet_carries_and_what_became_of_it() {
    if !has_wire("comments") {
        return;
    }
    let (_folder, path) = file("mine.toml", losing());
    let (told, section) = captured(&[&path]);
    let hello = comments_of(&section, &told, 5);
    assert_eq!(hello.len(), 2, "{hello:#?}");
    let carries = "m1, 5 bytes from byte 0 of the flow of sender on";
    assert!(hello.iter().all(|comment| comment.contains(carries)), "{hello:#?}");
    assert!(hello[0].ends_with("\nlost, as the scenario wants it"), "{hello:#?}");
    let first = hello[0].split(' ').next().expect("its number");
    assert!(hello[1].contains(&format!("\nretransmission of {first}")), "{hello:#?}");
    let egg = comments_of(&section, &told, 3);
    assert!(egg[0].contains("m2, 3 bytes from byte 5"), "{egg:#?}");
    assert!(egg[0].contains("\nheld on the wire\narrived "), "{egg:#?}");

    let (told, section) = captured(&[&path, "--lang", "zh"]);
    let hello = comments_of(&section, &told, 5);
    assert!(hello[0].contains("m1，从它发的第 0 字节数起 5 字节"), "{hello:#?}");
    assert!(hello[0].ends_with("\n丢了（场景的安排）"), "{hello:#?}");
    assert!(hello[1].contains("\n重传："), "{hello:#?}");
    let egg = comments_of(&section, &told, 3);
    assert!(egg[0].contains("\n扣在线上\n发出后 "), "{egg:#?}");
    assert!(section.interfaces[0].1.contains("10.0.0.1"), "{:?}", section.interfaces);
}

#[test]
fn chance_is_told_in_the_comments() {
    if !has_wire("comments about chance") {
        return;
    }
    for (knob, says) in [
        ("wire.loss=50", "\nlost by chance"),
        ("wire.duplicate=50", "\narrived once more, "),
        ("wire.reorder=50", "\nlets the packet behind it go first\narrived "),
        ("wire.delay_ms=3", "\nunder way for a while\narrived "),
    ] {
        let folder = tempfile::tempdir().expect("make a folder");
        let path = folder.path().join("it.pcapng").display().to_string();
        let line = [
            "run",
            "udp-boundaries",
            "--link",
            "wire",
            "--set",
            knob,
            "--set",
            "wire.seed=3",
        ];
        // Whether what the scenario claims still holds is not the question.
        let done = lab(line.into_iter().chain(["--no-tui", "--pcapng", &path]));
        assert!(
            (0..=2).contains(&done.code) && done.stderr.is_empty(),
            "{}",
            done.stderr
        );
        let comments: Vec<String> = read(&path).packets.into_iter().map(|packet| packet.comment).collect();
        assert!(
            comments.iter().any(|comment| comment.contains(says)),
            "{knob}: {comments:#?}"
        );
    }
}

#[test]
fn what_can_come_to_nothing_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("it.pcapng");
    let name = path.to_str().expect("UTF-8");
    lab(["run", "sticky", "--no-tui", "--pcapng", name]).refuses(&["loopback", "--link wire"]);
    lab(["run", "sticky", "--no-tui", "--pcapng", name, "--lang", "zh"]).refuses(&["本机回环", "--link wire"]);
    // No advice that does not help.
    let pipe = lab(["run", "pipe-deadlock", "--no-tui", "--pcapng", name]).refuses(&["--pcapng"]);
    assert!(!pipe.stderr.contains("--link wire"), "{}", pipe.stderr);
    let wire = |args: &[&str]| lab(["run", "sticky", "--link", "wire", "--no-tui"].iter().chain(args));
    wire(&["--pcapng", name, "--save", name]).refuses(&["a file each"]);
    wire(&["--pcapng", "/nonexistent/it.pcapng"]).refuses(&["/nonexistent/it.pcapng: cannot be written"]);
    assert!(!path.exists(), "nothing was run");
    let (_folder, precious) = file("mine.toml", "id = \"precious\"\n");
    wire(&["--pcapng", &precious]).refuses(&["mine.toml", "no pcapng file"]);
    wire(&["--pcapng", &precious, "--lang", "zh"]).refuses(&["mine.toml", "不是 pcapng 文件"]);
    assert_eq!(
        fs::read_to_string(&precious).expect("it is there"),
        "id = \"precious\"\n"
    );
}

#[test]
fn a_pcapng_file_is_written_over_and_nothing_half_is_left() {
    if !has_wire("writing over a file") {
        return;
    }
    let (folder, path) = file("it.pcapng", "");
    let wire = |path: &str| lab(["run", "sticky", "--link", "wire", "--no-tui", "--pcapng", path]);
    for _ in 0..2 {
        wire(&path).exits(0);
        assert!(!read(&path).packets.is_empty());
    }
    let done = wire("/dev/full").exits(2).tame();
    assert!(done.stderr.contains("/dev/full: cannot be written"), "{}", done.stderr);
    assert!(!done.stdout.is_empty(), "the run is told all the same");
    let before = fs::read(&path).expect("it is there");
    let mut shell = Command::new("sh");
    // 1 block of 512 bytes (ulimit -f, POSIX): less than any run needs.
    let program = env!("CARGO_BIN_EXE_lab");
    let line = format!("ulimit -f 1; exec {program} run sticky --link wire --no-tui --pcapng {path}");
    shell.args(["-c", &line]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let done = run(shell).exits(2);
    assert!(done.stderr.contains("it.pcapng: cannot be written"), "{}", done.stderr);
    assert_eq!(fs::read(&path).expect("it is there"), before);
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
}

/// What tshark says of a file, with all checksums looked at; `None` if there is no tshark.
pub fn tshark(path: &str, args: &[&str]) -> Option<Done> {
    let found = ["/usr/bin/tshark", "/usr/local/bin/tshark"];
    let program = found.into_iter().find(|program| Path::new(program).exists())?;
    let mut command = Command::new(program);
    command.args(["-n", "-r", path]);
    for sum in ["ip", "tcp", "udp"] {
        command.args(["-o", &format!("{sum}.check_checksum:TRUE")]);
    }
    command.args(args).env("LC_ALL", "C.UTF-8");
    Some(run(command))
}

/// What tshark finds wrong with packets.
fn complaints(told: &str) -> Vec<&str> {
    let wrong = |line: &&str| line.contains("alformed") || line.contains("incorrect") || line.contains("Status: Bad");
    told.lines().filter(wrong).collect()
}

#[test]
fn tshark_reads_the_file_and_has_nothing_to_complain_about() {
    if !has_wire("what tshark says") {
        return;
    }
    let (folder, path) = file("mine.toml", losing());
    let capture = folder.path().join("it.pcapng").display().to_string();
    lab(["run", &path, "--no-tui", "--pcapng", &capture]).exits(0);
    let Some(told) = tshark(&capture, &["-V"]) else {
        return not_run("what tshark says", "there is no tshark");
    };
    let told = told.exits(0).stdout;
    assert_eq!(complaints(&told), Vec::<&str>::new());
    let section = read(&capture);
    let good = |what: &str| told.lines().filter(|line| line.contains(what)).count();
    assert_eq!(good("[Header checksum status: Good]"), section.packets.len());
    assert_eq!(good("[Checksum Status: Good]"), section.packets.len());
    let fields = [
        "-T",
        "json",
        "-e",
        "frame.comment",
        "-e",
        "frame.interface_name",
        "-e",
        "frame.interface_description",
    ];
    let json = tshark(&capture, &fields).expect("it was there").exits(0).stdout;
    let json: Vec<Value> = serde_json::from_str(&json).expect("tshark writes JSON");
    assert_eq!(json.len(), section.packets.len());
    for (seen, written) in json.iter().zip(&section.packets) {
        let layers = &seen["_source"]["layers"];
        let (name, description) = &section.interfaces[written.interface];
        assert_eq!(layers["frame.comment"][0], written.comment.as_str());
        assert_eq!(layers["frame.interface_name"][0], name.as_str());
        assert_eq!(layers["frame.interface_description"][0], description.as_str());
    }
    // It would have complained: one bit of the last packet's TCP header, in front of its comment.
    let mut bytes = fs::read(&capture).expect("it is there");
    let last = &section.packets.last().expect("a packet").bytes;
    let at = bytes
        .windows(last.len())
        .rposition(|window| window == last)
        .expect("it is in the file");
    bytes[at + 20 + 15] ^= 1;
    fs::write(&capture, &bytes).expect("write the file");
    let told = tshark(&capture, &["-V"]).expect("it was there").exits(0).stdout;
    assert!(!complaints(&told).is_empty());
}
