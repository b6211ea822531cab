//! What bytes stand for: text in the encoding that wrote it, and everything else as bytes.

use crate::support::{file, lab, lab_line, scenario};

#[test]
fn bytes_of_gbk_are_shown_as_what_they_are() {
    let run = lab_line("run half-character --set encoding=gbk --set cut=3 --no-tui").exits(0);
    assert!(run.stdout.contains("m1 send \"粘包\" → 4"), "{}", run.stdout);
    // The read ends inside the second character: the first is one, and b0 is none.
    assert!(run.stdout.contains("d5 b3 b0  粘·"), "{}", run.stdout);
    // U+0573, of the Armenian script, is what UTF-8 would make of it.
    assert!(!run.stdout.contains('\u{573}'), "{}", run.stdout);
    // A second byte below 80 is no letter of ASCII: 81 40 is 丂.
    let steps = "steps = [{ sender.send_text = \"丂\" }, { sender.close = true }, { receiver.read_text = 1 }]\n\n\
                 [text]\nencoding = \"gbk\"\n[[expect]]\nread = { number = 1, hex = \"8140\" }\n";
    let (_folder, path) = file("mine.toml", scenario("tcp", steps));
    let run = lab(["run", &path, "--no-tui"]).exits(1);
    assert!(run.stdout.contains("m1 send \"丂\" → 2"), "{}", run.stdout);
    assert!(!run.stdout.contains('@'), "{}", run.stdout);
}

#[test]
fn what_a_claim_says_of_a_read_is_in_its_encoding() {
    let steps = "steps = [{ sender.send_text = \"粘包\" }, { sender.close = true }, { receiver.read_text = 9 }]\n\n\
                 [text]\nencoding = \"gbk\"\n[[expect]]\nread = { number = 1, hex = \"d5b3\" }\n\
                 [[expect]]\nread = { number = 1, hex = \"d5b3b0fc\" }\n";
    let (_folder, path) = file("mine.toml", scenario("tcp", steps));
    let run = lab(["run", &path, "--no-tui"]).exits(1);
    assert!(
        run.stdout.contains("read 1 returned \"粘包\"; expected \"粘\""),
        "{}",
        run.stdout
    );
}

#[test]
fn binary_values_are_no_letters_although_their_bytes_would_be() {
    // 1635017060 is 61 74 6d 64.
    let steps = "steps = [{ sender.send_packed = \"f\" }, { receiver.read_packed = \"f\" }]\n\n\
                 [formats.f]\nformat = \"!I4s\"\nvalues = [1635020132, \"粘\"]\n\
                 [[expect]]\nread = { number = 1, hex = \"00\" }\n";
    let (_folder, path) = file("mine.toml", scenario("tcp", steps));
    let run = lab(["run", &path, "--no-tui"]);
    assert!(run.stdout.contains("send 61 74 6d 64 e7 b2 98 00"), "{}", run.stdout);
    assert!(
        run.stdout.contains("returned 61 74 6d 64 e7 b2 98 00"),
        "{}",
        run.stdout
    );
}

#[test]
fn two_bytes_of_a_binary_message_are_no_letter() {
    // d7 90 is a letter of the Hebrew script; ff is in no text, and it is read on its own.
    let steps = "steps = [{ sender.send = { hex = \"ffd790\" } }, { receiver.recv = 1 }, { receiver.recv = 2 }]\n\n\
                 [[expect]]\nread = { number = 2, hex = \"d790\" }\n";
    let (_folder, path) = file("mine.toml", scenario("tcp", steps));
    let run = lab(["run", &path, "--no-tui"]).exits(0);
    assert!(run.stdout.contains("m1 send ff d7 90 → 3"), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{5d0}'), "{}", run.stdout);
    assert!(run.stdout.contains("read 2 returned d7 90"), "{}", run.stdout);
}
