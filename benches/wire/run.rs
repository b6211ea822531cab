//! A run of 100,000 packets: a file over a wire with short packets. How long it takes, what memory, and how long a picture
//! of it takes at any playhead.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lab::runner::capture::Capture;
use lab::runner::{self, Control};
use lab::scenario::catalogue::find;
use lab::scenario::read::read;
use lab::scenario::{Named, Plan, Scenario, Settings};
use lab::story::Story;
use lab::trace::{EndpointId, Head, Link, Trace};

use super::Outcome;

/// In packets of at most 576 bytes, and an acknowledgement for about every second one, some 100,000 packets.
const SIZE: usize = 44_000_000;
const PLAYHEADS: usize = 10_000;

/// Makes the run and shows what it took.
pub fn measure() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("file.bin");
    fs::write(&path, vec![7; SIZE])?;
    let embedded = find("file-transfer").ok_or("no such scenario")?;
    let scenario = read(embedded.file, embedded.text)
        .map_err(|problems| problems.to_string())?
        .over_wire();
    let mut settings = scenario.defaults();
    for (knob, value) in [
        ("file", &*path.to_string_lossy()),
        ("hash", "none"),
        ("wire.mtu", "576"),
    ] {
        let set = settings.set(&scenario.knobs, knob, value);
        set.map_err(|error| format!("{error:?}"))?;
    }
    let plan = Plan::new(&scenario, &settings);
    // The file was in memory.
    fs::write("/proc/self/clear_refs", "5")?;
    let at_first = peak()?;
    let control = Control {
        program: Some(Path::new(env!("CARGO_BIN_EXE_lab"))),
        capture: Some(Arc::new(Capture::new()?)),
        ..Control::default()
    };
    let began = Instant::now();
    let outcome = runner::run(&plan, &control)?;
    let ran = began.elapsed();
    let after_run = peak()?;
    let trace = Trace {
        head: head(&scenario, &settings, &plan),
        events: outcome.events,
        ending: outcome.ending,
    };
    let began = Instant::now();
    let story = Story::with(scenario, trace)?;
    let told = began.elapsed();
    let (packets, events, beats) = (story.packets.all().len(), story.trace.events.len(), story.beats.len());
    println!(
        "a run of {packets} packets, {events} events, {beats} beats ({:?}), packets kept for a file",
        story.trace.ending
    );
    println!("{:>18}: {ran:.1?}, told in {told:.1?}", "run");
    println!(
        "{:>18}: {at_first} before, {after_run} after the run, {} with the story",
        "peak of memory, MiB",
        peak()?
    );
    pictures(&story, events, beats);
    Ok(())
}

fn pictures(story: &Story, events: usize, beats: usize) {
    let mut random = fastrand::Rng::with_seed(7);
    let ends = [EndpointId(0), EndpointId(1)];
    let playheads = (0..PLAYHEADS).map(|_| {
        let playhead = random.usize(0..=events);
        time(|| drop(black_box(ends.map(|end| story.picture_at(playhead).buffers(end)))))
    });
    show("picture_at", playheads.collect());
    let positions = (0..PLAYHEADS).map(|_| {
        let position = random.usize(0..=beats);
        time(|| drop(black_box(ends.map(|end| story.picture_shown(position).buffers(end)))))
    });
    show("at a beat", positions.collect());
}

fn time(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn show(name: &str, mut times: Vec<Duration>) {
    times.sort();
    println!(
        "{name:>18}: {:.1?} median, {:.1?} worst of {PLAYHEADS} at random",
        times[times.len() / 2],
        times[times.len() - 1]
    );
}

/// Most memory that this process has had, in MiB.
fn peak() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024)
}

fn head(scenario: &Scenario, settings: &Settings, plan: &Plan) -> Head {
    Head {
        no_wire: None,
        lab: env!("CARGO_PKG_VERSION").to_owned(),
        system: String::new(),
        transport: plan.transport.name().to_owned(),
        family: plan.family.name().to_owned(),
        endpoints: plan.endpoints.iter().map(|endpoint| endpoint.name.clone()).collect(),
        file: String::new(),
        link: Link::Wire,
        scenario: scenario.source.clone(),
        knobs: settings
            .iter()
            .map(|(name, value)| (name.to_owned(), value.kept()))
            .collect(),
        stepped: false,
    }
}
