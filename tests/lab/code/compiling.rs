use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::code::{Language, listing};

use super::super::support::{Done, cases, not_run, run};
use super::{LANGS, odd_plans, plan};

/// The compiler beside the cargo that built this test.
pub(super) fn rustc() -> Option<PathBuf> {
    let rustc = Path::new(env!("CARGO")).with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX));
    rustc.is_file().then_some(rustc)
}

/// Programs as modules of one file, so that one run of the compiler looks at them all.
pub(super) fn modules(programs: &BTreeSet<String>) -> String {
    let mut file = String::new();
    for (number, program) in programs.iter().enumerate() {
        let program = program.replacen("\nfn main()", "\npub fn main()", 1);
        write!(file, "pub mod p{number} {{\n{program}}}\n").expect("a string takes everything");
    }
    file
}

/// Has the compiler look at them; a warning is an error.
fn compile(rustc: &Path, programs: &BTreeSet<String>) -> Done {
    let folder = tempfile::tempdir().expect("make a folder");
    let source = folder.path().join("programs.rs");
    std::fs::write(&source, modules(programs)).expect("write a file");
    let mut command = Command::new(rustc);
    command.current_dir(folder.path()).arg(&source);
    command.args([
        "--edition",
        "2024",
        "--crate-type",
        "lib",
        "--emit=metadata",
        "-D",
        "warnings",
    ]);
    run(command)
}

fn programs() -> BTreeSet<String> {
    let plans = cases().iter().map(plan).chain(odd_plans()).collect::<Vec<_>>();
    let listings = LANGS
        .iter()
        .flat_map(|lang| plans.iter().map(|plan| listing(plan, Language::Rust, *lang)));
    listings
        .flat_map(|listing| listing.sides)
        .map(|side| side.text())
        .collect()
}

#[test]
fn every_program_in_rust_compiles() {
    let Some(rustc) = rustc() else {
        return not_run("the programs in Rust", "there is no rustc beside cargo");
    };
    let done = compile(&rustc, &programs());
    assert_eq!(done.code, 0, "{}", done.stderr);
}

#[test]
fn a_program_that_does_not_compile_would_be_noticed() {
    let Some(rustc) = rustc() else {
        return not_run("a broken program in Rust", "there is no rustc beside cargo");
    };
    let good = programs().pop_first().expect("a program");
    for broken in [
        good.replacen("?;", "?", 1),
        good.replacen("Ok(())", "let unused = 1;\nOk(())", 1),
    ] {
        assert_ne!(broken, good);
        assert_ne!(compile(&rustc, &BTreeSet::from([broken])).code, 0);
    }
}
