use super::stage::{END, ENTER, ESC, LEFT, QUIT, Stage};
use crate::scenarios::HANGS;
use crate::support::{file, measures_everything, scenario};

#[test]
fn every_step_waits_for_a_key_and_the_kernel_does_not() {
    let Some(mut stage) = Stage::large("run nagle --stepped", "Predict") else {
        return;
    };
    stage.press("s", "Step 1 of 5");
    assert_eq!(stage.position(), Some((0, 0)), "nothing was called: {}", stage.text());
    stage.press("n", "Step 2 of 5");
    assert!(stage.text().contains("m1 send"), "{}", stage.text());
    if measures_everything() {
        // Nobody presses a key: the receiver's kernel gives up waiting for data to send the ACK along with.
        stage.shows("ACK m1");
        stage.shows("STEPPING");
    }
    // To look back does not let it go, and the key that does goes to what is new.
    stage.at_the_end();
    stage.send(LEFT);
    stage.wait_for(
        |screen| screen.contents().contains("Step 2 of 5") && !screen.contents().contains("ACK m1"),
        "one event back",
    );
    stage.press("n", "m2 send");
    stage.shows("Step 3 of 5");
    // Enter does the same.
    stage.press(ENTER, "Step 4 of 5");
    stage.press("n", "Step 5 of 5");
    stage.press("n", "stepped run");
    stage.at_the_end();
    stage.shows("STUCK");
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn a_stepped_run_is_begun_from_a_run_that_is_over() {
    let Some(mut stage) = Stage::large("run short-recv", "Predict") else {
        return;
    };
    stage.press("a", "1 vote");
    stage.press(ENTER, "recorded run");
    stage.press("s", "Step 1 of");
    stage.press("n", "Step 2 of");
    // Another run ends this one.
    stage.press("s", "Step 1 of");
    stage.press("n", "Step 2 of");
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn a_run_that_hangs_is_named() {
    let (_folder, path) = file("mine.toml", scenario("tcp", HANGS));
    let Some(mut stage) = Stage::opened(&format!("run {path}"), &[], "Mine") else {
        return;
    };
    stage.press(ENTER, "stopped by the lab");
    stage.send(END);
    stage.at_the_end();
    stage.shows("receiver waits in recv");
    stage.press("e", "What was found");
    stage.press_away(ESC, "What was found");
    // Held before each step it hangs just as well: what no permit helps is not held.
    stage.press("s", "Step 1 of 3");
    stage.press("n", "Step 2 of 3");
    stage.press("n", "Step 3 of 3");
    stage.press("n", "stepped run");
    stage.at_the_end();
    stage.shows("receiver waits in recv");
    stage.send(QUIT);
    stage.ends_restored(0);
}

/// The server gives its client a second; a teacher takes longer between two steps.
#[test]
fn no_deadline_of_a_program_passes_while_a_step_waits_for_a_key() {
    let Some(mut stage) = Stage::large("run auth --stepped", "Predict") else {
        return;
    };
    stage.press("s", "Step 1 of 6");
    stage.press("n", "Step 2 of 6");
    std::thread::sleep(std::time::Duration::from_millis(1300));
    for step in 3..=6 {
        stage.press("n", &format!("Step {step} of 6"));
    }
    stage.press("n", "stepped run");
    stage.press("e", "What was found");
    stage.shows("client-1 noted: answers with the key, was accepted");
    stage.send(QUIT);
    stage.ends_restored(0);
}
