//! The screens in the documents are the program's own. Above each stands how it comes about:
//!
//! ```text
//! <!-- screen: nagle en 80x24 keys: b Enter (plays) -->
//! ```
//!
//! The name of a saved run, the language, columns and rows, then keys as the help of the screen writes them; `(plays)`
//! lets it play until it halts. The scenario is opened with the knobs of that run, as `lab run` does, and runs are the
//! saved ones. `LAB_BLESS=1 cargo test --test lab guide` writes the screens anew; read the difference before it is kept.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use lab::scenario::catalogue::embedded;
use lab::scenario::read::read;
use lab::scenario::{Link, Named, Plan, Scenario, Settings};
use lab::trace::{Head, Trace, file};
use lab::tui::app::App;
use lab::tui::app::picker::Picker;
use lab::tui::app::stage::{Grip, News, NoGrip, Refusal, RunNews, Stage, Wanted};
use lab::tui::input::{Code, Key, Message, Next};
use lab::tui::keys::TABLE;
use lab::words::Lang;

use super::docs::pages;
use super::golden::{difference, is_blessing};
use super::screens::{SAVED, drawn, look, text};
use super::support::{not_run, root};

/// Which screen, and how it comes about.
struct Wish<'t> {
    /// The saved run.
    run: &'t str,
    lang: Lang,
    columns: u16,
    rows: u16,
    keys: Vec<&'t str>,
}

impl<'t> Wish<'t> {
    /// From the comment above a block; `None` if the line is no such comment.
    fn read(line: &'t str) -> Option<Result<Self, String>> {
        let inner = line.strip_prefix("<!-- screen:")?;
        let wish = inner.strip_suffix("-->").and_then(|inner| {
            let (what, keys) = inner.split_once("keys:").unwrap_or((inner, ""));
            let [run, lang, size] = what.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
            let (columns, rows) = size.split_once('x')?;
            Some(Self {
                run,
                lang: match lang {
                    "en" => Lang::En,
                    "zh" => Lang::Zh,
                    _ => return None,
                },
                columns: columns.parse().ok()?,
                rows: rows.parse().ok()?,
                keys: keys.split_whitespace().collect(),
            })
        });
        Some(wish.ok_or_else(|| format!("not understood: {line}")))
    }

    /// The screen's text, or why there is none.
    fn fulfil(&self) -> Result<String, String> {
        let saved = saved(self.run)?;
        let scenario = current(&saved)?;
        let settings = settings(&saved, &scenario)?;
        let (sender, messages) = channel();
        let mut app = App::new(look(self.lang), Picker::default(), Box::new(Saved { sender }));
        app.update(Message::Resize {
            width: self.columns,
            height: self.rows,
        });
        app.open(saved.head.file, scenario, settings, false);
        for word in &self.keys {
            self.press(&mut app, word)?;
            for message in messages.try_iter() {
                app.update(message);
            }
            app.settle();
        }
        if let Some(notice) = &app.notice {
            return Err(format!("{}: the screen says {notice:?}", self.run));
        }
        Ok(text(&drawn(&mut app, self.columns, self.rows)))
    }

    fn press(&self, app: &mut App, word: &str) -> Result<(), String> {
        if word == "(plays)" {
            let mut moved = false;
            while app.wait().is_some() {
                app.update(Message::Tick);
                moved = true;
            }
            return moved
                .then_some(())
                .ok_or_else(|| format!("{}: nothing plays", self.run));
        }
        let key = key(word).ok_or_else(|| format!("there is no key {word}"))?;
        match app.update(Message::Key(key)) {
            Next::Draw => Ok(()),
            next => Err(format!("{}: the key {word} asks for {next:?}", self.run)),
        }
    }
}

/// A key by the name that the help gives it; any other character is what it types.
fn key(word: &str) -> Option<Key> {
    let mut named = TABLE.iter().flat_map(|binding| binding.keys);
    let found = named.find(|key| key.name(true) == word).copied();
    let mut chars = word.chars();
    found.or_else(|| match (chars.next(), chars.next()) {
        (Some(c), None) => Some(Key::plain(Code::Char(c))),
        _ => None,
    })
}

