use super::stage::{DOWN, END, ENTER, ESC, F2, HOME, LEFT, LIST, RIGHT, Stage, position};

/// What the header says of a run that is over.
const OVER: &str = "recorded run";

/// Plays until everything is shown; where the scenario stops it, it is played on.
fn play_to_the_end(stage: &mut Stage) -> usize {
    // As fast as it goes.
    stage.press("+++", "×8");
    let mut halts = 0;
    loop {
        stage.wait_for(|screen| screen.contents().contains("▮▮"), "a halt");
        match stage.position() {
            Some((at, of)) if at == of => break,
            halt => {
                halts += 1;
                // What there is to look at.
                assert!(stage.text().contains("▸ "), "{}", stage.text());
                stage.send(" ");
                stage.wait_for(|screen| position(screen) > halt, "to be played on");
            }
        }
    }
    assert!(halts > 0, "the scenario has its stops");
    stage.at_the_end()
}

#[test]
fn a_lesson_from_the_list_to_the_comparison_and_back() {
    let Some(mut stage) = Stage::list() else {
        return;
    };
    stage.press("Small wri", "Small wri_");
    assert!(!stage.text().contains("short-recv"), "{}", stage.text());
    stage.press(ENTER, "Predict");

    stage.press(ENTER, "Nobody has voted yet");
    stage.press("a", "1 vote");
    stage.press("bb", "2 votes");
    stage.press(ENTER, "left and ACKed");
    assert!(!stage.text().contains("Predict"), "{}", stage.text());
    stage.shows(OVER);
    stage.press("e", "The cause comes when");
    stage.press_away(ESC, "The cause comes when");
    let events = play_to_the_end(&mut stage);
    stage.shows("STUCK");

    stage.press("p", "✓");
    assert!(stage.text().contains("2 votes"), "{}", stage.text());
    stage.press_away(ESC, "✓");
    stage.press_away(LEFT, "STUCK");
    stage.at(events - 1);
    stage.press(RIGHT, "STUCK");
    stage.send(HOME);
    stage.at(0);
    for at in 1..=events {
        stage.send(RIGHT);
        stage.at(at);
    }

    stage.press("k", "[false]");
    stage.press(RIGHT, "[true]");
    stage.press_away(ENTER, "[true]");
    stage.shows(OVER);
    stage.send(END);
    let events = stage.at_the_end();
    stage.press("c", "Compare with");
    stage.press(ENTER, "┌ nodelay=false");
    stage.send(END);
    stage.shows(&format!("nodelay=true  {events}/{events}"));
    stage.press_away("c", "┌ nodelay=false");

    stage.press(F2, "接收方");
    stage.press(ESC, "筛选");
    assert!(stage.text().contains("✓"), "it was run: {}", stage.text());
    stage.press_away(ESC, "筛选 ");
    stage.send(ESC);
    stage.ends_restored(0);
    assert_eq!(stage.text(), "", "nothing is left on the normal screen");
}

#[test]
fn the_question_can_be_skipped_and_everything_has_a_way_back() {
    let Some(mut stage) = Stage::opened("run udp-truncation", &[], "Predict") else {
        return;
    };
    stage.press_away(ESC, "Predict");
    stage.press(ENTER, "First the question");
    stage.press("s", OVER);
    stage.press("?", "play, pause");
    // The mouse stands at its end.
    stage.press(END, "Mouse:");
    stage.press_away(ESC, "Mouse:");
    stage.press(END, "WHOLE");
    for (key, text) in [("k", "[8]"), ("c", "Compare with"), ("e", "Why")] {
        stage.press(key, text);
        stage.press_away(ESC, text);
    }
    stage.press(ESC, LIST);
    stage.press(DOWN, "▸   empty-message");
    stage.send(ESC);
    stage.ends_restored(0);
}

#[test]
fn a_number_is_typed_and_one_that_may_not_be_is_refused() {
    // With this value there is no question.
    let Some(mut stage) = Stage::opened("run udp-truncation --set buffer=16", &[], "buffer=16") else {
        return;
    };
    stage.press("k", "[16]");
    stage.press("3", "[3_]");
    stage.press(ENTER, "it may be 4..2048");
    stage.press("0", "[30]");
    stage.press(ENTER, OVER);
    stage.send(END);
    stage.at_the_end();
    stage.shows("recv(30)");
    stage.send(super::stage::QUIT);
    stage.ends_restored(0);
}
