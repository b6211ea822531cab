//! Figures on one screen that once contradicted each other, and readings that said the opposite of what a read did.

use lab::story::Story;
use lab::story::beats::{BeatKind, CallOutcome};
use lab::story::picture::Held;
use lab::story::transfer::transfer;
use lab::trace::{EndpointId, Note, What, file};

use super::super::support::{self, lab, lab_line, measures_everything, not_run};

const SENDER: EndpointId = EndpointId(0);
const RECEIVER: EndpointId = EndpointId(1);

/// A bulk transfer: most of its calls are folded, and the kernel is not asked after each.
fn bulk() -> Story {
    let content: Vec<u8> = (0..=250).cycle().take(24 << 20).collect();
    let (folder, sent) = support::file("sent.bin", content);
    let saved = folder.path().join("saved.jsonl");
    let path = saved.to_str().expect("UTF-8");
    let knob = format!("file={sent}");
    lab(["run", "file-transfer", "--no-tui", "--set", &knob, "--save", path]).exits(0);
    let bytes = std::fs::read(saved).expect("the saved run");
    Story::tell(file::read(&mut &bytes[..]).expect("a run")).expect("it can be told")
}

fn bytes(held: &Held) -> u64 {
    held.bytes().expect("it is measured")
}

#[test]
fn in_a_bulk_transfer_no_figure_contradicts_another() {
    if !measures_everything() {
        return not_run("queues in a bulk transfer", "this system does not measure them");
    }
    let story = bulk();
    assert!(
        story
            .beats
            .iter()
            .any(|beat| matches!(beat.what, BeatKind::Calls { .. }))
    );
    let (mut noted, mut read, mut dated) = (0, 0, 0);
    for (at, beat) in story.beats.iter().enumerate() {
        match &story.trace.events[beat.event].what {
            What::Note {
                note: Note::Progress { done, .. },
            } => noted = *done,
            What::Calls { bytes, start, .. } if beat.endpoint == RECEIVER => read = start + bytes,
            _ => {}
        }
        if let BeatKind::Recv { read: Some(of), .. } | BeatKind::RecvReturned { read: of, .. } = beat.what
            && beat.endpoint == RECEIVER
        {
            read = story.reads[of].start + story.reads[of].returned;
        }
        let position = at + 1;
        let done = transfer(&story, RECEIVER, position).map_or(0, |transfer| transfer.done);
        assert!(done >= noted, "at {position} the gauge says {done}, the text {noted}");
        let picture = story.picture_shown(position);
        let (sender, receiver) = (picture.buffers(SENDER), picture.buffers(RECEIVER));
        dated += usize::from(sender.send_as_of.is_some());
        if sender.send_as_of.is_none()
            && let Held::Span { start, end, .. } = sender.unsent
        {
            assert!(
                start >= end || start >= read,
                "at {position}: {start} is unsent, {read} were read"
            );
        }
        let blocks = matches!(
            beat.what,
            BeatKind::Recv {
                outcome: CallOutcome::Blocked,
                ..
            }
        );
        if blocks && beat.endpoint == RECEIVER && receiver.receive_as_of.is_none() {
            assert_eq!(bytes(&receiver.waiting), 0, "at {position} a recv found nothing");
        }
        let now = story.trace.events[story.events_at(position) - 1].at;
        for as_of in [sender.send_as_of, receiver.receive_as_of].into_iter().flatten() {
            assert!(as_of < now, "at {position}: a figure of {as_of} shown at {now}");
        }
    }
    assert!(dated > 0, "between two counts figures are those of the last one");
    // At the end the kernel is asked once more.
    let last = story.picture_shown(story.beats.len());
    assert_eq!(last.buffers(SENDER).send_as_of, None);
    assert_eq!(bytes(&last.buffers(SENDER).unsent), 0);
}

#[test]
fn a_read_that_ends_a_message_is_no_half_of_one() {
    let told = |line: &str, lang: &str| lab_line(&format!("run {line} --no-tui --lang {lang}")).exits(0).stdout;
    for (lang, begins, ends) in [
        ("en", "PARTIAL: 2 of 9 bytes", "the rest of m1: its last 7 of 9 bytes"),
        (
            "zh",
            "半包：9 个字节只读到 2 个",
            "m1 的剩余部分：9 个字节中的最后 7 个",
        ),
    ] {
        let told = told("short-recv", lang);
        assert!(told.contains(begins) && told.contains(ends), "{told}");
    }
    let stuck = told("nagle", "en");
    assert!(stuck.contains("STUCK TOGETHER: 3 messages in one read"), "{stuck}");
    assert!(told("nagle", "zh").contains("粘包：3 条消息一次读出"));
}

#[test]
fn how_a_file_is_cut_into_sends_is_nothing_to_its_reader() {
    for (lang, file, readings) in [
        ("en", " bytes of the file", ["WHOLE", "PARTIAL", "STUCK"]),
        ("zh", "文件内容 ", ["完整", "半包", "粘包"]),
    ] {
        let told = lab_line(&format!("run file-transfer --no-tui --lang {lang}"))
            .exits(0)
            .stdout;
        let timeline = told
            .lines()
            .take_while(|line| !line.contains("Everything") && !line.contains("看到  "));
        let timeline: Vec<&str> = timeline.collect();
        assert!(
            timeline.iter().filter(|line| line.contains(file)).count() >= 4,
            "{told}"
        );
        let reads = timeline
            .windows(2)
            .filter(|lines| lines[0].contains("recv(") && lines[0].contains(" → "));
        for lines in reads {
            for word in readings {
                assert!(
                    !lines[0].contains(word) && !lines[1].trim().starts_with(word),
                    "{word}: {lines:?}"
                );
            }
        }
    }
}