/// A stage on which runs are saved ones: the one of that scenario with those knobs.
struct Saved {
    sender: Sender<Message>,
}

impl Stage for Saved {
    fn start(&mut self, run: u64, wanted: &Wanted<'_>) -> Result<Head, Refusal> {
        let trace =
            with_knobs(wanted.scenario, wanted.settings).map_err(|error| Refusal::because(|_| error.clone()))?;
        let tell = |news| drop(self.sender.send(Message::Run(RunNews { run, news })));
        for event in trace.events {
            tell(News::Event(event));
        }
        tell(News::Ended(trace.ending));
        Ok(trace.head)
    }
    fn next_step(&mut self) {}
    fn all_steps(&mut self) {}
    fn grip(&mut self, _: usize, _: Grip) -> Result<(), NoGrip> {
        Err(NoGrip::Over)
    }
    fn stop(&mut self) {}
}

fn saved(run: &str) -> Result<Trace, String> {
    let name = format!("tests/traces/{run}.jsonl");
    let bytes = std::fs::read(root(&name)).map_err(|error| format!("{name}: {error}"))?;
    file::read(&mut &bytes[..]).map_err(|error| format!("{name}: {error}"))
}

/// The saved run of a scenario with these knobs, over the address family that the scenario names.
fn with_knobs(scenario: &Scenario, settings: &Settings) -> Result<Trace, String> {
    let family = Plan::new(scenario, settings).family.name();
    let entries = std::fs::read_dir(root("tests/traces")).map_err(|error| error.to_string())?;
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    names.sort();
    let found = names.iter().find_map(|path| {
        let trace = saved(path.file_stem()?.to_str()?).ok()?;
        let same = read(&trace.head.file, &trace.head.scenario).is_ok_and(|read| read.id == scenario.id);
        let knobs = |name: &str| trace.head.knobs.get(name);
        let alike = settings
            .iter()
            .all(|(name, value)| knobs(name) == Some(&value.to_string()));
        let wired = scenario.link(settings) == Link::Wire;
        let joined = wired == (trace.head.link == lab::trace::Link::Wire);
        (same && alike && joined && trace.head.family == family).then_some(trace)
    });
    found.ok_or_else(|| format!("no run of {} with these knobs is saved", scenario.id))
}

/// The scenario as it comes with the lab now. Its texts may be newer than the run, but not its steps.
fn current(trace: &Trace) -> Result<Arc<Scenario>, String> {
    let then = read(&trace.head.file, &trace.head.scenario).map_err(|_| "a saved scenario with mistakes")?;
    let embedded = embedded().iter().find(|embedded| embedded.id == then.id);
    let embedded = embedded.ok_or_else(|| format!("{} does not come with the lab", then.id))?;
    let now = read(embedded.file, embedded.text).map_err(|_| format!("{} has mistakes", embedded.file))?;
    let steps = |scenario: &Scenario| {
        let settings = settings(trace, scenario)?;
        Ok::<_, String>(format!("{:?}", Plan::new(scenario, &settings).steps))
    };
    if steps(&then)? != steps(&now)? {
        return Err(format!("the saved run of {} did other steps", now.id));
    }
    Ok(Arc::new(now))
}

fn settings(trace: &Trace, scenario: &Scenario) -> Result<Settings, String> {
    let mut settings = scenario.defaults();
    for (name, value) in &trace.head.knobs {
        let set = settings.set(&scenario.knobs, name, value);
        set.map_err(|error| format!("{name}={value}: {error:?}"))?;
    }
    Ok(settings)
}

/// A page with its screens drawn anew, and how many it has.
fn renewed(page: &str) -> Result<(String, usize), String> {
    let (mut out, mut screens) = (String::new(), 0);
    let mut lines = page.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        let Some(wish) = Wish::read(line.trim()) else { continue };
        let screen = wish?.fulfil()?;
        screens += 1;
        // In a list the block is indented as its comment is.
        let indent = &line[..line.len() - line.trim_start().len()];
        for line in ["```text"].into_iter().chain(screen.lines()).chain(["```"]) {
            out.push_str(format!("{indent}{line}").trim_end());
            out.push('\n');
        }
        if lines.peek().is_some_and(|line| line.trim() == "```text") {
            while lines.next().is_some_and(|old| old.trim() != "```") {}
        }
    }
    Ok((out, screens))
}

