use super::stage::{END, LIST, QUIT, Stage};

/// The last column of the time strip on 80 columns: the rightmost one but the frame's margin.
const STRIP_END: u16 = 77;

#[test]
fn a_click_chooses_a_second_one_opens() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    let at = stage.find("short-recv");
    assert!(!stage.text().contains("▸   short-recv"), "{}", stage.text());
    stage.click(at);
    stage.shows("▸   short-recv");
    stage.click(at);
    stage.shows("Predict");
    // An option is voted for, and what stands in the footer is pressed.
    stage.click(stage.find("▸ a  "));
    stage.shows("1 vote");
    stage.click(stage.find("skip  "));
    stage.shows("recorded run");
    stage.click(stage.find("back"));
    stage.shows(LIST);
    stage.click(stage.find("quit"));
    stage.ends_restored(0);
}

#[test]
fn the_strip_is_clicked_and_dragged_and_a_byte_tells_its_journey() {
    let Some(mut stage) = Stage::opened("run nagle", &[], "Predict") else {
        return;
    };
    stage.press("s", "recorded run");
    stage.press(END, "STUCK");
    let (row, column) = stage.find(" send  ●");
    let (first, last) = ((row, column + 7), (row, STRIP_END));
    stage.mouse(0, last, false);
    let events = stage.at_the_end();
    stage.mouse(32, first, false);
    stage.at(1);
    stage.mouse(32, last, false);
    stage.at(events);
    // Beyond its ends it is held.
    stage.mouse(32, (row, 0), false);
    stage.at(1);
    stage.mouse(0, first, true);
    // Let go: a move means nothing any more, and the key that follows finds the place unchanged.
    stage.mouse(32, last, false);
    stage.press("t", "every event the same width");
    assert_eq!(stage.position(), Some((1, events)));

    stage.send(END);
    stage.shows("STUCK");
    let (row, column) = stage.find("h e l l o e g g");
    stage.click((row, column + 2 * 6));
    stage.shows("The journey of a byte");
    stage.shows("m2");
    stage.send(QUIT);
    stage.ends_restored(0);
}

#[test]
fn the_wheel_goes_event_by_event() {
    let Some(mut stage) = Stage::opened("run nagle", &[], "Predict") else {
        return;
    };
    stage.press("s", "recorded run");
    stage.send(END);
    let events = stage.at_the_end();
    stage.mouse(64, (10, 10), false);
    stage.at(events - 1);
    stage.mouse(65, (10, 10), false);
    stage.at(events);
    stage.send(QUIT);
    stage.ends_restored(0);
}
