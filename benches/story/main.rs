//! What it costs to tell a long run, and to look at it at any playhead.
//!
//! `cargo bench --bench story` makes up traces over the scenario `nagle`, of 1,000 and 1,000,000 events, and one that
//! would hurt whoever searched from the start for each line: departures and acknowledgements without order, and spans
//! over many empty messages. `picture_at` is measured at 10,000 playheads picked at random.

mod made;

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use lab::config::Theme;
use lab::report::{Look, beat, queues};
use lab::scenario::Scenario;
use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::story::Story;
use lab::story::journey::journey;
use lab::trace::{Head, Trace};
use lab::tui::app::picker::Picker;
use lab::tui::app::stage::{Grip, NoGrip, Refusal, Stage, Wanted};
use lab::tui::app::{App, Appearance, Palette};
use lab::tui::draw::draw;
use lab::words::Lang;
use made::{RECEIVER, Random, SENDER, growing, hostile, small_writes};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const PLAYHEADS: usize = 10_000;
const SCREENS: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // `cargo test --all-targets` starts this too, unoptimised: figures of that would only mislead.
        println!("not run, because it was not started by cargo bench");
        return Ok(());
    }
    let nagle = embedded()
        .iter()
        .find(|one| one.id == "nagle")
        .ok_or("no scenario nagle")?;
    let scenario = read(nagle.file, nagle.text)?;
    println!("{PLAYHEADS} playheads at random; times of picture_at with both endpoints' buffers, and of all that a");
    println!(
        "frame asks for: those queues and the last beats as sentences, and the way of a byte; and {SCREENS} whole"
    );
    println!("screens of 200 columns and 60 rows, drawn into memory");
    println!();
    println!(
        "{:<22} {:>9} {:>9}  {:>10} {:>10}  {:>10} {:>10}  {:>10} {:>10} {:>10}",
        "", "events", "tell", "picture", "worst", "facts", "worst", "200 x 60", "worst", "first"
    );
    measure("small writes", &scenario, small_writes(&scenario, 1_000))?;
    measure("small writes", &scenario, small_writes(&scenario, 1_000_000))?;
    measure("a queue that grows", &scenario, growing(&scenario, 1_000_000))?;
    measure("hostile", &scenario, hostile(&scenario, 1_000_000))?;
    Ok(())
}

fn measure(name: &str, scenario: &Scenario, trace: Trace) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let story = Story::with(scenario.clone(), trace)?;
    let told = begun.elapsed();
    let (events, beats) = (story.trace.events.len(), story.beats.len());
    let mut random = Random(7);
    let pictures = (0..PLAYHEADS).map(|_| {
        let playhead = random.below(events + 1);
        time(|| {
            let picture = story.picture_at(playhead);
            black_box((picture.buffers(SENDER), picture.buffers(RECEIVER)));
        })
    });
    let (picture, worst_picture) = median_and_worst(pictures.collect());
    let mut random = Random(7);
    let frames = (0..PLAYHEADS).map(|_| {
        let (position, offset) = (random.below(beats + 1), random.below(events));
        time(|| frame(&story, position, offset as u64))
    });
    let (frame, worst_frame) = median_and_worst(frames.collect());
    let (drawn, worst_drawn, first) = screens(story, &mut random)?;
    println!(
        "{name:<22} {events:>9} {told:>9.1?}  {picture:>10.1?} {worst_picture:>10.1?}  {frame:>10.1?} {worst_frame:>10.1?}  {drawn:>10.1?} {worst_drawn:>10.1?} {first:>10.1?}"
    );
    Ok(())
}

/// Whole screens of 200 columns and 60 rows, drawn into memory at playheads anywhere.
fn screens(story: Story, random: &mut Random) -> Result<(Duration, Duration, Duration), Box<dyn Error>> {
    let look = Appearance {
        lang: Lang::En,
        theme: Theme::Dark,
        color: Palette::Full,
        ascii: false,
    };
    let mut app = App::new(look, Picker::default(), Box::new(Nothing));
    app.replay(story.trace)?;
    app.popup = None;
    let mut terminal = Terminal::new(TestBackend::new(200, 60))?;
    let mut times = Vec::new();
    for _ in 0..SCREENS {
        if let Some(lab) = &mut app.lab {
            // What was asked before the run is answered: the run itself is drawn.
            if let Some(show) = &mut lab.show {
                let last = show.last();
                show.go(1 + random.below(last));
            }
        }
        let begun = Instant::now();
        app.settle();
        let mut hits = None;
        terminal.draw(|frame| hits = Some(draw(frame, &app)))?;
        app.hits = hits.unwrap_or_default();
        times.push(begun.elapsed());
    }
    // The first one also works out what stands where on the strip.
    let first = times[0];
    let (median, worst) = median_and_worst(times);
    Ok((median, worst, first))
}

/// A stage on which nothing runs.
struct Nothing;

impl Stage for Nothing {
    fn start(&mut self, _: u64, _: &Wanted<'_>) -> Result<Head, Refusal> {
        Err(Refusal::because(|_| "nothing runs in a benchmark".to_owned()))
    }
    fn next_step(&mut self) {}
    fn all_steps(&mut self) {}
    fn grip(&mut self, _: usize, _: Grip) -> Result<(), NoGrip> {
        Ok(())
    }
    fn stop(&mut self) {}
}

/// What a screen has to ask for.
fn frame(story: &Story, position: usize, offset: u64) {
    let look = Look::new(Lang::En, false, 100);
    let picture = story.picture_at(story.events_at(position));
    for endpoint in [SENDER, RECEIVER] {
        let buffers = picture.buffers(endpoint);
        black_box(queues::send_queue(story, &buffers, &look));
        black_box(queues::receive_queue(story, &buffers, &look));
    }
    for one in &story.beats[position.saturating_sub(10)..position] {
        black_box((beat::sentence(story, one, &look), beat::note(story, one, &look)));
    }
    black_box(journey(story, SENDER, offset));
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median_and_worst(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}