fn page(path: &Path) -> String {
    std::fs::read_to_string(path).expect("read a page")
}

const GUIDES: [(&str, Lang); 2] = [
    ("docs/teaching-guide.md", Lang::En),
    ("docs/teaching-guide.zh.md", Lang::Zh),
];

#[test]
fn every_screen_in_a_document_is_what_the_program_draws() {
    let mut wrong = Vec::new();
    for path in pages() {
        let old = page(&path);
        match renewed(&old) {
            Err(why) => wrong.push(format!("{}: {why}", path.display())),
            Ok((new, _)) if is_blessing() => std::fs::write(&path, new).expect("write a page"),
            Ok((new, _)) => {
                let difference = difference(&old, &new);
                wrong.extend(difference.map(|difference| format!("{}:\n{difference}", path.display())));
            }
        }
    }
    let wrong = wrong.join("\n");
    assert!(wrong.is_empty(), "other screens (LAB_BLESS=1 accepts them):\n{wrong}");
}

#[test]
fn the_guides_and_the_readme_have_screens() {
    for name in ["README.md", GUIDES[0].0, GUIDES[1].0] {
        let (_, screens) = renewed(&page(&root(name))).expect("screens that can be drawn");
        assert!(screens > 0, "{name}");
    }
}

/// Lines may be broken anywhere, and Chinese has no blanks to break them at.
fn squeezed(text: &str) -> String {
    let words = text
        .lines()
        .flat_map(|line| line.trim_start_matches("> ").split_whitespace());
    words.collect()
}

#[test]
fn the_guides_quote_every_question_of_the_lesson_as_the_program_asks_it() {
    for (name, lang) in GUIDES {
        let guide = squeezed(&page(&root(name)));
        // The lesson goes through the scenarios of which there are saved runs.
        for embedded in embedded().iter().filter(|embedded| SAVED.contains(&embedded.id)) {
            let scenario = read(embedded.file, embedded.text).expect("a scenario that can be read");
            let plan = Plan::new(&scenario, &scenario.defaults());
            let looks = plan.stops.iter().map(|stop| stop.look.get(lang));
            let asks = plan.predictions.iter().map(|prediction| prediction.ask.get(lang));
            for quoted in looks.chain(asks) {
                assert!(guide.contains(&squeezed(quoted)), "{name}, {}: {quoted}", embedded.id);
            }
        }
    }
}

#[test]
fn a_changed_screen_would_be_noticed() {
    if is_blessing() {
        return not_run("noticing a change", "the screens are being written");
    }
    let guide = page(&root(GUIDES[0].0));
    let changed = guide.replacen("unsent", "sent", 1);
    assert_ne!(guide, changed);
    let (new, _) = renewed(&changed).expect("screens that can be drawn");
    assert!(difference(&changed, &new).is_some(), "{changed}");
}

#[test]
fn a_screen_that_cannot_come_about_is_an_error() {
    let why = |wish: &str| renewed(&format!("<!-- screen: {wish} -->\n")).expect_err(wish);
    assert!(why("nothing en 80x24").contains("tests/traces/nothing.jsonl"));
    assert!(why("nagle en 80x24 keys: Rihgt").contains("Rihgt"));
    assert!(why("nagle en 80x24 keys: b Enter F9").contains("F9"));
    assert!(why("nagle en 80x24 keys: b Enter y").contains("Nothing"));
    assert!(why("nagle en 80x24 keys: (plays)").contains("nothing plays"));
    assert!(why("nagle en 80x24 keys: Enter").contains("NoVotes"));
    assert!(why("nagle fr 80x24").contains("not understood"));
    assert!(why("short-recv en 80x24 keys: s k + Enter").contains("no run of short-recv"));
    let missing = renewed("<!-- screen: nagle en 80x24 -->\ntext\n").expect("a screen");
    assert!(missing.0.contains("```text\n nagle"), "{}", missing.0);
}
